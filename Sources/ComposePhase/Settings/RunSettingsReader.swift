import LibYAML
import ProductMD
import PungiConfig

/// Takes settings files in, one over the other, key by key.
struct RunSettingsReader {
    private(set) var settings = RunSettings()
    private let findings: SettingsFindings
    /// Where the waits were set last, by key, to say where two of them do not fit together.
    private var waitPlaces: [String: SourceLocation] = [:]

    init(findings: SettingsFindings) { self.findings = findings }

    /// Takes one file in, over what is there already.
    mutating func read(_ file: SettingsFile) {
        guard let table = file.table(findings) else { return }
        readPolicy(table)
        if let limits = table.section("limits") { readLimits(limits) }
        if let retry = table.section("retry") { readRetry(retry) }
        table.set("images", Self.images) { settings.policy.images = $0 ?? [] }
        if let notifications = table.section("notifications") {
            notifications.set("scripts", { $0.paths(areCommands: true) }) {
                settings.notificationScripts = $0 ?? []
            }
            notifications.set("timeout", { $0.duration() }) {
                settings.notificationTimeout = $0 ?? RunSettings().notificationTimeout
            }
        }
        table.set("history", { $0.paths() }) { settings.history = $0 ?? [] }
        if let results = table.section("results") { readResults(results) }
        if let freeze = table.section("freeze") {
            freeze.set("file", { $0.filePath() }) { settings.freeze.file = $0 }
            freeze.set("policy", { $0.word(of: FreezeRule.Policy.allCases.map(\.rawValue)) }) {
                settings.freeze.policy = $0.flatMap(FreezeRule.Policy.init) ?? FreezeRule.Setting().policy
            }
        }
        table.section("log")?.set("classic", { $0.flag() }) { settings.classicLog = $0 ?? RunSettings().classicLog }
    }

    /// What can be told only when all files are in.
    func checkTogether() {
        let retry = settings.policy.retry
        guard retry.firstWait > retry.longestWait,
            let place = waitPlaces["first_wait"] ?? waitPlaces["longest_wait"]
        else { return }
        findings.add(
            "value",
            "retry.first_wait (\(DurationText.text(retry.firstWait))) is longer than retry.longest_wait"
                + " (\(DurationText.text(retry.longestWait)))", at: place, fix: "set both")
    }

    // MARK: Sections

    private mutating func readPolicy(_ table: SettingsTable) {
        table.set("deadline", { $0.duration() }) { settings.policy.deadline = $0 }
        table.set("task_deadline", { $0.duration() }) { settings.policy.taskDeadline = $0 }
        table.set("on_failure", { $0.word(of: ["stop", "finish"]) }) { settings.policy.keepsGoing = $0 == "finish" }
        table.set("on_term", { $0.word(of: ["cancel", "leave"]) }) { settings.policy.leavesOnTerm = $0 == "leave" }
    }

    private mutating func readLimits(_ table: SettingsTable) {
        let standard = ScheduleLimits()
        var limits = settings.policy.limits
        // A limit of 0 would hold a run for ever.
        table.set("tasks", { $0.integer(atLeast: 1) }) { limits.tasks = $0 ?? standard.tasks }
        table.set("submits_per_minute", { $0.integer(atLeast: 1) }) { limits.submitsPerMinute = $0 }
        table.set("collecting", { $0.integer(atLeast: 1) }) { limits.collecting = $0 ?? standard.collecting }
        table.set("per_arch", { Self.counts($0, keys: ImageVocabulary.arches) }) {
            Self.lay($0, over: &limits.perArch)
        }
        table.set("per_target", { Self.counts($0) }) { Self.lay($0, over: &limits.perTarget) }
        table.set("per_hub", { Self.counts($0) }) { Self.lay($0, over: &limits.perHub) }
        settings.policy.limits = limits
    }

    private mutating func readRetry(_ table: SettingsTable) {
        let standard = RetryRules()
        var retry = settings.policy.retry
        table.set("attempts", { $0.integer(atLeast: 1) }) { retry.attempts = $0 ?? standard.attempts }
        table.set("first_wait", { $0.duration(allowsZero: true) }) { retry.firstWait = $0 ?? standard.firstWait }
        table.set("longest_wait", { $0.duration(allowsZero: true) }) { retry.longestWait = $0 ?? standard.longestWait }
        for key in ["first_wait", "longest_wait"] { waitPlaces[key] = table[key]?.location ?? waitPlaces[key] }
        settings.policy.retry = retry
        table.set("rules", Self.rules) { settings.failureRules = $0 ?? [] }
    }

    private mutating func readResults(_ table: SettingsTable) {
        let standard = ResultPolicy()
        let words = ResultPolicy.Answer.allCases.map(\.rawValue)
        var results = settings.results
        for code in ResultFinding.Code.allCases {
            table.set(code.rawValue, { $0.word(of: words) }) {
                results.answers[code] = $0.flatMap(ResultPolicy.Answer.init) ?? standard.answer(to: code)
            }
        }
        table.set("drift_percent", { $0.integer(atLeast: 1) }) { results.drift = $0 ?? standard.drift }
        table.set("most_bytes", { $0.integer(atLeast: 1) }) { results.mostBytes = $0 }
        settings.results = results
    }

    // MARK: Values

    /// Counts by name; a count of nil takes the name out again.
    private static func counts(_ entry: SettingsEntry, keys: Set<String>? = nil) -> [String: Int?]? {
        guard let entries = entry.entries() else { return nil }
        var counts: [String: Int?] = [:]
        for (key, place, entry) in entries {
            if let keys, !keys.contains(key) {
                entry.findings.add(
                    "value", "\(entry.path): '\(SettingsFindings.shown(key))' is no arch that images can have",
                    at: place, fix: nearest(to: key, in: Array(keys)).map { "did you mean '\($0)'?" })
            } else if entry.isNull {
                counts[key] = .some(nil)
            } else if let count = entry.integer(atLeast: 1) {
                counts[key] = count
            }
        }
        return counts
    }

    private static func lay(_ counts: [String: Int?]?, over limits: inout [String: Int]) {
        guard let counts else { return limits = [:] }
        for (name, count) in counts { limits[name] = count }
    }

    private static func images(_ entry: SettingsEntry) -> [ImageRule]? {
        entry.list()?.compactMap { item in
            guard let table = item.table("images"), let match = table.required("match")?.text() else { return nil }
            guard match.unicodeScalars.count <= 1000 else {
                table["match"]?.complain("value", "has more than 1000 characters")
                return nil
            }
            var rule = ImageRule(match: match)
            table.set("deadline", { $0.duration() }) { rule.deadline = $0 }
            table.set("priority", { $0.integer() }) { rule.priority = $0 }
            table.set("attempts", { $0.integer(atLeast: 1) }) { rule.attempts = $0 }
            if ["deadline", "priority", "attempts"].allSatisfy({ table[$0] == nil }) {
                item.complain("value", "sets nothing", fix: "give it a deadline, a priority or attempts")
            }
            return rule
        }
    }

    private static func rules(_ entry: SettingsEntry) -> [FailureRuleSetting]? {
        var names: [String: SourceLocation] = [:]
        return entry.list()?.compactMap { item in
            guard let table = item.table("retry.rules") else { return nil }
            let name = table.required("name")
            let pattern = table.required("pattern")
            let nameText = name?.text()
            let patternText = pattern?.text().flatMap { checked($0, pattern) }
            let kind = table.required("class")?.word(of: SettingsKeys.causeClasses)
            var remedy: String?
            table.set("remedy", { $0.text() }) { remedy = $0 }
            if let name, let nameText, let first = names.updateValue(name.location, forKey: nameText) {
                name.complain(
                    "value",
                    "is '\(SettingsFindings.shown(nameText))', as that of the rule at \(first)", fix: "rename one")
            }
            guard let nameText, let pattern, let patternText, let kind else { return nil }
            return FailureRuleSetting(
                name: nameText, pattern: patternText, kind: kind, remedy: remedy, location: item.location,
                patternLocation: pattern.location)
        }
    }

    /// The pattern, if it compiles.
    private static func checked(_ text: String, _ entry: SettingsEntry?) -> String? {
        do {
            _ = try SearchPattern(text)
            return text
        } catch {
            entry?.complain("pattern", "is no regular expression: \(error)")
            return nil
        }
    }
}
