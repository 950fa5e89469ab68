import ComposePhase
import Glibc
import Synchronization

/// What a person reads: always stderr, so that stdout holds data only.
enum Console {
    /// What is being drawn over itself on the terminal; lines go above it.
    private static let screen = Mutex<LiveScreen?>(nil)

    /// How lines look: for a person, or for Pungi's log, each with its level.
    enum Format: Sendable { case plain, pungi }

    private static let format = Mutex<Format>(.plain)

    static var isForPungi: Bool { format.withLock { $0 == .pungi } }

    static func use(_ new: Format) { format.withLock { $0 = new } }

    static func line(_ text: String) { say(.info, text) }

    /// In Pungi's format each line of the text begins with the level's name.
    static func say(_ level: LogLevel, _ text: String) {
        guard !isForPungi else {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
            return raw(lines.map { "\(level.rawValue) \($0)\n" }.joined())
        }
        if let screen = screen.withLock({ $0 }) {
            screen.print(above: text)
        } else {
            recent.withLock { $0 = ($0 + text.split(separator: "\n").map(String.init)).suffix(50) }
            raw(text + "\n")
        }
    }

    /// What was last said before there was a screen.
    private static let recent = Mutex<[String]>([])

    /// From here on lines go above what `screen` shows, and the cursor comes back however the program exits.
    static func show(_ new: LiveScreen) {
        new.remember(recent.withLock { $0 })
        screen.withLock { $0 = new }
        _ = atExit
    }

    /// Ends what is shown; does nothing where nothing is.
    static func endScreen(erasing: Bool = false) {
        let old = screen.withLock { screen in
            defer { screen = nil }
            return screen
        }
        old?.close(erasing: erasing)
    }

    /// Registered once.
    private static let atExit: Int32 = atexit { Console.endScreen() }

    /// Text as it is, for what draws on the terminal.
    static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

    static func write(_ text: String, to descriptor: Int32) {
        // Straight to the descriptor, in one piece: lines of several tasks do not mix.
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(0, written))
        }
    }

    static func error(_ text: String) { say(.error, named("error", text)) }

    static func warning(_ text: String) { say(.warning, named("warning", text)) }

    private static func named(_ word: String, _ text: String) -> String {
        isForPungi ? text : "phase-runner: \(word): \(text)"
    }

    /// Whether stderr is a terminal that can move its cursor.
    static var isTerminal: Bool { canMoveCursor(STDERR_FILENO) }

    static func canMoveCursor(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && environment("TERM").map { $0 != "dumb" && !$0.isEmpty } ?? false
    }

    /// Colour only on a terminal, and not where the user said NO_COLOR.
    static var hasColour: Bool { isTerminal && (environment("NO_COLOR") ?? "").isEmpty }

    /// The same of stdout, where data for people goes.
    static var outputHasColour: Bool {
        isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb" && (environment("NO_COLOR") ?? "").isEmpty
    }

    /// Columns and rows of the terminal.
    static func size(of descriptor: Int32) -> (columns: Int, rows: Int) {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The whole environment, `NAME=VALUE`.
    static var environment: [String] {
        var entries: [String] = []
        var next = environ
        while let entry = next.pointee {
            entries.append(String(cString: entry))
            next += 1
        }
        return entries
    }
}

/// Colours by meaning.
enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case dim = "2"
    case bold = "1"

    func paint(_ text: String, if colours: Bool) -> String {
        colours ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The text without the colours that ``paint(_:if:)`` gave it.
    static func stripped(_ text: String) -> String {
        var plain = ""
        var rest = text[...]
        while let escape = rest.firstIndex(of: "\u{1B}") {
            plain += rest[..<escape]
            rest = rest[escape...].drop { $0 != "m" }.dropFirst()
        }
        return plain + rest
    }
}
