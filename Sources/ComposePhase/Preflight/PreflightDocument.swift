package import ProductMD

/// A preflight for programs: `phase-runner.preflight` 1.0.
package struct PreflightDocument: Sendable {
    package let report: PreflightReport
    /// The id of the compose that the plan is for.
    package let compose: String
    /// The hub's URL.
    package let hub: String
    /// The host that looked.
    package let host: String
    package let isRehearsal: Bool

    package init(report: PreflightReport, compose: String, hub: String, host: String, isRehearsal: Bool) {
        self.report = report
        self.compose = compose
        self.hub = hub
        self.host = host
        self.isRehearsal = isRehearsal
    }

    package var encoded: JSONValue {
        let summary: [String: JSONValue] = [
            "passed": .int(report.count(.passed)), "warnings": .int(report.count(.warning)),
            "failed": .int(report.count(.failed)), "not_checked": .int(report.count(.notChecked)),
        ]
        return .object([
            "header": .object(["type": .string("phase-runner.preflight"), "version": .string("1.0")]),
            "payload": .object([
                "compose": .string(compose), "hub": .string(hub), "host": .string(host),
                "is_rehearsal": .bool(isRehearsal), "summary": .object(summary),
                "checks": .array(report.checks.map(Self.encoded)),
            ]),
        ])
    }

    private static func encoded(_ check: PreflightCheck) -> JSONValue {
        .object([
            "subject": .string(check.subject.rawValue), "name": .string(check.name),
            "verdict": .string(check.verdict.rawValue.replacing(" ", with: "_")), "finding": .string(check.finding),
            "remedy": check.remedy.map { .string($0) } ?? .null, "arch": check.arch.map { .string($0) } ?? .null,
            "tasks": check.tasks.map { .array($0.map { .string($0.text) }) } ?? .null,
        ])
    }
}
