import Foundation
import Koji
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

/// Events as lines of JSON: what is written is read again, what is damaged says so.
@Suite("Events as JSON")
struct EventRecordTests {
    static func text(_ event: ScheduleEvent, at seconds: Double = 1_767_312_000.25) -> String {
        let line = JSONWriter.line(EventRecord.json(JournalEntry(instant: Instant(seconds: seconds), event: event)))
        return String(decoding: line, as: UTF8.self)
    }

    static func read(_ text: String) throws -> JournalEntry? {
        try EventRecord.read(JSONReader.read(Array(text.utf8), name: "line"))
    }

    @Test("every event is the same after it was written and read, whatever is in it")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var events = RandomEvents(random: SeededGenerator(seed: seed))
        for turn in 0..<RandomEvents.kinds * 150 {
            let entry = JournalEntry(instant: events.time(), event: events.event(turn))
            let line = JSONWriter.line(EventRecord.json(entry))
            #expect(line.count { $0 == UInt8(ascii: "\n") } == 1, "seed \(seed): one line an event")
            let again = try EventRecord.read(try JSONReader.read(line, name: "line"))
            #expect(again == entry, "seed \(seed), event \(turn)")
        }
    }

    @Test("every event's exact line is that of the fixture")
    func exact() throws {
        let url = Checkout.fixtures.appendingPathComponent("events/events.jsonl")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { "\($0)\n" }
        #expect(Self.examples.count == lines.count)
        for (event, line) in zip(Self.examples, lines) {
            #expect(Self.text(event) == line)
            #expect(try Self.read(line)?.event == event)
        }
    }

    @Test("the fixture has every event that can be written down")
    func allKinds() {
        var events = RandomEvents(random: SeededGenerator(seed: 1))
        let all = Set((0..<RandomEvents.kinds).map { EventRecord.name(events.event($0)) }).subtracting(["time-passed"])
        #expect(Set(Self.examples.map(EventRecord.name)) == all)
    }

    @Test(
        "what a newer program tells is left out, members that are not known too",
        arguments: [#"{"event": "levitated", "time": 1.0, "task": 7}"#, #"{"event": "run", "time": 1}"#])
    func unknown(line: String) throws {
        #expect(try Self.read(line) == nil)
        #expect(
            try Self.read(#"{"event": "unsent", "task": "V/a/raw", "time": 1, "moon": {"phase": [1]}}"#)?.event
                == .unsent(ImageTaskID("V/a/raw")))
    }

    @Test(
        "a damaged event says what is wrong with it",
        arguments: [
            (#"{"event": "unsent", "task": "a"}"#, "time"),
            (#"{"event": "unsent", "task": "a", "time": "now"}"#, "time"),
            (#"{"time": 1}"#, "event"),
            (#"{"event": "unsent", "time": 1}"#, "task"),
            (#"{"event": "submitted", "task": "a", "hub_task": "7", "time": 1}"#, "hub_task"),
            (#"{"event": "answer-lost", "task": "a", "was_done": 1, "time": 1}"#, "was_done"),
            (#"{"event": "looked-up", "task": "a", "found": [1, "2"], "time": 1}"#, "found"),
            (#"{"event": "retry-requested", "tasks": ["a", 1], "release": null, "time": 1}"#, "tasks"),
            (#"{"event": "retry-requested", "tasks": ["a"], "release": 2, "time": 1}"#, "release"),
            (#"{"event": "submitting", "task": "a", "attempt": 1, "arches": [], "after": "x", "time": 1}"#, "after"),
            (#"{"event": "refused", "task": "a", "failure": {"kind": "bored", "message": ""}, "time": 1}"#, "kind"),
            (#"{"event": "refused", "task": "a", "failure": "no", "time": 1}"#, "kind"),
            (#"{"event": "observed", "tasks": [{"id": "a", "state": "ASLEEP", "arches": []}], "time": 1}"#, "ASLEEP"),
            (#"{"event": "observed", "tasks": {}, "time": 1}"#, "tasks"),
            (#"{"event": "stopping", "stop": {"because": "rain"}, "time": 1}"#, "rain"),
            (#"{"event": "stopping", "stop": {"because": "signal", "number": 4294967311}, "time": 1}"#, "number"),
            (#"{"event": "collected", "task": "a", "images": [{}], "missing": {}, "time": 1}"#, "hub_task"),
            (#"{"event": "collected", "task": "a", "images": [], "missing": [], "time": 1}"#, "missing"),
            (#"{"event": "waiting", "tasks": [], "time": 1}"#, "tasks"),
            ("[]", "time"), ("7", "time"),
        ])
    func damaged(line: String, word: String) throws {
        let failure = #expect(throws: EventRecord.Unreadable.self) { try Self.read(line) }
        #expect(failure?.description.contains(word) == true, "\(failure?.description ?? "nothing")")
    }

    @Test("nothing that is cut off or altered makes a reader crash, and nothing is taken for another event")
    func cut() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for event in Self.examples {
            let line = Array(Self.text(event).utf8)
            for length in 0..<line.count - 2 {
                #expect(throws: (any Error).self) { try JSONReader.read(Array(line[..<length]), name: "line") }
            }
            for _ in 0..<50 {
                var altered = line
                altered[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0x20...0x7e, using: &random)
                guard let value = try? JSONReader.read(altered, name: "line") else { continue }
                // Read or refused: both are answers.
                _ = try? EventRecord.read(value)
            }
        }
    }
}

extension EventRecordTests {
    static let image = ImageTaskID("IoT/Fedora-IoT/raw-xz")
    static let cause = FailureCause(
        rule: "loop-device", kind: .builder, remedy: "look at the builder",
        evidence: "losetup: cannot find a loop device")
    static let failure = TaskFailure(
        kind: .failed, message: "task 118000001 failed", url: "https://koji.example.org/koji/taskinfo?taskID=118000001",
        cause: cause)
    static let arch = ArchObservation(
        arch: "x86_64", id: TaskID(118_000_002), state: .closed, host: "builder1.example.org", started: 1_767_312_010,
        ended: 1_767_312_900.5)

    /// One or more of each event: fixtures/events/events.jsonl shows readers what docs/events.md tells.
    static let examples: [ScheduleEvent] = [
        .planned([
            ScheduledTask(
                id: image, arches: ["aarch64", "x86_64"], failableArches: ["aarch64"], target: "f44", priority: 5,
                deadline: 14_400, attempts: 3),
            ScheduledTask(
                id: ImageTaskID("IoT/Fedora-IoT/raw-xz-2"), arches: ["x86_64"], failableArches: [], target: "f44",
                isScratch: true),
        ]),
        .resumed(by: "host.example.org, process 4711"),
        .stopRequested(.requiredImageFailed(image)),
        .stopRequested(.signal(15)),
        .stopRequested(.leaving),
        .stopRequested(.deadline(86_400)),
        .stopRequested(.cancelRequested(by: "jane")),
        .stopRequested(.hubUnusable("offline for too long")),
        .stopRequested(.composeUnusable("no space left on device")),
        .ended,
        .submitting(image, Attempt(arches: ["aarch64", "x86_64"]), after: nil),
        .submitting(
            image, Attempt(number: 2, arches: ["aarch64"], release: "20260102.n.1"), after: TaskID(118_000_000)),
        .submitted(image, TaskID(118_000_001)),
        .adopted(image, TaskID(118_000_001)),
        .refused(image, TaskFailure(kind: .refused, message: "the hub refuses the task: no permission")),
        .unsent(image),
        .answerLost(image, wasDone: true),
        .lookedUp(image, found: [TaskID(118_000_001)]),
        .lookUpFailed(image, reason: "offline for too long"),
        .observed([
            TaskObservation(
                task: image, state: .open, host: "builder2.example.org", started: 1_767_312_005,
                arches: [arch, ArchObservation(arch: "aarch64", id: TaskID(118_000_003), state: .free)])
        ]),
        .explained([image: .noBuilder(arch: "aarch64")]),
        .explained([image: .channelFull(arch: "aarch64")]),
        .explained([image: .noRepository(tag: "f44-build")]),
        .explained([image: .queued]),
        .explained([image: .ourLimit("tasks on aarch64", 4)]),
        .explained([image: .backOff(until: Instant(seconds: 1_767_312_060), attempt: 2)]),
        .diagnosed(image, Diagnosis(failure, arches: [arch], chance: 0.5)),
        .diagnosed(
            image,
            Diagnosis(
                TaskFailure(kind: .canceledOnHub, message: "task 118000001 was canceled on the hub, not by this run"),
                untagged: "tag it with: koji tag-build f44 Fedora-IoT-44-20260102.n.0")),
        .overdue(image),
        .collected(
            image,
            images: [
                CollectedImage(
                    task: image, hubTask: TaskID(118_000_001), archTask: TaskID(118_000_002), variant: "IoT",
                    subvariant: "IoT", arch: "x86_64", type: "raw-xz", format: "raw.xz",
                    path: "IoT/x86_64/images/Fedora-IoT-44.x86_64.raw.xz", size: 734_003_200, mtime: 1_767_312_899,
                    checksums: ["sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
                    nvr: "Fedora-IoT-44-20260102.n.0", buildID: 2_700_001,
                    source: "packages/Fedora-IoT/44/20260102.n.0/images/Fedora-IoT-44.x86_64.raw.xz")
            ],
            missing: ["aarch64": TaskFailure(kind: .missingArch, message: "task 118000003 is FAILED")]),
        .notCollected(image, TaskFailure(kind: .notCollected, message: "404 Not Found")),
        .retryRequested([image], release: "20260102.n.1"),
        .retryRequested([image], release: nil),
        .cancelAnswered(image, failure: nil),
        .cancelAnswered(image, failure: "it is not canceled yet"),
    ]
}
