package import ComposePhase
package import ProductMD

/// One entry of `schedules:` of the service's settings: what is composed, and by which rule.
package struct ScheduleSettings: Sendable, Hashable {
    package var rule: ScheduleRule
    /// As it stands in the file; which configurations may be used is said elsewhere.
    package var config: String
    /// The name of a target.
    package var target: String
    package var type = ComposeType.nightly
    package var label: String?
    package var hasNoLabel = false
    /// Only these images: `NAME[,ARCH...]`, as `run --only`.
    package var only: [String] = []
    package var keepsGoing = false
    package var profile: String?
    /// The path of settings of runs; nil for those of the service.
    package var settings: String?
    /// Programs that are told of this schedule's alarms and nights, beside those of the service.
    package var scripts: [String] = []

    /// The keys, for ``SettingsKeys`` of the whole file. An entry is read as `schedules`.
    package static let keys: [String: [String]] = [
        "schedules": [
            "name", "config", "target", "type", "label", "no_label", "only", "keep_going", "koji_profile", "settings",
            "scripts", "calendar", "time_zone", "skip_unchanged", "catch_up", "on_collision", "retry", "alarm_after",
            "alarm_while_paused", "incomplete_is_well", "latest", "latest_status",
        ],
        "schedules.retry": ["times", "wait", "causes"],
    ]

    /// Nights that come closer than this are a slip of the fingers (`*-*-* 3:*`), in seconds.
    package static let shortestPeriod = 600.0

    /// Reads the list. What is wrong is found all at once; entries with something wrong are left out.
    ///
    /// - Parameters:
    ///   - entry: the value of `schedules`.
    ///   - now: a calendar whose last time was before is refused.
    package static func read(
        _ entry: SettingsEntry, zones: TimeZoneDatabase, now: Instant
    ) -> [ScheduleSettings]? {
        var names: [String: SettingsEntry] = [:]
        return entry.list()?.compactMap { item in
            guard let table = item.table("schedules") else { return nil }
            let settings = ScheduleSettings(table, zones: zones, now: now)
            if let name = table["name"], let text = settings?.rule.name,
                let first = names.updateValue(name, forKey: text)
            {
                name.complain(
                    "value", "is '\(SettingsFindings.shown(text))', as that of the schedule at \(first.location)",
                    fix: "rename one")
                return nil
            }
            return settings
        }
    }

    private init?(_ table: SettingsTable, zones: TimeZoneDatabase, now: Instant) {
        let name = table.required("name").flatMap(Self.name)
        let config = table.required("config")?.text()
        let target = table.required("target")?.text()
        let times = Self.times(table, zones: zones, now: now)
        var rule = ScheduleRule(name: name ?? "", calendar: .init(), zone: .utc)
        Self.read(table, into: &rule)
        var own = ScheduleSettings(rule: rule, config: config ?? "", target: target ?? "")
        table.set("type", { $0.word(of: ComposeType.allCases.map(\.rawValue)) }) {
            own.type = $0.flatMap(ComposeType.init) ?? .nightly
        }
        table.set("label", { $0.text().flatMap(Self.label(at: $0)) }) { own.label = $0 }
        table.set("no_label", { $0.flag() }) { own.hasNoLabel = $0 ?? false }
        if own.type == .production, own.label == nil, !own.hasNoLabel, table["label"] == nil {
            table.itself.complain(
                "value", "is for production composes, which have a label",
                fix: "give it a label, or no_label: true, or the type nightly")
        }
        table.set("only", { $0.list()?.compactMap { $0.text() } }) { own.only = $0 ?? [] }
        table.set("keep_going", { $0.flag() }) { own.keepsGoing = $0 ?? false }
        table.set("koji_profile", { $0.text() }) { own.profile = $0 }
        table.set("settings", { $0.filePath() }) { own.settings = $0 }
        table.set("scripts", { $0.paths(areCommands: true) }) { own.scripts = $0 ?? [] }
        guard name != nil, config != nil, target != nil, let times else { return nil }
        (own.rule.calendar, own.rule.zone) = times
        self = own
    }

    private init(rule: ScheduleRule, config: String, target: String) {
        self.rule = rule
        self.config = config
        self.target = target
    }

    // MARK: Values

    /// Names stand in addresses of the API, in metrics and in log lines.
    private static func name(_ entry: SettingsEntry) -> String? {
        guard let text = entry.text() else { return nil }
        let isPlain = text.utf8.allSatisfy {
            (97...122).contains($0 | 0x20) || (48...57).contains($0) || "._-".utf8.contains($0)
        }
        guard isPlain, text.utf8.count <= 64, text != ".", text != ".." else {
            entry.complain("value", "must be of at most 64 letters, digits, '.', '_' and '-'")
            return nil
        }
        return text
    }

    private static func label(at entry: SettingsEntry) -> (String) -> String? {
        { text in
            if (try? ComposeLabel(text)) != nil { return text }
            entry.complain(
                "value", "is no label: '\(SettingsFindings.shown(text))'",
                fix: "write NAME-N.N, where NAME is one of \(ComposeLabel.names.joined(separator: ", "))")
            return nil
        }
    }

    /// The calendar and its time zone.
    private static func times(
        _ table: SettingsTable, zones: TimeZoneDatabase, now: Instant
    ) -> (CalendarExpression, TimeZoneRules)? {
        let zoneEntry = table["time_zone"].flatMap { $0.isNull ? nil : $0 }
        let zoneName = zoneEntry?.text()
        guard let entry = table.required("calendar"), let text = entry.text() else { return nil }
        let expression: CalendarExpression
        do {
            expression = try CalendarExpression(text)
        } catch {
            entry.complain(
                "calendar", "is no calendar expression: \(error.problem), at character \(error.position)",
                fix: "systemd-analyze calendar '\(SettingsFindings.shown(text))' says more about it")
            return nil
        }
        guard zoneEntry == nil || zoneName != nil else { return nil }
        if let own = expression.timeZone, let zoneName, own != zoneName {
            entry.complain(
                "calendar", "names the time zone \(own), but time_zone is \(SettingsFindings.shown(zoneName))",
                fix: "leave one of them out")
            return nil
        }
        let zone: TimeZoneRules
        do {
            if let name = expression.timeZone ?? zoneName {
                zone = try zones.rules(of: name)
            } else {
                zone = try zones.localRules()
            }
        } catch {
            (expression.timeZone == nil ? zoneEntry ?? entry : entry)
                .complain("time-zone", "cannot be used: \(error.description)")
            return nil
        }
        return isUsable(expression, in: zone, at: entry, now: now) ? (expression, zone) : nil
    }

    private static func isUsable(
        _ expression: CalendarExpression, in zone: TimeZoneRules, at entry: SettingsEntry, now: Instant
    ) -> Bool {
        guard var time = expression.next(after: now, in: zone) else {
            entry.complain("calendar", "never comes: there is no such time from now on")
            return false
        }
        // Enough to see the times of some days.
        for _ in 0..<100 {
            guard let next = expression.next(after: time, in: zone) else { return true }
            if next - time < shortestPeriod {
                entry.complain(
                    "calendar", "comes more often than every ten minutes",
                    fix: "write *-*-* 03:00 for once a night, hourly for once an hour")
                return false
            }
            time = next
        }
        return true
    }

    private static func read(_ table: SettingsTable, into rule: inout ScheduleRule) {
        let standard = ScheduleRule(name: "", calendar: .init(), zone: .utc)
        table.set("skip_unchanged", { $0.flag() }) { rule.skipsUnchanged = $0 ?? standard.skipsUnchanged }
        table.set("catch_up", { $0.duration(allowsZero: true) }) { rule.catchUp = $0 ?? standard.catchUp }
        table.set("on_collision", { $0.word(of: ScheduleRule.Collision.allCases.map(\.rawValue)) }) {
            rule.onCollision = $0.flatMap(ScheduleRule.Collision.init) ?? standard.onCollision
        }
        rule.alarmAfter = 3 * 86_400
        table.set("alarm_after", { $0.duration(allowsZero: true) }) {
            rule.alarmAfter = $0 == 0 ? nil : $0 ?? 3 * 86_400
        }
        table.set("alarm_while_paused", { $0.flag() }) { rule.alarmsWhilePaused = $0 ?? standard.alarmsWhilePaused }
        table.set("incomplete_is_well", { $0.flag() }) { rule.incompleteIsWell = $0 ?? standard.incompleteIsWell }
        var isLinked = true
        table.set("latest", { $0.flag() }) { isLinked = $0 ?? true }
        var linked: Set<ComposeStatus> = [.finished, .finishedIncomplete]
        let words = linked.map(\.rawValue).sorted()
        table.set("latest_status", { $0.list()?.compactMap { $0.word(of: words) } }) {
            if let words = $0 { linked = Set(words.compactMap(ComposeStatus.init)) }
        }
        rule.linked = isLinked ? linked : []
        guard let retry = table["retry"], !retry.isNull, let section = retry.table("schedules.retry") else { return }
        rule.retry.times = 1
        section.set("times", { $0.integer(atLeast: 0) }) { rule.retry.times = min($0 ?? 1, 10) }
        section.set("wait", { $0.duration(allowsZero: true) }) { rule.retry.wait = $0 ?? standard.retry.wait }
        section.set("causes", { $0.list()?.compactMap { $0.word(of: SettingsKeys.causeClasses) } }) {
            rule.retry.on = $0.map { Set($0.compactMap(CauseClass.init)) } ?? ScheduleRule.Retry.transient
        }
    }
}
