import Glibc
import Synchronization

/// The lines at the bottom of a terminal that are drawn over themselves, with everything else scrolling above them.
///
/// All writing is in one piece under one lock, so that messages and drawings of different threads do not mix.
final class LiveScreen: Sendable {
    private let descriptor: Int32
    private let size: @Sendable () -> (columns: Int, rows: Int)
    private let drawing = Mutex(Drawing())

    private struct Drawing {
        /// What stands there now; nil when nothing does.
        var lines: [String] = []
        /// How large the terminal was when they were drawn.
        var columns = 0
        var rows = 0
        /// A terminal that became smaller pushed lines of ours out at its top. It may bring them back when it grows, so
        /// from then on the whole screen is written anew when the size changes.
        var hasPushedOut = false
        /// What was last printed above, for that.
        var above: [String] = []
        var isCursorHidden = false
        var isClosed = false
    }

    init(
        descriptor: Int32 = STDERR_FILENO,
        size: (@Sendable () -> (columns: Int, rows: Int))? = nil
    ) {
        self.descriptor = descriptor
        self.size = size ?? { Console.size(of: descriptor) }
    }

    /// Shows the lines that `make` gives for the terminal's size now. A line that is too long is cut: a wrapped one would
    /// leave its second half behind.
    func draw(_ make: (_ columns: Int, _ rows: Int) -> [String]) {
        drawing.withLock { drawing in
            guard !drawing.isClosed else { return }
            let (columns, rows) = size()
            // The last column stays free, and so does the line of the cursor.
            let lines = make(max(1, columns - 1), max(1, rows - 1)).prefix(max(1, rows - 1))
            var text = drawing.isCursorHidden ? "" : "\u{1B}[?25l"
            drawing.isCursorHidden = true
            text += Self.start(&drawing, columns: columns, rows: rows, room: rows - 1 - lines.count)
            for line in lines { text += "\u{1B}[2K" + line + "\r\n" }
            text += "\u{1B}[J"
            drawing.lines = Array(lines)
            (drawing.columns, drawing.rows) = (columns, rows)
            write(text)
        }
    }

    /// Writes whole lines above what is shown.
    func print(above text: String) {
        drawing.withLock { drawing in
            let new = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            drawing.above = (drawing.above + new).suffix(Self.kept)
            let (columns, rows) = size()
            var whole = ""
            if !drawing.lines.isEmpty {
                // The table goes, and comes again at once where the size is the same: nothing flickers.
                whole = Self.start(&drawing, columns: columns, rows: rows, room: 0) + "\u{1B}[J"
            }
            whole += new.map { $0 + "\r\n" }.joined()
            if (columns, rows) == (drawing.columns, drawing.rows) {
                whole += drawing.lines.map { $0 + "\r\n" }.joined()
            } else {
                drawing.lines = []
            }
            write(whole)
        }
    }

    /// Lines that are remembered for a terminal that is written anew.
    private static let kept = 100

    /// What was printed before there was a screen.
    func remember(_ lines: [String]) { drawing.withLock { $0.above = Array((lines + $0.above).suffix(Self.kept)) } }

    /// Leaves what is shown where it is, or takes it away, and gives the cursor back. Nothing is drawn any more.
    func close(erasing: Bool = false) {
        drawing.withLock { drawing in
            guard !drawing.isClosed else { return }
            drawing.isClosed = true
            var text = ""
            if erasing, !drawing.lines.isEmpty {
                let (columns, rows) = size()
                text = Self.start(&drawing, columns: columns, rows: rows, room: 0) + "\u{1B}[J"
            }
            if drawing.isCursorHidden { text += "\u{1B}[?25h" }
            drawing.lines = []
            write(text)
        }
    }

    /// Moves the cursor to the first of the lines.
    ///
    /// A terminal that became narrower has wrapped them. (Those that cut instead, like xterm, lose lines above the table
    /// then; the others would keep a broken table otherwise.)
    ///
    /// - Parameter room: lines above the table that may be filled when the whole screen is written anew.
    private static func start(_ drawing: inout Drawing, columns: Int, rows: Int, room: Int) -> String {
        guard !drawing.lines.isEmpty else { return "" }
        let height = drawing.lines.reduce(0) { $0 + Self.height($1, columns) }
        let isResized = (columns, rows) != (drawing.columns, drawing.rows)
        if isResized, height > rows - 1 { drawing.hasPushedOut = true }
        guard isResized, drawing.hasPushedOut else { return "\r\u{1B}[\(min(height, max(1, rows - 1)))A" }
        var shown: [String] = []
        var left = room
        for line in drawing.above.reversed() {
            left -= Self.height(line, columns)
            guard left >= 0 else { break }
            shown.append(line)
        }
        // Line by line: to clear the whole screen would push what is there into some terminals' memory.
        return "\u{1B}[H" + shown.reversed().map { whole($0, columns) }.joined()
    }

    /// A line that may wrap, with nothing left of what stood there.
    private static func whole(_ line: String, _ columns: Int) -> String {
        // At the very margin, erasing to the end of the line would take its last character.
        let endsAtMargin = TerminalText.width(Colour.stripped(line)).isMultiple(of: max(1, columns))
        return "\u{1B}[2K" + line + (endsAtMargin ? "" : "\u{1B}[K") + "\r\n"
    }

    /// Lines of the terminal that a line takes.
    private static func height(_ line: String, _ columns: Int) -> Int {
        max(1, (TerminalText.width(Colour.stripped(line)) + columns - 1) / max(1, columns))
    }

    private func write(_ text: String) { Console.write(text, to: descriptor) }
}
