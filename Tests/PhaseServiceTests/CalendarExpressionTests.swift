import ComposePhase
import Foundation
import PhaseService
import TestSupport
import Testing

@Suite("Calendar expressions")
struct CalendarExpressionTests {
    /// Clocks of the European Union in 2026, by hand: put on at 01:00 UTC on 29 March, back on 25 October.
    private static let prague = TimeZoneRules(
        name: "Europe/Prague", firstOffset: 3600,
        changes: [.init(time: 1_774_746_000, offset: 7200), .init(time: 1_792_890_000, offset: 3600)])

    private func times(_ text: String, after base: Int, count: Int = 3, zone: TimeZoneRules = prague) throws -> [Int] {
        let expression = try CalendarExpression(text)
        var instant = Instant(seconds: Double(base))
        var times: [Int] = []
        while times.count < count, let next = expression.next(after: instant, in: zone) {
            times.append(Int(next.seconds))
            instant = next
        }
        return times
    }

    @Test("a text is normalized as systemd prints it")
    func normalized() throws {
        for (text, expected) in [
            ("daily", "*-*-* 00:00:00"), ("weekly", "Mon *-*-* 00:00:00"),
            ("Mon,Tue,Wed 3:00", "Mon..Wed *-*-* 03:00:00"),
            ("sat,Sunday", "Sat,Sun *-*-* 00:00:00"), ("*-*~1 22:00 utc", "*-*~01 22:00:00 UTC"),
            ("26-11-22", "2026-11-22 00:00:00"), ("*:0/15 Europe/Prague", "*-*-* *:00/15:00 Europe/Prague"),
            ("5,1,3,1:00", "*-*-* 01,03,05:00:00"), ("*:*:*", "*-*-* *:*:*"), ("*:*:0/0.5", "*-*-* *:*:00/0.500000"),
        ] { #expect(try CalendarExpression(text).description == expected) }
    }

    @Test("what is wrong is said with its place")
    func failures() {
        for (text, position, words) in [
            ("", 1, "empty"), ("25:00", 1, "25 is no hour"), ("Mon 3:61", 7, "61 is no minute"),
            ("*/2:00", 2, "0/2"), ("Mon..", 6, "end of the range"), ("Fri..Mon 3:00", 6, "comma"),
            ("foo", 1, "a number or '*' must stand here, not 'f'"), ("3", 2, "':' is missing"),
            ("3:00 Mon", 6, "in front"), ("Mon daily", 5, "stands alone"), ("*-02-29-1", 8, "date ends"),
            ("*-*~29", 5, "counted from the end"), ("5..3:00", 1, "end after it begins"),
            ("3:", 3, "missing"), ("0/0:00", 3, "1 or more"), ("ä", 1, "ASCII"), ("3:00:00:00", 8, "nothing more"),
            (String(repeating: "1", count: 1001), 1001, "more than 1000"), ("99999999999:00", 1, "too large"),
            (Array(repeating: "1", count: 241).joined(separator: ",") + ":00", 481, "240 items"),
        ] {
            let failure = #expect(throws: CalendarFailure.self, "\(text)") { try CalendarExpression(text) }
            #expect(failure?.position == position, "\(text): \(failure.map { "\($0)" } ?? "")")
            #expect(failure?.problem.contains(words) == true, "\(text): \(failure?.problem ?? "")")
        }
    }

    @Test("a time that clocks skip in spring does not come")
    func spring() throws {
        // From 28 March, 00:00 CET.
        #expect(try times("02:30", after: 1_774_652_400) == [1_774_661_400, 1_774_830_600, 1_774_917_000])
        #expect(try times("Sun *-03~7/1 02:30", after: 1_774_652_400, count: 1) != [1_774_746_600])
        #expect(try times("*:30", after: 1_774_743_000) == [1_774_744_200, 1_774_747_800, 1_774_751_400])
    }

    @Test("a time that clocks show twice in autumn comes once")
    func autumn() throws {
        // From 25 October, 00:00 CEST: 02:30 is 00:30 and 01:30 UTC.
        let midnight = 1_792_879_200
        #expect(try times("02:30", after: midnight) == [1_792_888_200, 1_792_978_200, 1_793_064_600])
        // Asked from between the two, it is the second.
        #expect(try times("02:30", after: 1_792_890_600, count: 1) == [1_792_891_800])
        // Nothing of the hour's second turn comes after its first.
        #expect(try times("*:0/30", after: 1_792_886_400 - 1) == [1_792_886_400, 1_792_888_200, 1_792_893_600])
    }

    @Test(
        "an expression that never comes ends quickly",
        arguments: ["*-02-30", "2026-01-01", "Mon 2100-02-29"])
    func never(text: String) throws {
        let expression = try CalendarExpression(text)
        let begin = ContinuousClock.now
        #expect(expression.next(after: Instant(seconds: 1_800_000_000), in: Self.prague) == nil)
        #expect(ContinuousClock.now - begin < .seconds(1))
    }

    @Test("instants beyond all years end the search", arguments: [Double.infinity, .nan, 1e300, 7.3e9, -1e300])
    func strangeInstants(seconds: Double) throws {
        let next = try CalendarExpression("daily").next(after: Instant(seconds: seconds), in: .utc)
        #expect(next == (seconds == -1e300 ? Instant(seconds: 0) : nil))
    }

    @Test("time zones come from the zone database")
    func zones() throws {
        let database = TimeZoneDatabase()
        let prague = try database.rules(of: "Europe/Prague")
        #expect(prague.offset(at: 1_774_745_999) == 3600 && prague.offset(at: 1_774_746_000) == 7200)
        // By the rule for years that are not listed: 2070-07-01.
        #expect(prague.offset(at: 3_171_096_000) == 7200)
        #expect(prague.date(at: 1_792_879_199) == "20261024" && prague.date(at: 1_792_879_200) == "20261025")
        // Winter time is what counts as daylight saving in Dublin; its clocks go like London's.
        let dublin = try database.rules(of: "Europe/Dublin")
        #expect(
            try times("01:00,30", after: 1_774_656_000, zone: dublin) == [1_774_659_600, 1_774_661_400, 1_774_828_800])
        for name in ["Europe/Praha", "CEST", "../../etc/passwd", "/etc/passwd", "", "Europe/", "Europe"] {
            let failure = #expect(throws: TimeZoneDatabase.Failure.self) { try database.rules(of: name) }
            #expect(failure?.description.contains("time zone") == true)
        }
        #expect(throws: TimeZoneDatabase.Failure.self) {
            try TimeZoneDatabase(directory: "/nonexistent").rules(of: "Europe/Prague")
        }
        #expect(try database.localRules(environment: ":Europe/Prague").offset(at: 0) == 3600)
        #expect(try database.localRules(environment: "").name == "UTC")
        #expect(try database.localRules(environment: nil, file: "/nonexistent").name == "UTC")
    }

    @Test("a zone file that is cut or changed is refused or read, never a crash")
    func damagedZones() throws {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Prague"))
        let database = TimeZoneDatabase(directory: directory.path)
        for round in 0..<300 {
            var damaged = bytes
            if round % 2 == 0 {
                damaged = damaged.prefix(Int.random(in: 0..<bytes.count, using: &random))
            } else {
                for _ in 0..<4 {
                    damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            try damaged.write(to: directory.appendingPathComponent("Damaged"))
            guard let zone = try? database.rules(of: "Damaged") else { continue }
            _ = try times("02:30", after: 1_774_652_400, zone: zone)
        }
    }
}
