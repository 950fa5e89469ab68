import CSpawn
import Glibc

/// A process of this program that works on a run. It has a session of its own: it goes on when the service dies.
struct RunProcess: Sendable {
    let pid: pid_t

    /// A process that could not be started.
    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    /// The descriptor under which a run finds the lock that it holds by living.
    static let lockDescriptor: Int32 = 3

    /// - Parameters:
    ///   - output: the file to which it prints, added at the end.
    ///   - errors: the file for what it says beside its data; nil for the same.
    ///   - lock: a descriptor that it inherits.
    static func start(
        _ program: String, _ arguments: [String], environment: [String], output: String,
        errors: String? = nil, lock: Int32?
    ) throws(Failure) -> RunProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o640)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o640)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        if let lock {
            // A descriptor that is duplicated onto itself keeps close-on-exec off: this one is to be inherited.
            posix_spawn_file_actions_adddup2(&actions, lock, lockDescriptor)
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, lock == nil ? 3 : lockDescriptor + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | PHASE_SPAWN_SETSID)
        var pid = pid_t()
        let words = [program] + arguments
        let status = withCStrings(words) { words in
            withCStrings(environment) { environment in
                posix_spawn(&pid, program, &actions, &attributes, words, environment)
            }
        }
        guard status == 0 else {
            throw Failure(description: "cannot start \(program): \(String(cString: strerror(status)))")
        }
        return RunProcess(pid: pid)
    }

    /// How a process ended: its exit status, 128 and the signal's number where a signal ended it.
    ///
    /// - Returns: nil while it runs.
    func ending() -> Int? {
        var status: Int32 = 0
        let found = waitpid(pid, &status, WNOHANG)
        if found == 0 { return nil }
        guard found == pid else { return errno == EINTR ? nil : -1 }
        let signal = status & 0x7F
        return signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
    }

    func send(_ signal: Int32) { Glibc.kill(pid, signal) }

    /// Ends it and all that it began, and waits for its end: it has a session of its own.
    func kill() {
        Glibc.kill(-pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    private static func withCStrings<Value>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
