import ComposePhase
import PhaseService
import TestSupport
import Testing

/// The same expressions read by systemd and by us, in zones and at times where clocks are changed.
@Suite("Calendar expressions beside systemd's", .needsSystemdAnalyze)
struct CalendarPeerTests {
    /// Zones with changes in spring and autumn, at midnight, by half an hour, at other dates each year, and with none.
    /// Not Dublin, whose winter time is the one that counts as daylight saving: systemd slips there.
    static let zones = [
        "Europe/Prague", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Europe/Dublin",
        "America/Havana", "Asia/Gaza", "Asia/Kolkata", "Africa/Casablanca",
    ]

    /// 2026: days before changes in either half of the world, the hours of them, the end of a leap year's February and
    /// the last year in which clocks are listed one by one.
    static let bases = [
        1_774_500_000, 1_774_745_100, 1_775_300_000, 1_792_886_400, 1_792_887_600, 1_792_891_500, 1_793_511_300,
        1_788_650_000, 1_834_000_000, 2_140_000_000, 3_000_000_000,
    ]

    static let written = [
        "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "annually",
        "biannually", "bi-annually", "semi-annually", "Daily", "daily UTC", "hourly Asia/Kolkata",
        "*-*-* 03:00", "*-*-* 02:30", "*-*-* 2:30:00", "Mon..Fri 02:30", "Sat,Sun *-*-* 02:15,45", "*:0/15",
        "*:00/20:15",
        "*-*~1 22:00", "*-*~01", "*-02~03", "*-*~7/1", "Mon *-05~07/1", "*-*~1..3 04:00", "*-*~1..4/2", "*-02-29",
        "*-02-30", "Fri *-02-29", "*-*-31", "2026-*-* 1:2", "26-11-22", "70-01-01", "2027..2030-1/3-1",
        "*-*-1..7 18:00",
        "Sun *-*-1..7 02:30", "Thu,Fri 2012-*-1,5 11:12:13", "Mon..Wed,Sat,Sun", "Mon,Tue *-*-*", "Wed-Fri 01:00",
        "Wednesday..friday 5:00", "mon,", "Mon,fri,", "12-25", "*-12-25 08:00", "05:40", "05:40 UTC", "05:40 utc",
        "03-05 05:40", "2003-03-05", "*-*-* 00..23/2:30", "0..23/5:00,59", "9..17/2:00", "*:*:*", "*:*:0/0.5",
        "*:*:3.7",
        "*:*:1.25..9.5/2", "*:*:0..5/2", "*-*-* 00:00:59.9999999", "@1800000000", "@1900000000 UTC",
        "2199-12-31 23:59:59",
        "2200-01-01", "1969-01-01", "*-1,4,7,10-1 2:0", "*-10-25 02:30", "*-03-29 02:30", "*-11-01 01:30",
        "*-09-06 00:00",
        "Sun *-03~7/1 02:30", "02:30 Europe/Prague", "*-*-* 02:30 America/New_York", "weekly America/Havana", "",
        "foo", "Mon Tue", "Mon..", "Tue..Mon", "Mon..Tue..Wed", "*", "5", "5:", "*-*", "*-*-*-*", "*/2:00", "*-*/2-*",
        "25:00", "0:60", "0:0:60", "*-13-01", "*-*-32", "*-0-1", "*-*-0", "*-*~29", "*-*~0", "1..", "1..2", "5..3:00",
        "3..3:00", "3..5/4:00", "0/24:00", "0/23:00", "*:0/60", "*:0/59", "0/0:00", "*:*:0/60", "*:*:1..1.5",
        "*:*:1..1.5/0.1",
        "2026~01-01", "01~05", "01~05 3:00", "2026-01~05 3:00", "Mon *~1 3:00", "*-*-* 3:00 ", "*-*-*  3:00", " 3:00",
        "Mon  3:00", "3:00 Nowhere/City",
        "3:00 UTC UTC", "daily daily", "Mon daily", "1,2,:00", "1,1,2:00", "4,2,8:00", "2,1..3,1:00", "-1:00", "+1:00",
        "3:-1", "3.5:00",
        "3 :00", "*-*-*T03:00", "9999999999999:00", "0000000003:00", "Mon.Tue", "Mon..Tue.", "2026-02-29",
        "Mon 2026-11-23", "Tue 2026-11-23",
    ]

    @Test("expressions by hand", arguments: zip(zones, 1...UInt64(zones.count)))
    func handPicked(zone: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for base in Self.bases.prefix(7).shuffled(using: &random).prefix(3) {
            try compare(Self.written, zone: zone, base: base)
        }
    }

    @Test("generated expressions", arguments: zip(zones, 1...UInt64(zones.count)))
    func generated(zone: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for base in Self.bases {
            let expressions = (0..<40).map { _ in Self.expression(&random) }
            try compare(expressions, zone: zone, base: base, seed: seed)
        }
    }

    private func compare(_ expressions: [String], zone: String, base: Int, seed: UInt64 = 0) throws {
        let database = TimeZoneDatabase()
        let iterations = 4
        let answers = try SystemdAnalyze.answers(
            to: expressions, zone: zone, base: base, iterations: iterations)
        for expression in Set(expressions).sorted() {
            let ours = try? Self.ours(expression, zone: zone, base: base, iterations: iterations, database)
            guard let theirs = answers[expression] else { continue }
            if let ours, let theirs, try Self.slips(expression, zone: zone, ours: ours, theirs: theirs) { continue }
            // Of a list of days from the month's end, systemd takes 28 for the first, 25 for the second, and so on.
            if theirs == nil, ours != nil, expression.contains("~"), expression.contains(",") { continue }
            #expect(ours == theirs, "'\(expression)' in \(zone) after \(base), seed \(seed)")
        }
    }

    /// Whether systemd says something else when it is asked a second before the first time on which we differ: now and
    /// then it carries summer time over a change of the clocks (`0/10:*` on the evening before one).
    private static func slips(
        _ expression: String, zone: String, ours: SystemdAnalyze.Answer, theirs: SystemdAnalyze.Answer
    ) throws -> Bool {
        guard ours.normalized == theirs.normalized,
            let (our, their) = zip(ours.times, theirs.times).first(where: { $0 != $1 })
        else { return false }
        let first = min(our, their)
        let again = try SystemdAnalyze.answers(to: [expression], zone: zone, base: first - 1, iterations: 1)
        return (again[expression]??.times.first == first) == (our == first)
    }

    private static func ours(
        _ text: String, zone: String, base: Int, iterations: Int, _ database: TimeZoneDatabase
    ) throws -> SystemdAnalyze.Answer {
        let expression = try CalendarExpression(text)
        let rules = try database.rules(of: expression.timeZone ?? zone)
        var times: [Int] = []
        var instant = Instant(seconds: Double(base))
        while times.count < iterations, let next = expression.next(after: instant, in: rules) {
            #expect(next > instant)
            times.append(Int(next.seconds.rounded(.down)))
            instant = next
        }
        return SystemdAnalyze.Answer(normalized: expression.description, times: times)
    }

    // MARK: Generating

    private static func expression(_ random: inout SeededGenerator) -> String {
        var parts: [String] = []
        if Int.random(in: 0..<3, using: &random) == 0 {
            parts.append(
                ["Mon..Fri", "Sun", "Sat,Sun", "Fri..Sun", "Mon,Wed,Fri", "tue", "Thursday,Sun"].randomElement(
                    using: &random)
                    ?? "")
        }
        let hasDate = Int.random(in: 0..<3, using: &random) > 0
        if hasDate {
            let year = Int.random(in: 0..<4, using: &random) == 0 ? list(2025...2040, 2199, &random) : "*"
            let month = list(1...12, 12, &random)
            let day =
                Int.random(in: 0..<4, using: &random) == 0
                ? "~" + list(1...8, 28, &random) : "-" + list(1...31, 31, &random)
            parts.append((Bool.random(using: &random) ? year + "-" : "") + month + day)
        }
        if !hasDate || Int.random(in: 0..<5, using: &random) > 0 {
            // Clocks are changed at night.
            let hour = Bool.random(using: &random) ? list(0...3, 23, &random) : list(0...23, 23, &random)
            var time = hour + ":" + list(0...59, 59, &random)
            if Int.random(in: 0..<3, using: &random) == 0 { time += ":" + list(0...59, 59, &random) }
            parts.append(time)
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            parts.append(["UTC", "Europe/Prague", "Asia/Tokyo"].randomElement(using: &random) ?? "UTC")
        }
        return parts.joined(separator: " ")
    }

    private static func list(_ range: ClosedRange<Int>, _ most: Int, _ random: inout SeededGenerator) -> String {
        if Int.random(in: 0..<3, using: &random) == 0 { return "*" }
        return (0...Int.random(in: 0...1, using: &random)).map { _ in
            let start = Int.random(in: range, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: return "\(start)..\(Int.random(in: start...max(start, most), using: &random))"
            case 1: return "\(start)/\(Int.random(in: 1...10, using: &random))"
            case 2:
                let stop = Int.random(in: start...max(start, most), using: &random)
                return "\(start)..\(stop)/\(Int.random(in: 1...4, using: &random))"
            default: return "\(start)"
            }
        }.joined(separator: ",")
    }
}
