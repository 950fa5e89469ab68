package import ProductMD

/// Holds a compose against what its consumers rely on.
package enum ComposeCheck {
    /// All findings that concern some of the given consumers: errors first, then by place.
    package static func findings(_ compose: ReadCompose, for consumers: Set<Consumer>) -> [CheckFinding] {
        let found =
            DocumentRules.findings(compose) + StatusRules.findings(compose) + TreeRules.findings(compose)
            + ChecksumRules.findings(compose) + MatchingRules.findings(compose) + ProvenanceRules.findings(compose)
        return found.filter { !consumers.isDisjoint(with: $0.consumers) }.sorted {
            ($0.severity == .error ? 0 : 1, $0.place, $0.code, $0.message)
                < ($1.severity == .error ? 0 : 1, $1.place, $1.code, $1.message)
        }
    }

    /// The findings as a document.
    package static func document(_ found: [CheckFinding], composeID: String?) -> JSONValue {
        .object([
            "header": .object(["type": "phase-runner.check", "version": "1.0"]),
            "payload": .object([
                "compose": composeID.map { .string($0) } ?? .null,
                "errors": .int(found.count { $0.severity == .error }),
                "warnings": .int(found.count { $0.severity == .warning }),
                "findings": .array(found.map(\.json)),
            ]),
        ])
    }
}
