import Glibc

/// Reading and digesting gigabytes happens on threads of its own: Swift's own, one a core, carry the schedule.
///
/// Each piece of work gets a new thread. That costs some microseconds beside milliseconds at least of reading; how many there
/// are at a time is seen to by ``FetchGate``.
package enum DiskThreads {
    /// As many files as are read at once.
    static let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            begin { continuation.resume(returning: body()) }
        }
    }

    /// Work that nobody waits for here.
    static func begin(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            // No thread is to be had: it is done here, and the schedule waits.
            work.release()
            body()
        }
    }

    /// A closure behind a pointer, as the thread gets it: retained by who starts it, released by the thread.
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
