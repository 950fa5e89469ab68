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
        /// How wide the terminal was when they were drawn.
        var columns = 0
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
            text += Self.home(drawing, columns: columns, rows: rows)
            for line in lines { text += "\u{1B}[2K" + line + "\r\n" }
            text += "\u{1B}[J"
            drawing.lines = Array(lines)
            drawing.columns = columns
            write(text)
        }
    }

    /// Writes whole lines above what is shown.
    func print(above text: String) {
        drawing.withLock { drawing in
            guard !drawing.lines.isEmpty else { return write(text + "\r\n") }
            let (columns, rows) = size()
            var whole = Self.home(drawing, columns: columns, rows: rows) + "\u{1B}[J"
            whole += text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\r\n" }.joined()
            // The old lines again, so that nothing flickers until the next drawing. Where the terminal is narrower now
            // they would wrap, and wait for that.
            if columns >= drawing.columns {
                for line in drawing.lines { whole += line + "\r\n" }
            } else {
                drawing.lines = []
            }
            write(whole)
        }
    }

    /// Leaves what is shown where it is, or takes it away, and gives the cursor back. Nothing is drawn any more.
    func close(erasing: Bool = false) {
        drawing.withLock { drawing in
            guard !drawing.isClosed else { return }
            drawing.isClosed = true
            var text = ""
            if erasing, !drawing.lines.isEmpty {
                let (columns, rows) = size()
                text = Self.home(drawing, columns: columns, rows: rows) + "\u{1B}[J"
            }
            if drawing.isCursorHidden { text += "\u{1B}[?25h" }
            drawing.lines = []
            write(text)
        }
    }

    /// Moves the cursor to the first of the lines. A terminal that became narrower has wrapped them (those that cut
    /// instead, like xterm, lose lines above the table then; the wrapping ones would keep a broken table otherwise).
    private static func home(_ drawing: Drawing, columns: Int, rows: Int) -> String {
        var height = drawing.lines.count
        if columns < drawing.columns, columns > 0 {
            height = drawing.lines.reduce(0) { sum, line in
                sum + max(1, (TerminalText.width(Colour.stripped(line)) + columns - 1) / columns)
            }
        }
        // A cursor stops at the top: what has scrolled out cannot be reached.
        height = min(height, max(0, rows - 1))
        return height > 0 ? "\r\u{1B}[\(height)A" : ""
    }

    private func write(_ text: String) { Console.write(text, to: descriptor) }
}
