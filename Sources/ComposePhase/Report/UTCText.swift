/// Moments as everybody's clock has them: a report is read on other hosts, and later.
package enum UTCText {
    /// `2026-11-22 13:05:10 UTC`
    package static func moment(_ seconds: Double) -> String {
        guard let (day, rest) = split(seconds) else { return "an unknown time" }
        return "\(date(day)) \(clock(rest)) UTC"
    }

    /// `13:05`
    package static func minute(_ seconds: Double) -> String {
        guard let (_, rest) = split(seconds) else { return "" }
        return String(clock(rest).prefix(5))
    }

    private static func split(_ seconds: Double) -> (day: Int, rest: Int)? {
        // Times of a hub are taken as they come; the year 9999 is as late as any calendar needs.
        guard seconds.isFinite, seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return (Int(seconds) / 86_400, Int(seconds) % 86_400)
    }

    private static func clock(_ seconds: Int) -> String {
        [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0) }.joined(separator: ":")
    }

    /// The civil date of a day since 1970, reckoned in years that begin with March, so that leap days come last.
    private static func date(_ day: Int) -> String {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let number = month < 10 ? month + 3 : month - 9
        let whole = year + era * 400 + (number <= 2 ? 1 : 0)
        return "\(padded(whole, 4))-\(padded(number))-\(padded(dayOfYear - (153 * month + 2) / 5 + 1))"
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
