internal import DequeModule

/// How many submits went out within the last minute.
struct SubmitRate: Sendable {
    private var sent: Deque<Instant> = []
    /// Seconds that a submit counts.
    private static let window = 60.0

    mutating func note(_ instant: Instant) {
        sent.append(instant)
        forget(before: instant)
    }

    /// Whether another one may go out now; `pending` are on their way already.
    mutating func allows(_ limit: Int?, pending: Int, at instant: Instant) -> Bool {
        guard let limit else { return true }
        forget(before: instant)
        return !isFull(limit, pending: pending)
    }

    /// Whether there was no room when it was last asked for.
    func isFull(_ limit: Int, pending: Int) -> Bool { sent.count + pending >= limit }

    /// When the oldest one no longer counts.
    var nextFree: Instant? { sent.first.map { Instant(seconds: $0.seconds + Self.window) } }

    private mutating func forget(before instant: Instant) {
        while let first = sent.first, instant - first >= Self.window { sent.removeFirst() }
    }
}
