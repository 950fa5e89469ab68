/// How long and how often an unlucky call is tried again.
package struct RetryPolicy: Sendable, Hashable {
    /// Seconds that a reading call may take with all its repeats.
    package var readBudget: Double
    /// Seconds that a changing call may take with all its repeats. One whose answer is lost is given up only then.
    package var writeBudget: Double
    /// Seconds before the first repeat that waits; each further one waits twice as long.
    package var first: Double
    /// No wait is longer than this many seconds, the spread aside.
    package var longest: Double
    /// Waits differ by this share, so that many clients do not come back together.
    package var spread: Double

    package init(
        readBudget: Double = 600, writeBudget: Double = 600, first: Double = 2, longest: Double = 60,
        spread: Double = 0.2
    ) {
        self.readBudget = readBudget
        self.writeBudget = writeBudget
        self.first = first
        self.longest = longest
        self.spread = spread
    }

    package static let standard = RetryPolicy()

    /// Seconds before repeat `number` (from 0).
    ///
    /// - Parameter chance: from 0 to 1, equally likely.
    package func wait(_ number: Int, chance: Double) -> Double {
        var seconds = first
        for _ in 0..<max(0, number) where seconds < longest { seconds *= 2 }
        return min(seconds, longest) * (1 + spread * (2 * chance - 1))
    }
}

/// The waits of one call.
struct RetryBudget {
    private let policy: RetryPolicy
    private let seconds: Double
    private let start = ContinuousClock.now
    private var slept = 0.0
    private var waits = 0

    init(_ policy: RetryPolicy, seconds: Double) {
        self.policy = policy
        self.seconds = seconds
    }

    /// Seconds to wait before the next try; nil when the time is used up.
    ///
    /// Time is what the clock says, or what was slept where tests do not really sleep.
    mutating func nextWait() -> Double? {
        let wait = policy.wait(waits, chance: Double.random(in: 0...1))
        let used = max(slept, (ContinuousClock.now - start) / .seconds(1))
        guard used + wait <= seconds else { return nil }
        waits += 1
        slept += wait
        return wait
    }
}
