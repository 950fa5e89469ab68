import Glibc
import Synchronization

/// Digests a file while it is being written: reads, behind the writer, what has just gone to the page cache.
///
/// The writer is libcurl's only thread, which must not spend its time on digests; several files are digested at once, one a
/// core. Nothing is queued, so a slow digest costs no memory.
final class FollowingDigest: Sendable {
    private struct State {
        /// Bytes that are written.
        var reached = 0
        /// Bytes that are digested.
        var done = 0
        /// A thread is at it.
        var isReading = false
        /// No more will be written.
        var isComplete = false
        /// `errno` of a read that failed.
        var trouble: Int32?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let descriptor: Int32
    private let digest: RunningDigest
    private let state = Mutex(State())

    /// Less is not worth waking a thread for.
    private static let step = 4 << 20
    private static let piece = 256 << 10

    /// - Parameter descriptor: open for reading, and open until ``finish()`` has returned.
    init(descriptor: Int32, kinds: Set<String>) {
        self.descriptor = descriptor
        digest = RunningDigest(kinds)
    }

    /// So many bytes are in the file.
    func reached(_ count: Int) {
        let begins = state.withLock { state in
            state.reached = max(state.reached, count)
            guard !state.isReading, state.reached - state.done >= Self.step else { return false }
            state.isReading = true
            return true
        }
        if begins { DiskThreads.begin { self.read() } }
    }

    /// Waits until everything that was ``reached(_:)`` is digested. Call once.
    ///
    /// - Throws: the `errno` of a read that failed.
    func finish() async throws(AtomicFile.Failure) -> [String: String] {
        await withCheckedContinuation { continuation in
            let (isDone, begins) = state.withLock { state in
                state.isComplete = true
                if !state.isReading, state.done == state.reached || state.trouble != nil { return (true, false) }
                state.waiter = continuation
                let begins = !state.isReading
                state.isReading = true
                return (false, begins)
            }
            if isDone { continuation.resume() }
            if begins { DiskThreads.begin { self.read() } }
        }
        if let code = state.withLock(\.trouble) {
            throw AtomicFile.Failure(path: "what was fetched", operation: "read", code: code)
        }
        return digest.finish()
    }

    /// Reads on until the writer is caught up with.
    private func read() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 4096)
        defer { buffer.deallocate() }
        while let (start, end) = next() {
            var position = start
            while position < end {
                let count = pread(descriptor, buffer.baseAddress, min(buffer.count, end - position), off_t(position))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    let code = count < 0 ? errno : EIO
                    state.withLock { $0.trouble = code }
                    break
                }
                digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                position += count
            }
            state.withLock { $0.done = position }
        }
    }

    /// What is to be digested next; nil when there is too little of it, and the thread goes.
    private func next() -> (Int, Int)? {
        let (range, waiter) = state.withLock { state -> ((Int, Int)?, CheckedContinuation<Void, Never>?) in
            let rest = state.reached - state.done
            if state.trouble == nil, rest >= (state.isComplete ? 1 : Self.step) {
                return ((state.done, state.reached), nil)
            }
            state.isReading = false
            defer { if state.isComplete { state.waiter = nil } }
            return (nil, state.isComplete ? state.waiter : nil)
        }
        waiter?.resume()
        return range
    }
}
