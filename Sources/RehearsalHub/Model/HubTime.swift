/// A moment as the hub stores it: microseconds since 1970 in UTC.
package struct HubTime: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter seconds: since 1970; parts of a microsecond are dropped.
    package init(seconds: Double) { self.microseconds = Int64((seconds * 1_000_000).rounded()) }

    /// Seconds since 1970, as all `*_ts` members have it.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    /// As Koji writes dates into strings: a blank instead of T, no fraction at all when it is zero, with an offset.
    package var text: String {
        let (day, micros) = microseconds.floored(by: 86_400_000_000)
        let (year, month, dayOfMonth) = Self.civil(day)
        let (second, fraction) = (micros / 1_000_000, micros % 1_000_000)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        return "\(date) \(time)" + (fraction == 0 ? "" : ".\(padded(fraction, 6))") + "+00:00"
    }

    /// As HTTP writes dates: `Sun, 06 Nov 1994 08:49:37 GMT`.
    package var httpDate: String {
        let (day, micros) = microseconds.floored(by: 86_400_000_000)
        let (year, month, dayOfMonth) = Self.civil(day)
        let second = micros / 1_000_000
        // 1970-01-01 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(day.floored(by: 7).1)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(padded(dayOfMonth, 2)) \(months[Int(month) - 1]) \(padded(year, 4))"
            + " \(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)) GMT"
    }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    package static func + (time: Self, duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        return Self(microseconds: time.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The date of a day number since 1970 (the usual algorithm on eras of 400 years).
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

/// A number in decimal digits, with zeros in front up to `width`.
private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    /// Quotient and remainder, rounded down, so that moments before 1970 are right too.
    fileprivate func floored(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
