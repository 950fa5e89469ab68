/// A point of wall-clock time, in seconds since 1970: events are kept in a journal that outlives the process.
package struct Instant: Sendable, Hashable, Comparable {
    package var seconds: Double

    package init(seconds: Double) { self.seconds = seconds }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// Seconds from `other` to this instant.
    package static func - (left: Self, right: Self) -> Double { left.seconds - right.seconds }

    package static func + (left: Self, right: Double) -> Self { Instant(seconds: left.seconds + right) }
}
