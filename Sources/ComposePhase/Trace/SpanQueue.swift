internal import DequeModule

/// Spans that wait to be sent: so many and no more, and a count of those that found no room.
struct SpanQueue {
    private var waiting: Deque<Span> = []
    private let room: Int
    /// Spans that were not and will not be sent.
    private(set) var dropped = 0

    /// - Parameter room: how many may wait.
    init(room: Int) { self.room = room }

    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a span; false where there is no room.
    @discardableResult
    mutating func add(_ span: Span) -> Bool {
        guard waiting.count < room else {
            dropped += 1
            return false
        }
        waiting.append(span)
        return true
    }

    /// The oldest, to be sent. They stay until it is said what became of them.
    func first(_ count: Int) -> [Span] { Array(waiting.prefix(count)) }

    /// The oldest were sent.
    mutating func remove(_ count: Int) { waiting.removeFirst(min(count, waiting.count)) }

    /// The oldest will never be sent.
    mutating func drop(_ count: Int) {
        dropped += min(count, waiting.count)
        remove(count)
    }
}
