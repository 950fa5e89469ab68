import Glibc

/// The lock by which a service knows that this run lives: an open file that the process inherits and never reads.
enum RunLock {
    /// Sees to it that programs which this one starts do not hold it, too: they may live longer.
    static func keep() {
        guard let text = Console.environment("PHASE_RUNNER_RUN_LOCK"), let descriptor = Int32(text), descriptor > 2
        else {
            return
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unsetenv("PHASE_RUNNER_RUN_LOCK")
    }
}
