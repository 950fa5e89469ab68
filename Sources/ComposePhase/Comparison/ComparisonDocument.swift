package import ProductMD

/// A comparison as a document: what `diff --format json` prints (docs/plan-documents.md).
package enum ComparisonDocument {
    static let type = "phase-runner.plan-comparison"
    static let version = "1.0"

    /// - Parameters:
    ///   - old: what the old plan is called: a path, `REV:path`.
    ///   - new: the same of the new plan.
    package static func encode(_ comparison: PlanComparison, old: String, new: String) -> JSONValue {
        var disregarded: [JSONValue] = []
        if comparison.disregarded.composes { disregarded.append("compose") }
        if comparison.disregarded.place { disregarded.append("place") }
        let payload: [String: JSONValue] = [
            "same": .bool(comparison.isSame),
            "old": side(old, comparison.old),
            "new": side(new, comparison.new),
            "disregarded": .array(disregarded),
            "compose": .array(comparison.compose.map(encode)),
            "tasks": tasks(comparison),
            "repos": encode(comparison.repos),
            "refs": encode(comparison.refs),
            "skipped": pair(
                added: comparison.skipped.added.map(PlanDocument.encode),
                gone: comparison.skipped.gone.map(PlanDocument.encode)),
            "diagnostics": pair(
                added: comparison.problems.added.map(PlanDocument.encode),
                gone: comparison.problems.gone.map(PlanDocument.encode)),
        ]
        return .object([
            "header": .object(["type": .string(type), "version": .string(version)]), "payload": .object(payload),
        ])
    }

    private static func side(_ name: String, _ compose: PlannedCompose) -> JSONValue {
        .object(["name": .string(name), "compose": PlanDocument.encode(compose)])
    }

    private static func tasks(_ comparison: PlanComparison) -> JSONValue {
        .object([
            "added": .array(comparison.added.map(encode)), "gone": .array(comparison.gone.map(encode)),
            "changed": .array(comparison.changed.map(encode)), "unchanged": .int(comparison.unchanged),
        ])
    }

    private static func pair(added: [JSONValue], gone: [JSONValue]) -> JSONValue {
        .object(["added": .array(added), "gone": .array(gone)])
    }

    private static func encode(_ task: ImageTask) -> JSONValue {
        let summary = TaskSummary(task)
        return .object([
            "id": .string(task.id.text), "variant": .string(task.variant), "subvariant": .string(task.subvariant),
            "target": summary.target.map { .string($0) } ?? .null, "name": .string(summary.name),
            "version": .string(summary.version), "release": summary.release.map { .string($0) } ?? .null,
            "types": strings(summary.types), "arches": strings(task.arches.map(\.arch)),
            "can_fail": .bool(task.canFail),
        ])
    }

    private static func encode(_ change: TaskChange) -> JSONValue {
        .object([
            "id": .string(change.id.text), "old_id": .string(change.oldID.text),
            "fields": .array(change.fields.map(encode)),
        ])
    }

    private static func encode(_ field: FieldChange) -> JSONValue {
        var members: [String: JSONValue] = ["path": .string(field.path)]
        switch field.kind {
        case .value(let old, let new):
            members["kind"] = "value"
            // Without the member there is no value; null is one.
            members["old"] = old
            members["new"] = new
        case .items(let gone, let added):
            members["kind"] = "items"
            members["gone"] = .array(gone)
            members["added"] = .array(added)
        case .order(let old, let new):
            members["kind"] = "order"
            members["old"] = .array(old)
            members["new"] = .array(new)
        }
        return .object(members)
    }

    private static func encode(_ uses: UseChange) -> JSONValue {
        func list(_ uses: [UseChange.Use]) -> [JSONValue] {
            uses.map { .object(["text": .string($0.text), "images": .int($0.images)]) }
        }
        return pair(added: list(uses.added), gone: list(uses.gone))
    }

    private static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
}

/// What a list of tasks says of one.
package struct TaskSummary: Sendable, Hashable {
    package let target: String?
    package let name: String
    package let version: String
    /// Nil where the hub takes its next one.
    package let release: String?
    package let types: [String]

    package init(_ task: ImageTask) {
        let request = RequestView(task)
        target = request.target
        name = request.name
        version = request.version
        release = request.release
        types = task.params.count > 2 ? task.params[2].array?.compactMap(\.string) ?? [] : []
    }
}
