import ArgumentParser
import ComposePhase
import Glibc
import ProductMD

/// `status COMPOSE_DIR`: how far a run is, from any shell or host that sees its directory.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell how far a run is; from another shell or host.",
        discussion: """
            Reads the plan, events.jsonl and the lock file of the compose directory, and touches nothing; --watch goes on \
            until the run ends, or its process is gone.
            Exit status: 0; with --watch 0 when the run ended as FINISHED or FINISHED_INCOMPLETE and 1 when it ended \
            otherwise or its process is gone; 2 usage error; 5 there is no run in the directory, or it cannot be read.
            """)

    @Option(help: "text for people, json or yaml for programs; with --watch, json is one document a line.")
    var format: OutputFormat = .text

    @Flag(help: "Show it anew whenever something changes, until the run ends.")
    var watch = false

    @Flag(help: "One line, for a chat channel.")
    var oneLine = false

    @Option(
        help: ArgumentHelp(
            "Estimate from this events.jsonl or compose directory; else from composes beside this one. Repeatable.",
            valueName: "path"))
    var history: [String] = []

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var composeDirectory: String

    func validate() throws {
        if oneLine, format != .text { throw ValidationError("--one-line is text; leave out --format.") }
        if watch, format == .yaml { throw ValidationError("--watch goes with --format text or json.") }
    }

    func run() async throws {
        var reader = try StatusReader(directory: Paths.absolute(composeDirectory), history: history)
        guard watch else {
            let report = try reader.report()
            switch format {
            case .text where oneLine: print(TerminalText.safe(report.oneLine))
            case .text: StatusText.lines(report).forEach { print($0) }
            case .json: DocumentPrinter.json(report.json)
            case .yaml: try DocumentPrinter.yaml(report.json)
            }
            return
        }
        let last = try await follow(&reader)
        let isGood = last.record.ending.map { [.finished, .finishedIncomplete].contains($0.status) } ?? false
        if !isGood { throw VerbFailure(.phaseFailed) }
    }

    // MARK: Watching

    /// Shows the run until nothing more will happen.
    private func follow(_ reader: inout StatusReader) async throws -> StatusReport {
        let clock = SystemClock()
        let isDrawn = format == .text && !oneLine && Console.canMoveCursor(STDOUT_FILENO)
        let signals = await SignalWatch()
        signals.onSignal { number in
            Console.endScreen()
            _exit(128 + number)
        }
        let screen = LiveScreen(descriptor: STDOUT_FILENO)
        if isDrawn { Console.show(screen) }
        defer { Console.endScreen() }
        var said = ""
        while true {
            let report = try reader.report()
            if isDrawn {
                screen.draw { columns, rows in StatusText.lines(report, columns: columns, rows: rows) }
            } else {
                let text = format == .json ? reader.line(report) : TerminalText.safe(report.oneLine)
                // A program wants to know what changed; times alone are no change.
                if reader.isChanged || said.isEmpty, text != said {
                    print(text)
                    fflush(nil)
                    said = text
                }
            }
            if report.isOver { return report }
            try await clock.sleep(seconds: 1)
        }
    }
}

/// Reads what a compose directory tells of its run, again and again.
struct StatusReader {
    private let layout: ComposeLayout
    private let plan: PhasePlan?
    private var follower: EventsFollower
    private var history: Estimates?
    private let paths: [String]
    private var stage: StatusReport.Stage?
    /// Whether anything happened since the report before.
    private(set) var isChanged = false

    /// - Throws: ``VerbFailure`` 5 where there is no run, 2 for a history that is none.
    init(directory: String, history paths: [String]) throws {
        layout = ComposeLayout(top: directory)
        guard AtomicFile.isDirectory(directory) else {
            throw VerbFailure(.composeUnusable, "there is no directory \(directory)")
        }
        let hasEvents = AtomicFile.exists(layout.path(ComposeLayout.events))
        do {
            let path = layout.path(ComposeLayout.plan)
            plan = try AtomicFile.read(path).map { try PlanDocument.decode(try JSONReader.read($0, name: path)) }
        } catch let failure where !hasEvents {
            throw VerbFailure(.composeUnusable, String(describing: failure))
        } catch {
            // The events alone tell what is needed.
            plan = nil
        }
        guard plan != nil || hasEvents else {
            throw VerbFailure(
                .composeUnusable,
                "no run of phase-runner in \(directory): there is neither \(ComposeLayout.events) nor"
                    + " \(ComposeLayout.plan); name the directory of the compose itself")
        }
        follower = EventsFollower(path: layout.path(ComposeLayout.events))
        self.paths = paths
    }

    /// How it is now.
    mutating func report() throws -> StatusReport {
        let isNew: Bool
        do {
            isNew = try follower.readOn()
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
        let now = SystemClock().now()
        var record = follower.record
        if record.isEmpty, let plan {
            var planned = FollowedRun(planned: plan.tasks.map { $0.scheduled(by: SchedulePolicy()) }, at: now)
            planned.takeProcesses(of: record)
            record = planned
        }
        let report = StatusReport(
            compose: plan?.compose.id ?? layout.top, directory: layout.top, record: record, lockOwner: lockOwner,
            life: { $0.life }, estimates: try estimates(for: record), now: now)
        isChanged = isNew || report.stage != stage
        stage = report.stage
        return report
    }

    /// One document on one line.
    func line(_ report: StatusReport) -> String {
        String(decoding: JSONWriter.line(report.json).dropLast(), as: UTF8.self)
    }

    private var lockOwner: RunOwner? {
        let path = layout.path(ComposeLayout.lock)
        guard let bytes = (try? AtomicFile.read(path, limit: 64 << 10)) ?? nil,
            let value = try? JSONReader.read(bytes, name: path)
        else { return nil }
        return RunOwner(lock: value)
    }

    /// Read once: other composes do not change while one looks at this one.
    private mutating func estimates(for record: FollowedRun) throws -> Estimates {
        if let history { return history }
        let isRehearsal =
            record.identity?.isRehearsal ?? AtomicFile.exists(layout.path(ComposeLayout.rehearsal))
        let read: History
        do {
            read =
                paths.isEmpty
                ? History.beside(
                    compose: layout.top, releaseShort: record.identity?.releaseShort ?? plan?.compose.releaseShort,
                    isRehearsal: isRehearsal)
                : try History.load(paths: paths.map(Paths.absolute), isRehearsal: isRehearsal)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
        history = read.estimates
        return read.estimates
    }
}
