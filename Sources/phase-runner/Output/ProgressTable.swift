import ComposePhase
import Koji

/// Progress on a terminal: one line an image, drawn over itself.
actor ProgressTable: ScheduleObserver {
    private var drawnLines = 0
    private let colours: Bool
    private let title: String

    init(title: String, colours: Bool) {
        self.title = title
        self.colours = colours
    }

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let (columns, rows) = Console.size
        draw(Self.lines(state, title: title, columns: columns, rows: rows - 1, colours: colours))
        // What went wrong stays on the screen above the table.
        switch event {
        case .diagnosed(let id, let diagnosis):
            erase()
            Console.line("\(id): \(Colour.red.paint("FAILED", if: colours)): \(diagnosis.failure)")
            draw(Self.lines(state, title: title, columns: columns, rows: rows - 1, colours: colours))
        case .refused(let id, let failure), .notCollected(let id, let failure):
            erase()
            Console.line("\(id): \(Colour.red.paint("FAILED", if: colours)): \(failure)")
            draw(Self.lines(state, title: title, columns: columns, rows: rows - 1, colours: colours))
        case .stopRequested(let reason):
            erase()
            Console.line("stopping: \(reason.sentence)")
            draw(Self.lines(state, title: title, columns: columns, rows: rows - 1, colours: colours))
        default: break
        }
    }

    private func erase() {
        guard drawnLines > 0 else { return }
        Console.raw("\u{1B}[\(drawnLines)A\u{1B}[J")
        drawnLines = 0
    }

    private func draw(_ lines: [String]) {
        erase()
        Console.raw(lines.map { $0 + "\n" }.joined())
        drawnLines = lines.count
    }

    /// The table as it fits the screen: what is unfinished goes first when not all lines fit.
    static func lines(
        _ state: ScheduleState, title: String, columns: Int, rows: Int, colours: Bool
    ) -> [String] {
        let settled = state.progress.count { $0.phase.isSettled }
        var lines = [
            clipped("\(title)  \(settled) of \(state.count) tasks ended", to: columns)
        ]
        var shown = state.progress
        let room = max(1, rows - 2)
        if shown.count > room {
            shown.sort { rank($0.phase) < rank($1.phase) }
            shown = Array(shown.prefix(room))
        }
        let width = min(shown.map { $0.task.id.text.count }.max() ?? 0, max(20, columns / 2))
        for progress in shown {
            let name = clipped(progress.task.id.text, to: width)
            let (word, colour) = describe(progress.phase)
            let number = progress.phase.hubTask.map { "task \($0)" } ?? ""
            let arches = progress.arches.values.sorted { $0.arch < $1.arch }
                .map { "\($0.arch) \($0.state.name.lowercased())" }.joined(separator: "  ")
            let plain = padded(name, width) + "  " + padded(word, 12) + "  " + padded(number, 10) + "  " + arches
            let fitting = clipped(plain, to: columns)
            lines.append(
                fitting.count == plain.count
                    ? padded(name, width) + "  " + colour.paint(padded(word, 12), if: colours) + "  "
                        + padded(number, 10) + "  " + arches
                    : fitting)
        }
        if shown.count < state.count { lines.append("... and \(state.count - shown.count) more") }
        return lines
    }

    private static func rank(_ phase: TaskPhase) -> Int {
        switch phase {
        case .failed, .notCancelled: 0
        case .running(_, .open), .collecting, .diagnosing, .ended: 1
        case .running, .submitting, .lost, .cancelling: 2
        case .waiting: 3
        case .done, .cancelled: 4
        }
    }

    static func describe(_ phase: TaskPhase) -> (String, Colour) {
        switch phase {
        case .waiting: ("waiting", .dim)
        case .submitting: ("submitting", .dim)
        case .lost: ("looking", .yellow)
        case .running(_, let state): (state.name.lowercased(), state == .open ? .blue : .dim)
        case .diagnosing: ("failing", .red)
        case .ended: ("built", .blue)
        case .collecting: ("collecting", .blue)
        case .done(_, _, let missing): missing.isEmpty ? ("done", .green) : ("done, gaps", .yellow)
        case .failed: ("FAILED", .red)
        case .cancelled: ("canceled", .yellow)
        case .cancelling: ("canceling", .yellow)
        case .notCancelled: ("STILL RUNS", .red)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func clipped(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }
}
