/// Times for people.
package enum TimeText {
    /// `0:07`, `12:33`, `1:02:03`
    package static func exact(_ seconds: Double) -> String {
        let whole = whole(seconds)
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }

    /// `40 s`, `25 min`, `3 h 10 min`
    package static func rough(_ seconds: Double) -> String {
        let whole = whole(seconds)
        if whole < 90 { return "\(whole) s" }
        let minutes = (whole + 30) / 60
        if minutes < 90 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// `40s`, `25m`, `3h10m`
    package static func short(_ seconds: Double) -> String {
        let whole = whole(seconds)
        if whole < 90 { return "\(whole)s" }
        let minutes = (whole + 30) / 60
        return minutes < 90 ? "\(minutes)m" : "\(minutes / 60)h\(minutes % 60 == 0 ? "" : "\(minutes % 60)m")"
    }

    /// Times of a hub are taken as they come, so a number may be anything.
    private static func whole(_ seconds: Double) -> Int { Int(max(0, min(seconds.isNaN ? 0 : seconds, 1e9)).rounded()) }
}
