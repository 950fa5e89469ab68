package import PungiConfig

/// What a settings file says about runs. Without a file everything has its default.
package struct RunSettings: Sendable, Hashable {
    /// What the schedule holds to.
    package var policy = SchedulePolicy()
    /// Programs that are told what happens, as Pungi's `--notification-script`.
    package var notificationScripts: [String] = []
    /// Seconds that one call of a notification script may take.
    package var notificationTimeout = 60.0
    /// Files and directories with the history that estimates come from, as `--history`.
    package var history: [String] = []
    /// Own rules on why builds fail, tried before the built-in ones, in this order.
    package var failureRules: [FailureRuleSetting] = []
    /// What becomes of findings about results.
    package var results = ResultPolicy()
    /// What images are held against after they were built, and what follows when one does not hold.
    package var freeze = FreezeRule.Setting()
    /// Whether Pungi's log lines (`[BEGIN]`, `[DONE ]`, …) are written.
    package var classicLog = true

    package init() {}
}

/// A rule of one's own on why builds fail.
package struct FailureRuleSetting: Sendable, Hashable {
    /// A name for messages and reports; no other rule of the settings has it.
    package var name: String
    /// A regular expression of Python's kind. It compiles.
    package var pattern: String
    /// The class of the cause: `builder`, `network`, `repository`, `hub`, `content` or `config`.
    package var kind: String
    /// What a person can do about it.
    package var remedy: String?
    /// Where the rule begins.
    package var location: SourceLocation
    /// Where its pattern stands, for what is found wrong with it later.
    package var patternLocation: SourceLocation

    package init(
        name: String, pattern: String, kind: String, remedy: String?, location: SourceLocation,
        patternLocation: SourceLocation
    ) {
        self.name = name
        self.pattern = pattern
        self.kind = kind
        self.remedy = remedy
        self.location = location
        self.patternLocation = patternLocation
    }

    /// Places do not count: two files that say the same are the same.
    package static func == (left: Self, right: Self) -> Bool {
        (left.name, left.pattern, left.kind, left.remedy) == (right.name, right.pattern, right.kind, right.remedy)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(pattern)
        hasher.combine(kind)
        hasher.combine(remedy)
    }
}

extension FailureRuleSetting {
    /// As failures are judged by it; nil for a pattern that cannot be used, which the reader refuses.
    package var rule: CauseRule? {
        guard let kind = CauseClass(rawValue: kind) else { return nil }
        return try? CauseRule(name: name, pattern: pattern, kind: kind, remedy: remedy)
    }
}
