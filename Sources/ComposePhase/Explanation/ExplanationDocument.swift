package import ProductMD
import PungiConfig

/// An explanation as a document, for programs.
package enum ExplanationDocument {
    package static func encode(_ explanation: TaskExplanation) -> JSONValue {
        var payload: [String: JSONValue] = [
            "compose": .string(explanation.compose.id),
            "task": .string(explanation.task.id.text),
            "variant": .string(explanation.task.variant),
            "pattern": encode(explanation.pattern),
            "block": encode(explanation.block),
            "fields": .array(explanation.fields.map(encode)),
            "unset": .array(explanation.unset.map { .string($0) }),
        ]
        if let command = explanation.command { payload["command"] = encode(command) }
        return .object([
            "header": .object(["type": "phase-runner.explanation", "version": "1.0"]), "payload": .object(payload),
        ])
    }

    private static func encode(_ field: FieldExplanation) -> JSONValue {
        .object([
            "name": .string(field.name), "value": field.value ?? .null, "is_sent": .bool(field.value != nil),
            "sources": .array(field.sources.map(encode)), "note": field.note.map { .string($0) } ?? .null,
        ])
    }

    private static func encode(_ source: ExplainedSource) -> JSONValue {
        .object(
            place(source.location).merging([
                "place": .string(source.place.rawValue), "state": .string(source.state.rawValue),
                "option": .string(source.option), "text": .string(source.text),
                "steps": .array(source.steps.map(encode)),
            ]) { $1 })
    }

    private static func encode(_ step: ExplainedStep) -> JSONValue {
        .object(
            place(step.location).merging([
                "kind": .string(step.kind), "text": .string(step.text), "depth": .int(step.depth),
            ]) { $1 })
    }

    private static func encode(_ command: CommandExplanation) -> JSONValue {
        .object([
            "arches": .array(
                command.arches.map {
                    .object([
                        "arch": .string($0.arch), "failable": .bool($0.failable),
                        "words": .array($0.words.map { .string($0) }), "shell": .string($0.shell),
                    ])
                }),
            "blueprint": command.blueprint ?? .null,
            "remarks": .array(command.remarks.map { .string($0) }),
        ])
    }

    private static func place(_ location: SourceLocation?) -> [String: JSONValue] {
        [
            "file": location.map { .string($0.file) } ?? .null, "line": location.map { .int($0.line) } ?? .null,
            "column": location.map { .int($0.column) } ?? .null,
        ]
    }
}
