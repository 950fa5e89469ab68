/// Why a task failed, as the rules tell it.
package struct FailureCause: Sendable, Hashable {
    /// The name of the rule; `unknown` when none knew.
    package var rule: String
    package var kind: CauseClass
    /// What a person does about it; nil when nothing is known.
    package var remedy: String?
    /// The line that the rule found, cleaned for a terminal, at most 300 characters. Without a rule the last line there
    /// is.
    package var evidence: String

    package init(rule: String, kind: CauseClass, remedy: String?, evidence: String) {
        self.rule = rule
        self.kind = kind
        self.remedy = remedy
        self.evidence = EvidenceLine.cleaned(evidence)
    }

    /// The name of a cause that no rule knows.
    package static let unknownRule = "unknown"

    /// Class, rule, evidence and remedy in one line.
    package var sentence: String {
        var parts = [rule == Self.unknownRule ? kind.words : "\(kind.words) (\(rule))"]
        if !evidence.isEmpty { parts[0] += ": \(evidence)" }
        if let remedy { parts.append(remedy) }
        return parts.joined(separator: ". ")
    }
}
