/// What kind of thing made a build fail: it decides whether doing it again can help.
package enum CauseClass: String, Sendable, Hashable, CaseIterable {
    /// The builder itself: loop devices, mock, a full disk, a host that went away.
    case builder
    case network
    /// A repository that is not there yet or is being changed.
    case repository
    /// The hub was in trouble.
    case hub
    /// What was to be built cannot be built: packages, blueprint, sizes.
    case content
    /// What was asked for is not right: target, arch, name, release.
    case config
    /// No rule knows it.
    case unknown

    /// Whether the same build may succeed later with nothing changed.
    package var isTransient: Bool {
        switch self {
        case .builder, .network, .repository, .hub: true
        case .content, .config, .unknown: false
        }
    }
}

/// Why a task failed, as far as a rule could tell.
package struct FailureCause: Sendable, Hashable {
    /// The name of the rule.
    package var rule: String
    package var kind: CauseClass
    /// What a person can do about it.
    package var remedy: String?
    /// The line that told, fit for a terminal.
    package var evidence: String

    package init(rule: String, kind: CauseClass, remedy: String?, evidence: String) {
        self.rule = rule
        self.kind = kind
        self.remedy = remedy
        self.evidence = evidence
    }
}
