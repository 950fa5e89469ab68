package import ProductMD
import PungiConfig

/// What `validate --format json` prints.
package enum DiagnosticsDocument {
    /// The document of several configurations, in the order of the command line.
    package static func encode(_ examinations: [ConfigExamination], strictly: Bool) -> JSONValue {
        .object([
            "header": .object(["type": .string("phase-runner.diagnostics"), "version": .string("1.0")]),
            "payload": .object([
                "configs": .array(examinations.map { encode($0, strictly: strictly) }),
                "summary": .object([
                    "configs": .int(examinations.count),
                    "passed": .int(examinations.count { $0.passes(strictly: strictly) }),
                    "errors": .int(examinations.map { $0.count(.error) }.reduce(0, +)),
                    "warnings": .int(examinations.map { $0.count(.warning) }.reduce(0, +)),
                    "silenced": .int(examinations.map(\.silenced.count).reduce(0, +)),
                ]),
            ]),
        ])
    }

    private static func encode(_ examination: ConfigExamination, strictly: Bool) -> JSONValue {
        .object([
            "config": .string(examination.config),
            "passed": .bool(examination.passes(strictly: strictly)),
            "diagnostics": .array(examination.diagnostics.map(encode)),
            "silenced": .array(examination.silenced.map(encode)),
        ])
    }

    private static func encode(_ diagnostic: Diagnostic) -> JSONValue {
        .object([
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
            "message": .string(diagnostic.message), "option": diagnostic.option.map { .string($0) } ?? .null,
            "file": diagnostic.location.map { .string($0.file) } ?? .null,
            "line": diagnostic.location.map { .int($0.line) } ?? .null,
            "column": diagnostic.location.map { .int($0.column) } ?? .null,
            "notes": .array(diagnostic.notes.map { .string($0) }),
            "fix": diagnostic.fix.map { .string($0) } ?? .null,
        ])
    }
}
