import ComposePhase
import Glibc
import Synchronization

/// What one call of a script printed, in Pungi's place: `logs/global/notifications/notification-TIME.log`.
///
/// Unlike Pungi, calls within one second are all in the file: there the last one replaces the others.
final class ScriptLog: Sendable {
    /// Bytes of one call's output that are kept.
    static let mostOutput = 1 << 20

    /// Nil where nothing is kept, as there is no compose.
    let path: String?
    private let state: Mutex<State>

    private struct State {
        /// -1 where nothing is kept.
        var descriptor: Int32 = -1
        var room = ScriptLog.mostOutput
        var isCut = false
        var trouble: String?
    }

    /// Whether output was left out.
    var isCut: Bool { state.withLock(\.isCut) }
    /// The first thing that went wrong with the file.
    var trouble: String? { state.withLock(\.trouble) }

    /// - Parameters:
    ///   - directory: where the logs of notifications are; nil keeps nothing, as there is no compose.
    ///   - time: seconds since 1970.
    init(directory: String?, time: Int, command: String, event: String) {
        guard let directory else {
            path = nil
            state = Mutex(State())
            return
        }
        let path = "\(directory)/\(Self.name(at: time))"
        self.path = path
        var first = State()
        do throws(AtomicFile.Failure) {
            try AtomicFile.makeDirectories(directory)
            first.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            if first.descriptor < 0 { throw AtomicFile.Failure(path: path, operation: "write", code: errno) }
        } catch {
            first.trouble = error.description
        }
        state = Mutex(first)
        state.withLock { write(Array(Self.head(command: command, event: event).utf8), &$0) }
    }

    deinit {
        let descriptor = state.withLock(\.descriptor)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Pungi's name: UTC, to the second.
    static func name(at time: Int) -> String {
        var seconds = time_t(time)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "notification-\(date)_\(two(parts.tm_hour))-\(two(parts.tm_min))-\(two(parts.tm_sec)).log"
    }

    /// What kobo, which runs Pungi's scripts, writes before their output: the command as a shell reads it, and a rule.
    static func head(command: String, event: String) -> String {
        let line = "\(quoted(command)) \(quoted(event))"
        return "COMMAND: \(line)\n" + String(repeating: "-", count: min(line.unicodeScalars.count + 9, 79)) + "\n"
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789_@%+=:,./-".unicodeScalars.contains($0))
        }
        if plain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
    }

    /// Takes output of the script, as far as there is room.
    func add(_ bytes: [UInt8]) {
        state.withLock { state in
            guard !state.isCut else { return }
            write(Array(bytes.prefix(state.room)), &state)
            state.isCut = bytes.count > state.room
            state.room -= min(bytes.count, state.room)
        }
    }

    /// A line of ours below the output.
    func remark(_ text: String) {
        state.withLock { write(Array("\n[phase-runner: \(text)]\n".utf8), &$0) }
    }

    private func write(_ bytes: [UInt8], _ state: inout State) {
        guard state.descriptor >= 0, state.trouble == nil, !bytes.isEmpty else { return }
        do throws(AtomicFile.Failure) {
            try AtomicFile.append(bytes, to: state.descriptor, path: path ?? "")
        } catch {
            state.trouble = error.description
        }
    }
}
