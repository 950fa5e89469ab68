import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Settings written and read again")
struct SettingsRoundTripTests {
    @Test(
        "the effective settings are a settings file that says the same, and the journal's policy is the same (seeded)")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let settings = Self.settings(&generator)
            let bytes = try settings.encode()
            let read = try RunSettings.read([SettingsFile(path: "again.yaml", bytes: bytes)])
            #expect(read == settings, "seed \(seed) round \(round): \(String(decoding: bytes, as: UTF8.self))")
            let line = JSONWriter.line(settings.policy.json)
            let policy = try SchedulePolicy(json: try JSONReader.read(line, name: "policy"))
            #expect(policy == settings.policy, "seed \(seed) round \(round)")
        }
    }

    @Test("a length of time is read as it was written (seeded)")
    func durations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let seconds = Self.duration(&generator)
            #expect(try DurationText.seconds(DurationText.text(seconds)) == seconds, "seed \(seed): \(seconds)")
        }
        #expect(DurationText.text(5400) == "1h30m" && DurationText.text(90061) == "1d1h1m1s")
        #expect(DurationText.text(0) == "0" && DurationText.text(0.25) == "0.25")
    }

    // MARK: Settings at random

    private static func settings(_ generator: inout SeededGenerator) -> RunSettings {
        var settings = RunSettings()
        if Bool.random(using: &generator) { settings.policy.limits.tasks = count(&generator) }
        if Bool.random(using: &generator) { settings.policy.limits.submitsPerMinute = count(&generator) }
        settings.policy.limits.collecting = count(&generator)
        for arch in ["x86_64", "s390x", "aarch64"] where Bool.random(using: &generator) {
            settings.policy.limits.perArch[arch] = count(&generator)
        }
        for _ in 0..<2 { settings.policy.limits.perTarget[text(&generator)] = count(&generator) }
        settings.policy.limits.perHub = [text(&generator): count(&generator)]
        if Bool.random(using: &generator) { settings.policy.deadline = duration(&generator) }
        if Bool.random(using: &generator) { settings.policy.taskDeadline = duration(&generator) }
        settings.policy.retry.attempts = count(&generator)
        settings.policy.retry.longestWait = duration(&generator)
        settings.policy.retry.firstWait =
            Bool.random(using: &generator) ? 0 : min(duration(&generator), settings.policy.retry.longestWait)
        settings.policy.keepsGoing = Bool.random(using: &generator)
        settings.policy.leavesOnTerm = Bool.random(using: &generator)
        settings.policy.images = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            ImageRule(
                match: text(&generator), deadline: Bool.random(using: &generator) ? duration(&generator) : nil,
                priority: Int.random(in: -1000...1000, using: &generator),
                attempts: Bool.random(using: &generator) ? count(&generator) : nil)
        }
        settings.failureRules = (0..<Int.random(in: 0...3, using: &generator)).map { number in
            let kind = SettingsKeys.causeClasses.randomElement(using: &generator) ?? "hub"
            let remedy = Bool.random(using: &generator) ? text(&generator) : nil
            return SettingsText.rule("\(number)\(text(&generator))", "(?i)a\\d+\(number)", kind, remedy)
        }
        settings.notificationScripts = ["/opt/" + text(&generator), "tell"]
        settings.notificationTimeout = duration(&generator)
        if Bool.random(using: &generator) { settings.freeze.file = "/srv/" + text(&generator) }
        settings.freeze.policy = Bool.random(using: &generator) ? .warn : .fail
        settings.history = (0..<Int.random(in: 0...2, using: &generator)).map { _ in "/srv/" + text(&generator) }
        settings.classicLog = Bool.random(using: &generator)
        return settings
    }

    private static func count(_ generator: inout SeededGenerator) -> Int {
        Bool.random(using: &generator)
            ? Int.random(in: 1...20, using: &generator) : Int.random(in: 1...(1 << 40), using: &generator)
    }

    /// Whole seconds, or milliseconds, up to the longest that is allowed.
    private static func duration(_ generator: inout SeededGenerator) -> Double {
        if Bool.random(using: &generator) { return Double(Int.random(in: 1...315_360_000, using: &generator)) }
        return Double(Int.random(in: 1...100_000, using: &generator)) / 1000
    }

    /// Texts that YAML could take for something else, or that need quotes.
    private static func text(_ generator: inout SeededGenerator) -> String {
        let odd = ["no", "44", "1.10", "null", "~a", "a: b", "# x", "*", "[a]", "é\u{1F427}", "'", "\"", "1:30", " a "]
        let first = odd.randomElement(using: &generator) ?? "a"
        return Bool.random(using: &generator) ? first : "\(first)\(Int.random(in: 0...99, using: &generator))"
    }
}
