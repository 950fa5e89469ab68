import ComposePhase
import Glibc

/// `status` for a person.
enum StatusText {
    /// - Parameters:
    ///   - columns: of the terminal; nil takes stdout's, and plenty where that is none.
    ///   - rows: how many lines there may be.
    static func lines(_ report: StatusReport, columns: Int? = nil, rows: Int? = nil) -> [String] {
        let width = columns ?? (isatty(STDOUT_FILENO) == 1 ? Console.size(of: STDOUT_FILENO).columns : 160)
        let colours = Console.outputHasColour
        var foot: [String] = []
        if let sentence = report.ownerSentence { foot.append(sentence) }
        if report.record.unreadable > 0 {
            foot.append("\(counted(report.record.unreadable, "line")) of the events cannot be read")
        }
        foot = foot.map { TerminalText.safe($0) }
        // A sentence that is not redrawn may be longer than a line.
        if columns != nil { foot = foot.map { TerminalText.clipped($0, to: width) } }
        let table = RunTable(columns: width, rows: rows.map { max(3, $0 - foot.count) }, colours: colours)
        return table.lines(report.view, title: title(report), at: report.now) + foot
    }

    private static func title(_ report: StatusReport) -> String {
        let kind = report.isRehearsal ? "REHEARSAL (nothing is built): " : ""
        let word: String =
            switch report.stage {
            case .ended: report.record.ending?.status.rawValue ?? "ended"
            case .interrupted: "INTERRUPTED"
            case .planned: "planned"
            case .running: ""
            }
        return kind + report.compose + (word.isEmpty ? "" : "  \(word)")
    }
}
