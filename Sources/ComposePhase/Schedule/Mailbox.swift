import Synchronization

/// Events on their way to the schedule. Whoever empties it gets all that came since, so that what comes together is
/// made safe together.
final class Mailbox: Sendable {
    struct Letter: Sendable {
        let event: ScheduleEvent
        /// Resumed when the event is in the journal and in the state.
        let taken: CheckedContinuation<Void, Never>?
    }

    private struct Content {
        var letters: [Letter] = []
        var isClosed = false
    }

    private let content = Mutex(Content())
    /// Yields when there is something to take.
    let arrivals: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (arrivals, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// False when nothing is taken any more.
    @discardableResult
    func put(_ letter: Letter) -> Bool {
        let isTaken = content.withLock { content in
            guard !content.isClosed else { return false }
            content.letters.append(letter)
            return true
        }
        if isTaken { bell.yield() }
        return isTaken
    }

    func empty() -> [Letter] {
        content.withLock { content in
            defer { content.letters = [] }
            return content.letters
        }
    }

    /// Nothing is taken from here on; who waits for an answer gets it.
    func close() {
        let late = content.withLock { content in
            content.isClosed = true
            defer { content.letters = [] }
            return content.letters
        }
        bell.finish()
        for letter in late { letter.taken?.resume() }
    }
}
