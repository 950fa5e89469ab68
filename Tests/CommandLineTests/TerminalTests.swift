import Foundation
import TestSupport
import Testing

/// The display on a real terminal: tmux is one that can be asked what it shows.
@Suite("On a terminal", .serialized, .enabled(if: Terminal.isInstalled, "skipped: no tmux"), .timeLimit(.minutes(2)))
struct TerminalTests {
    static func run(_ directory: URL, date: String, seconds: String, _ options: [String] = []) -> [String] {
        ["run", "--rehearse", "--task-seconds", seconds, "--nightly", "--date", date, "--target-dir", directory.path]
            + options + [StatusTests.config]
    }

    @Test("the table shows arches, builders and times, and is left complete when the run ends", arguments: [80, 200])
    func table(columns: Int) throws {
        try Program.withDirectory { directory in
            let terminal = try Terminal(columns: columns, rows: 40)
            try terminal.start(Self.run(directory, date: "20261122", seconds: "2-3"))
            let running = try terminal.wait { screen in
                screen.contains { $0.contains("x86_64") && $0.contains("open") && $0.contains("rehearsal") }
            }
            #expect(running.contains { $0.hasPrefix("IMAGE") && $0.contains("STATE") && $0.contains("ELAPSED") })
            #expect(running.filter { $0.hasPrefix("IMAGE") }.count == 1)
            #expect(try terminal.isCursorHidden)
            if columns == 200 {
                #expect(running.contains { $0.contains("aarch64") && $0.contains("rehearsal-builder-2.invalid") })
                #expect(running.contains { $0.contains("REHEARSAL") && $0.contains("0 of 3 done") }, "one line")
            }
            let ended = try terminal.waitForEnd()
            #expect(ended.contains("ended with 0"))
            #expect(ended.filter { $0.hasPrefix("IMAGE") }.count == 1, "\(ended.joined(separator: "\n"))")
            #expect(ended.filter { $0.hasPrefix("IoT/") && $0.contains(" done") }.count == 3)
            #expect(try !terminal.isCursorHidden)
        }
    }

    @Test("a terminal that is made smaller and larger again shows one table and nothing else of it")
    func resized() throws {
        try Program.withDirectory { directory in
            let terminal = try Terminal(columns: 120, rows: 30)
            try terminal.start(Self.run(directory, date: "20261122", seconds: "600"))
            _ = try terminal.wait { $0.contains { $0.hasPrefix("IoT/") && $0.contains(" open") } }
            for (columns, rows) in [(70, 30), (70, 11), (40, 11), (120, 30), (90, 14), (200, 50)] {
                try terminal.resize(columns: columns, rows: rows)
                let screen = try terminal.wait { Self.isWhole($0, columns: columns) }
                #expect(screen.filter { $0.hasPrefix("IoT/") }.count == 3, "\(columns) x \(rows)")
            }
            terminal.press("C-c")
            _ = try terminal.waitForEnd()
        }
    }

    /// Whether one table is there, with as many columns as there is room for, and no piece of another.
    static func isWhole(_ screen: [String], columns: Int) -> Bool {
        let heads = screen.filter { $0.hasPrefix("IMAGE") }
        guard heads.count == 1, heads[0].contains("STATE") else { return false }
        guard heads[0].contains("ELAPSED") == (columns > 50), heads[0].contains("TASK") == (columns > 100) else {
            return false
        }
        let images = screen.filter { $0.hasPrefix("IoT/") }
        let arches = screen.filter { $0.hasPrefix("  aarch64") || $0.hasPrefix("  x86_64") }
        let summaries = screen.filter { $0.contains("0 of 3 done") }
        return images.count == 3 && arches.count <= 6 && summaries.count == 1
    }

    @Test("what is said while the table is shown stands above it, whole")
    func messages() throws {
        try Program.withDirectory { directory in
            let terminal = try Terminal(columns: 100, rows: 40)
            try terminal.start(
                Self.run(directory, date: "20261122", seconds: "1-2", ["--failing", "Fedora-IoT-provisioner"]))
            let ended = try terminal.waitForEnd()
            let message = try #require(ended.firstIndex { $0.contains("iot-simplified-installer: FAILED (may fail)") })
            let head = try #require(ended.firstIndex { $0.hasPrefix("IMAGE") })
            #expect(message < head)
            #expect(ended.filter { $0.hasPrefix("IMAGE") }.count == 1)
        }
    }

    @Test("Ctrl-C cancels, leaves the table, and gives the cursor back")
    func interrupted() throws {
        try Program.withDirectory { directory in
            let terminal = try Terminal(columns: 120, rows: 40)
            try terminal.start(Self.run(directory, date: "20261122", seconds: "600"))
            _ = try terminal.wait { $0.contains { $0.hasPrefix("IoT/") && $0.contains(" open") } }
            terminal.press("C-c")
            let ended = try terminal.waitForEnd()
            #expect(ended.contains("ended with 130"))
            #expect(ended.filter { $0.hasPrefix("IoT/") && $0.contains(" canceled") }.count == 3)
            #expect(ended.contains { $0.hasPrefix("stopping: SIGINT") })
            #expect(try !terminal.isCursorHidden)
        }
    }

    @Test("a dumb terminal gets plain lines; NO_COLOR takes the colours and leaves the table")
    func plain() throws {
        try Program.withDirectory { directory in
            let dumb = try Terminal(columns: 120, rows: 40)
            try dumb.start(Self.run(directory, date: "20261121", seconds: "0.2"), environment: "TERM=dumb")
            let lines = try dumb.waitForEnd(escapes: true)
            #expect(lines.contains { $0.contains("3 tasks to submit") })
            #expect(!lines.contains { $0.hasPrefix("IMAGE ") || $0.contains("\u{1B}[") })
            let grey = try Terminal(columns: 120, rows: 40)
            try grey.start(Self.run(directory, date: "20261122", seconds: "1"), environment: "NO_COLOR=1")
            let screen = try grey.waitForEnd(escapes: true)
            #expect(screen.contains { $0.hasPrefix("IMAGE ") } && !screen.contains { $0.contains("\u{1B}[3") })
            let bright = try Terminal(columns: 120, rows: 40)
            try bright.start(Self.run(directory, date: "20261123", seconds: "1"))
            #expect(try bright.waitForEnd(escapes: true).contains { $0.contains("\u{1B}[32m") })
        }
    }

    @Test("status --watch draws the same table, and Ctrl-C leaves only the watching")
    func status() throws {
        try Program.withDirectory { directory in
            let process = Process()
            process.executableURL = Program.executable
            process.arguments = Self.run(directory, date: "20261122", seconds: "600")
            let output = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = output
            try process.run()
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            var said = ""
            while !said.contains("iot-simplified-installer: task 3"),
                case let data = output.fileHandleForReading.availableData, !data.isEmpty
            {
                said += String(decoding: data, as: UTF8.self)
            }
            let terminal = try Terminal(columns: 120, rows: 40)
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.n.0")
            try terminal.start(["status", "--watch", compose.path])
            let screen = try terminal.wait { $0.contains { $0.contains("is at work") } }
            #expect(screen.filter { $0.hasPrefix("IMAGE") }.count == 1)
            terminal.press("C-c")
            #expect(try terminal.waitForEnd().contains("ended with 130"))
            #expect(try !terminal.isCursorHidden)
            #expect(process.isRunning)
        }
    }
}

/// A terminal in a tmux server of its own, which ends with it.
final class Terminal {
    private static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// `scripts/test` sets this, so that a missing program is a failure there and not a skipped test.
    static let isInstalled = tmux != nil || PythonPeer.isRequired

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let socket = "phase-runner-\(UUID().uuidString)"

    init(columns: Int, rows: Int) throws {
        // A plain shell: what a user's own settings print would stand on the screen too.
        try tmux(["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env PS1= ENV= sh"])
        try tmux(["set-option", "-g", "remain-on-exit", "on"])
    }

    deinit { _ = try? tmux(["kill-server"]) }

    /// Types the command, and what tells that it has ended.
    func start(_ arguments: [String], environment: String = "") throws {
        let words = [Program.executable.path] + arguments.map { "'\($0)'" }
        let line = "clear; \(environment) \(words.joined(separator: " ")); echo; echo ended with $?; exec sleep 600"
        try tmux([
            "send-keys", "-l",
            line.replacingOccurrences(of: "; echo; echo ended with $?", with: "; s=$?; echo; echo ended with $s"),
        ])
        try tmux(["send-keys", "Enter"])
    }

    func press(_ key: String) { _ = try? tmux(["send-keys", key]) }

    func resize(columns: Int, rows: Int) throws {
        try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// The lines that are shown.
    func screen(escapes: Bool = false) throws -> [String] {
        try tmux(["capture-pane", "-p"] + (escapes ? ["-e"] : [])).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    var isCursorHidden: Bool {
        get throws { try tmux(["display-message", "-p", "#{cursor_flag}"]).hasPrefix("0") }
    }

    /// Looks until the screen is as expected, for as long as a loaded machine may take.
    func wait(
        escapes: Bool = false, seconds: Double = 30, until isExpected: ([String]) -> Bool
    ) throws -> [String] {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            let screen = try screen(escapes: escapes)
            if isExpected(screen) { return screen }
            guard Date() < deadline else {
                throw Failure(description: "not as expected after \(seconds) s:\n" + screen.joined(separator: "\n"))
            }
            usleep(50_000)
        }
    }

    func waitForEnd(escapes: Bool = false) throws -> [String] {
        try wait(escapes: escapes) { $0.contains { $0.hasPrefix("ended with ") } }
    }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        guard let program = Self.tmux else {
            throw Failure(description: "tmux is not installed: scripts/prepare tests")
        }
        // The server stays when this command ends. Foundation tells the end of a process by a file that all its children
        // have inherited, so it is taken from the server first.
        let closing = """
            for fd in /proc/self/fd/*; do n=${fd##*/}; if [ "$n" -gt 2 ]; then eval "exec $n>&-"; fi; done; exec "$@"
            """
        let result = try PythonPeer.run(
            program: URL(fileURLWithPath: "/bin/bash"), ["-c", closing, "bash", program, "-L", socket] + arguments,
            environment: ["TERM": "xterm-256color", "NO_COLOR": ""])
        guard result.status == 0 else {
            throw Failure(description: "tmux \(arguments.first ?? ""): \(result.stderr)")
        }
        return String(decoding: result.stdout, as: UTF8.self)
    }
}
