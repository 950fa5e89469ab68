import Synchronization

/// One at a time, first come, first served.
final class WriteTurn: Sendable {
    private struct Line {
        var isTaken = false
        var next = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Cancelled before they stood in the line.
        var gone: Set<Int> = []
    }

    private let line = Mutex(Line())

    /// Waits for its turn. False when the task is cancelled: then there is nothing to give back.
    func take() async -> Bool {
        let id = line.withLock { line in
            line.next += 1
            return line.next
        }
        let isMine = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = line.withLock { line in
                    if line.gone.remove(id) != nil { return false }
                    guard line.isTaken else {
                        line.isTaken = true
                        return true
                    }
                    line.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = line.withLock { line in
                guard let place = line.waiting.firstIndex(where: { $0.id == id }) else {
                    line.gone.insert(id)
                    return nil as CheckedContinuation<Bool, Never>?
                }
                return line.waiting.remove(at: place).continuation
            }
            continuation?.resume(returning: false)
        }
        // A cancellation that came after the turn was given has left its mark.
        line.withLock { _ = $0.gone.remove(id) }
        return isMine
    }

    /// Lets the next one in.
    func giveBack() {
        let next = line.withLock { line in
            guard !line.waiting.isEmpty else {
                line.isTaken = false
                return nil as CheckedContinuation<Bool, Never>?
            }
            return line.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
