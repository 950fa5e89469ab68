package import LibYAML

extension RunSettings {
    /// What holds, with every key: as YAML, ``RunSettings/read(_:)`` gives the same settings from it.
    package var yaml: YAMLValue {
        let limits = policy.limits
        let retry = policy.retry
        let results = YAMLValue.record(
            ResultFinding.Code.allCases.map { ($0.rawValue, .string(self.results.answer(to: $0).rawValue)) } + [
                ("drift_percent", .int(self.results.drift)),
                ("most_bytes", self.results.mostBytes.map(YAMLValue.int) ?? .null),
            ])
        return .record([
            (
                "limits",
                .record([
                    ("tasks", limits.tasks == .max ? .null : .int(limits.tasks)),
                    ("per_arch", Self.counts(limits.perArch)), ("per_target", Self.counts(limits.perTarget)),
                    ("per_hub", Self.counts(limits.perHub)),
                    ("submits_per_minute", limits.submitsPerMinute.map(YAMLValue.int) ?? .null),
                    ("collecting", .int(limits.collecting)),
                ])
            ),
            ("deadline", Self.duration(policy.deadline)), ("task_deadline", Self.duration(policy.taskDeadline)),
            (
                "retry",
                .record([
                    ("attempts", .int(retry.attempts)), ("first_wait", Self.duration(retry.firstWait)),
                    ("longest_wait", Self.duration(retry.longestWait)), ("rules", .list(failureRules.map(Self.rule))),
                ])
            ),
            ("on_failure", .string(policy.keepsGoing ? "finish" : "stop")),
            ("on_term", .string(policy.leavesOnTerm ? "leave" : "cancel")),
            ("images", .list(policy.images.map(Self.image))),
            (
                "notifications",
                .record([
                    ("scripts", Self.texts(notificationScripts)), ("timeout", Self.duration(notificationTimeout)),
                ])
            ),
            ("history", Self.texts(history)), ("results", results),
            (
                "freeze",
                .record([
                    ("file", freeze.file.map(YAMLValue.string) ?? .null), ("policy", .string(freeze.policy.rawValue)),
                ])
            ),
            ("log", .record([("classic", .bool(classicLog))])),
        ])
    }

    /// ``yaml`` as bytes, to be shown or kept.
    package func encode() throws(YAMLFailure) -> [UInt8] { try YAMLWriter.write(yaml) }

    private static func duration(_ seconds: Double?) -> YAMLValue {
        guard let seconds else { return .null }
        if seconds == 0 { return .int(0) }
        return seconds == seconds.rounded(.down) ? .string(DurationText.text(seconds)) : .double(seconds)
    }

    private static func texts(_ texts: [String]) -> YAMLValue { .list(texts.map(YAMLValue.string)) }

    private static func counts(_ counts: [String: Int]) -> YAMLValue {
        .record(counts.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })
    }

    private static func image(_ rule: ImageRule) -> YAMLValue {
        .record([
            ("match", .string(rule.match)), ("deadline", duration(rule.deadline)),
            ("priority", rule.priority.map(YAMLValue.int) ?? .null),
            ("attempts", rule.attempts.map(YAMLValue.int) ?? .null),
        ])
    }

    private static func rule(_ rule: FailureRuleSetting) -> YAMLValue {
        .record([
            ("name", .string(rule.name)), ("pattern", .string(rule.pattern)), ("class", .string(rule.kind)),
            ("remedy", rule.remedy.map(YAMLValue.string) ?? .null),
        ])
    }
}

extension YAMLValue {
    fileprivate static func record(_ members: [(String, YAMLValue)]) -> YAMLValue {
        .mapping(members.map { Entry($0.0, $0.1) })
    }
}
