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
        var reader = try describing { () throws(StatusReader.Failure) in
            try StatusReader(directory: Paths.absolute(composeDirectory), history: history.map(Paths.absolute))
        }
        guard watch else {
            let report = try describing { () throws(StatusReader.Failure) in try reader.report() }
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

    /// What keeps a run from being read, as this verb ends with it.
    private func describing<Value>(_ body: () throws(StatusReader.Failure) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw VerbFailure(error.isOfHistory ? .invalid : .composeUnusable, error.description)
        }
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
            let report = try describing { () throws(StatusReader.Failure) in try reader.report() }
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
