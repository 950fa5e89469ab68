import ComposePhase
import PhaseStore
import Testing

@testable import PhaseService

@Suite("What follows the end of a run's process")
struct RunWorkTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let title: String
        var wish = StoredRun.Wish.run
        var exit: Int?
        var hasBegun = true
        var ending: ComposeStatus?
        var isStopping = false
        var deaths = 0
        let expected: RunWork.Next
        var testDescription: String { title }
    }

    static let cases = [
        Case(title: "good", exit: 0, ending: .finished, expected: .over(status: "FINISHED", reason: nil)),
        Case(
            title: "good without what may fail", exit: 0, ending: .finishedIncomplete,
            expected: .over(status: "FINISHED_INCOMPLETE", reason: nil)),
        Case(
            title: "incomplete, which was to count as failed", exit: 3, ending: .finishedIncomplete,
            expected: .over(status: "FINISHED_INCOMPLETE", reason: "words")),
        Case(title: "failed", exit: 1, ending: .doomed, expected: .over(status: "DOOMED", reason: "words")),
        Case(
            title: "good, seen by a service that did not begin it", exit: nil, ending: .finished,
            expected: .over(status: "FINISHED", reason: nil)),
        Case(
            title: "bad, seen by a service that did not begin it", exit: nil, ending: .doomed,
            expected: .over(status: "DOOMED", reason: "words")),
        Case(title: "a bad configuration", exit: 2, hasBegun: false, expected: .over(status: nil, reason: "words")),
        Case(title: "no hub before it began", exit: 4, hasBegun: false, expected: .over(status: nil, reason: "words")),
        Case(title: "killed", exit: 137, expected: .goesOn(reason: "its process was killed (137)")),
        Case(title: "crashed", exit: 139, deaths: 2, expected: .goesOn(reason: "its process was killed (139)")),
        Case(title: "killed again and again", exit: 137, deaths: 3, expected: .over(status: nil, reason: "words")),
        Case(title: "gone with an earlier service", exit: nil, expected: .goesOn(reason: "its process is gone")),
        Case(
            title: "left for the next start", exit: 143, ending: .started, isStopping: true,
            expected: .rests(reason: "the service was stopped")),
        Case(
            title: "ended before it began, by our stop", exit: 143, hasBegun: false, isStopping: true,
            expected: .rests(reason: "the service was stopped")),
        Case(
            title: "ended by somebody's SIGTERM", exit: 143, ending: .started,
            expected: .goesOn(reason: "its process was ended")),
        Case(
            title: "ended by somebody before it began", exit: 143, hasBegun: false,
            expected: .over(status: nil, reason: "ended by a signal")),
        Case(
            title: "canceled by our stop, as the settings say", exit: 143, ending: .terminated, isStopping: true,
            expected: .over(status: "TERMINATED", reason: "words")),
        Case(
            title: "canceled while nobody worked on it", wish: .cancel, exit: 0, ending: .terminated,
            expected: .over(status: "TERMINATED", reason: "canceled")),
        Case(
            title: "not all of it could be canceled", wish: .cancel, exit: 1, ending: .terminated,
            expected: .over(status: "TERMINATED", reason: "words")),
    ]

    @Test("by a table", arguments: cases)
    func next(_ row: Case) {
        var run = StoredRun(request: "{}", requested: 0, requestedBy: "kevin")
        run.wish = row.wish
        let next = RunWork.next(
            run, exit: row.exit, hasBegun: row.hasBegun, ending: row.ending, isStopping: row.isStopping,
            deaths: row.deaths, lastWords: "words")
        #expect(next == row.expected)
    }

    @Test("all complaints of a process are its last words, else its last line")
    func lastWords() {
        func words(_ text: String) -> String? { RunWork.lastWords(of: Array(text.utf8)) }
        #expect(words("") == nil)
        #expect(words("one\ntwo\n") == "two")
        #expect(words("a:1:1: error: one\nnote\nerror: two\nend\n") == "a:1:1: error: one\nerror: two")
        #expect(words("\u{1B}[31merror: red\u{7}\n") == "[31merror: red")
        let failed = "FAILED, required:  Minimal/a: the log says why\nstopped: the required image Minimal/a failed"
        #expect(words("\(failed)\nstatus:  DOOMED\n\n0 images of 1 task\n") == failed)
        let many = (0..<50).map { "error: \($0)" }.joined(separator: "\n")
        #expect(words(many)?.split(separator: "\n").count == 8)
        #expect((words("error: " + String(repeating: "x", count: 10_000))?.count ?? 0) <= 500)
    }

    @Test("each wish has its command line")
    func commands() {
        var settings = ServiceSettings(stateDirectory: "/state", workingDirectory: "/configs")
        settings.profiles = ["koji"]
        settings.onStop = .cancel
        settings.notificationScripts = ["/usr/bin/tell"]
        var request = RunRequest(config: "/configs/iot.conf", target: "composes")
        request.newRelease = "2"
        var run = StoredRun(request: request.stored, requested: 0, requestedBy: "kevin")
        func line() -> String { RunWork.arguments(run, request, settings, note: "/note").joined(separator: " ") }
        #expect(
            line() == "run /configs/iot.conf --target-dir=/state/composes --koji-profile=koji --on-term=cancel"
                + " --notification-script=/usr/bin/tell --note-compose=/note")
        run.directory = "/c/IoT"
        run.wish = .resume
        #expect(line() == "resume /c/IoT --koji-profile=koji --on-term=cancel --notification-script=/usr/bin/tell")
        run.wish = .retry
        #expect(line().hasPrefix("resume /c/IoT --retry-failed --new-release=2 "))
        run.wish = .cancel
        #expect(line() == "cancel /c/IoT --koji-profile=koji")
    }
}
