import ComposePhase
import Koji

/// A run as lines of text: a title, and a line for each image and each of its arches.
struct RunTable {
    /// Columns that may be used.
    var columns: Int
    /// Lines that may be used; nil for all.
    var rows: Int?
    var colours: Bool

    func lines(_ view: ProgressView, title: String, at now: Instant) -> [String] {
        let counts = [view.counts.sentence, view.stop.map { "stopping: \(TerminalText.safe($0.sentence))" }]
        let summary = (counts + [view.end.sentence(at: now)]).compactMap { $0 }.joined(separator: ", ")
        let title = TerminalText.safe(title)
        let isOneLine = TerminalText.width(title) + 2 + TerminalText.width(summary) <= columns
        let head = isOneLine ? ["\(title)  \(summary)"] : [title, summary]
        let (shown, more) = fitting(view, lines: rows.map { max(1, $0 - head.count - 1) })
        let layout = Layout(shown, columns: columns, now: now)
        var lines = head.map { Colour.bold.paint(TerminalText.clipped($0, to: columns), if: colours) }
        if !shown.isEmpty { lines.append(Colour.dim.paint(layout.header, if: colours)) }
        for (row, showsArches) in shown {
            lines.append(layout.line(row, colours: colours))
            if showsArches { lines += row.arches.map { layout.line($0, colours: colours) } }
        }
        if more > 0 { lines.append(TerminalText.clipped("… and \(more) more", to: columns)) }
        return lines
    }

    // MARK: What fits

    private typealias Shown = (row: ImageRow, showsArches: Bool)

    /// All images with their arches where there is room; else ended ones without arches, then fewer arches; else those
    /// that are being built first, as far as there is room.
    private func fitting(_ view: ProgressView, lines room: Int?) -> (shown: [Shown], more: Int) {
        let all = view.rows.map { ($0, true) }
        guard let room, view.hidden > 0 || Self.height(all) > room else { return (all, view.hidden) }
        let short: [Shown] = view.rows.map { ($0, !$0.state.isEnd) }
        if view.hidden == 0, Self.height(short) <= room { return (short, 0) }
        if view.hidden == 0, short.count <= room { return (withArches(short, room: room - short.count), 0) }
        // Stable: within a rank the plan's order stays.
        let ranked = short.enumerated().sorted {
            ($0.element.0.state.rank, $0.offset) < ($1.element.0.state.rank, $1.offset)
        }
        var shown: [Shown] = []
        var used = 1
        for (_, entry) in ranked {
            let whole = entry.1 ? 1 + entry.0.arches.count : 1
            if used + whole <= room {
                shown.append(entry)
                used += whole
            } else if used + 1 <= room {
                shown.append((entry.0, false))
                used += 1
            } else {
                break
            }
        }
        return (shown, view.rows.count - shown.count + view.hidden)
    }

    /// Every image has its line; arches are shown of what is being built, as far as there is room.
    private func withArches(_ all: [Shown], room: Int) -> [Shown] {
        var (all, room) = (all, room)
        let ranked = all.indices.sorted { (all[$0].row.state.rank, $0) < (all[$1].row.state.rank, $1) }
        for index in ranked where all[index].showsArches {
            all[index].showsArches = all[index].row.arches.count <= room
            if all[index].showsArches { room -= all[index].row.arches.count }
        }
        return all
    }

    private static func height(_ shown: [Shown]) -> Int {
        shown.reduce(0) { $0 + 1 + ($1.showsArches ? $1.row.arches.count : 0) }
    }

    // MARK: Columns

    private struct Layout {
        private let now: Instant
        private let name: Int
        private let task: Int
        private let isNarrow: Bool
        private let width: Int
        /// What is left for the builder, or the reason.
        private let last: Int
        private static let state = 10
        private static let elapsed = 7
        private static let left = 7

        init(_ shown: [Shown], columns: Int, now: Instant) {
            self.now = now
            let names = shown.flatMap { entry in
                [TerminalText.width(TerminalText.safe(entry.row.id.text))]
                    + (entry.showsArches
                        ? entry.row.arches.map { 2 + TerminalText.width(TerminalText.safe($0.arch)) } : [])
            }
            // Half of the space for names at most; the other columns say what is going on.
            name = min(names.max() ?? 5, max(12, columns * 2 / 5))
            let numbers = shown.compactMap { $0.row.hubTask?.description.count }
            task = columns >= 100 ? max(4, numbers.max() ?? 4) : 0
            let fixed = name + 2 + Self.state + 2 + (task > 0 ? task + 2 : 0) + Self.elapsed + 2 + Self.left + 2
            last = columns - fixed
            // A very narrow terminal keeps name and state only.
            isNarrow = last < 0
            width = columns
        }

        var header: String {
            join("IMAGE", TerminalText.cell("STATE", Self.state), "TASK", "ELAPSED", "LEFT", "BUILDER, OR WHY")
        }

        func line(_ row: ImageRow, colours: Bool) -> String {
            let words =
                row.state == .incomplete ? "done, gaps" : row.state.shown + (row.attempt > 1 ? " (\(row.attempt))" : "")
            return join(
                row.id.text, paint(words, row.state, colours), row.hubTask?.description ?? "",
                row.elapsed.map(TimeText.exact) ?? "", left(row.expectedEnd), TerminalText.safe(row.reason ?? ""))
        }

        func line(_ row: ImageRow.ArchRow, colours: Bool) -> String {
            join(
                "  " + row.arch, paint(row.state.shown, row.state, colours), row.hubTask?.description ?? "",
                row.elapsed.map(TimeText.exact) ?? "", left(row.expectedEnd),
                row.reason.map(TerminalText.safe) ?? row.builder.map(host) ?? "")
        }

        /// A builder's whole name where it fits, else its first label.
        private func host(_ name: String) -> String {
            let name = TerminalText.safe(name)
            guard TerminalText.width(name) > last else { return name }
            return name.split(separator: ".").first.map(String.init) ?? name
        }

        /// `~25m`, or how long it should have ended ago.
        private func left(_ end: ExpectedEnd?) -> String {
            switch end {
            case nil: ""
            case .at(let instant): "~" + TimeText.short(instant - now)
            case .overdue(let seconds): "+" + TimeText.short(seconds)
            }
        }

        private func paint(_ words: String, _ state: RowState, _ colours: Bool) -> String {
            state.colour.paint(TerminalText.cell(words, Self.state), if: colours)
        }

        /// - Parameter state: a cell of its full width already, perhaps in colour.
        private func join(
            _ name: String, _ state: String, _ task: String, _ elapsed: String, _ left: String, _ last: String
        ) -> String {
            var line = TerminalText.cell(TerminalText.safe(name), self.name) + "  " + state
            if isNarrow { return TerminalText.clipped(Colour.stripped(line), to: width) }
            if self.task > 0 { line += "  " + TerminalText.right(task, self.task) }
            line += "  " + TerminalText.right(elapsed, Self.elapsed) + "  " + TerminalText.right(left, Self.left)
            if self.last > 0 { line += "  " + TerminalText.clipped(last, to: self.last) }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

extension RowState {
    /// The word in a table; what needs a person stands out without colours too.
    fileprivate var shown: String {
        switch self {
        case .failed: "FAILED"
        case .leftRunning: "STILL RUNS"
        default: rawValue
        }
    }

    fileprivate var isEnd: Bool {
        switch self {
        case .done, .incomplete, .failed, .canceled, .leftRunning: true
        default: false
        }
    }

    fileprivate var colour: Colour {
        switch self {
        case .open, .built, .collecting: .blue
        case .waiting, .submitting, .free, .assigned: .dim
        case .done: .green
        case .incomplete, .looking, .canceling, .canceled: .yellow
        case .failing, .failed, .leftRunning: .red
        }
    }
}
