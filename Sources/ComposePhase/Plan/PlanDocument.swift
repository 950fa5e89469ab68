package import ProductMD
package import PungiConfig

/// The plan as a document: what `plan --format json` prints and `run --plan` reads (fixed in the design).
package enum PlanDocument {
    /// The header's type.
    package static let type = "phase-runner.plan"
    static let version = "1.0"

    /// The document as a value; `JSONWriter` prints it.
    package static func encode(_ plan: PhasePlan) -> JSONValue {
        var payload: [String: JSONValue] = [
            "compose": encode(plan.compose),
            "tasks": .array(plan.tasks.map(encode)),
            "skipped": .array(plan.skipped.map(encode)),
            "diagnostics": .array(plan.diagnostics.map(encode)),
        ]
        if let sources = plan.sources {
            payload["sources"] = .array(
                sources.map { .object(["path": .string($0.path), "sha256": .string($0.sha256)]) })
        }
        return .object([
            "header": .object(["type": .string(type), "version": .string(version)]), "payload": .object(payload),
        ])
    }

    package static func encode(_ compose: PlannedCompose) -> JSONValue {
        .object([
            "id": .string(compose.id), "date": .string(compose.date), "type": .string(compose.type),
            "respin": .int(compose.respin), "label": compose.label.map { .string($0) } ?? .null,
            "release_short": .string(compose.releaseShort), "release_version": .string(compose.releaseVersion),
        ])
    }

    static func encode(_ block: SkippedBlock) -> JSONValue {
        .object([
            "variant": .string(block.variant), "block": .string(block.block), "reason": .string(block.reason),
        ])
    }

    private static func encode(_ task: ImageTask) -> JSONValue {
        .object([
            "id": .string(task.id.text), "variant": .string(task.variant), "subvariant": .string(task.subvariant),
            "manifest_type": task.manifestType.map { .string($0) } ?? .null, "method": .string(task.method),
            "params": .array(task.params), "failable_arches": strings(task.failableArches),
            "can_fail": .bool(task.canFail), "arches": .array(task.arches.map(encode)),
        ])
    }

    private static func encode(_ arch: ArchTask) -> JSONValue {
        .object([
            "arch": .string(arch.arch), "failable": .bool(arch.failable), "repos": strings(arch.repos),
            "ostree_ref": arch.ostreeRef.map { .string($0) } ?? .null, "command": strings(arch.command),
        ])
    }

    package static func encode(_ diagnostic: Diagnostic) -> JSONValue {
        .object([
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
            "message": .string(diagnostic.message),
            "file": diagnostic.location.map { .string($0.file) } ?? .null,
            "line": diagnostic.location.map { .int($0.line) } ?? .null,
            "column": diagnostic.location.map { .int($0.column) } ?? .null,
            "notes": strings(diagnostic.notes), "fix": diagnostic.fix.map { .string($0) } ?? .null,
        ])
    }

    private static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
}

// MARK: - Reading a reviewed plan

extension PlanDocument {
    /// Why a file is not a plan that can be run.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a plan back.
    ///
    /// Strict: a reviewed plan is carried out to the letter, so a key that is missing, of another type or not known is
    /// refused and named.
    package static func decode(_ value: JSONValue) throws(Failure) -> PhasePlan {
        let document = try Fields(value, path: "plan")
        let header = try document.fields("header")
        guard try header.string("type") == type else {
            throw Failure(description: "the header's type is not \(type): this file is not a plan")
        }
        guard try header.string("version") == version else {
            throw Failure(description: "the plan's version is not \(version); make it again with this phase-runner")
        }
        let payload = try document.fields("payload")
        try document.refuseOthers()
        let compose = try payload.fields("compose")
        let planned = PlannedCompose(
            id: try compose.string("id"), date: try compose.string("date"), type: try compose.string("type"),
            respin: try compose.int("respin"), label: try compose.optionalString("label"),
            releaseShort: try compose.string("release_short"), releaseVersion: try compose.string("release_version"))
        try compose.refuseOthers()
        var tasks: [ImageTask] = []
        for entry in try payload.list("tasks") { tasks.append(try task(entry)) }
        guard Set(tasks.map(\.id)).count == tasks.count else {
            throw Failure(description: "two tasks of the plan have the same id")
        }
        var skipped: [SkippedBlock] = []
        for entry in try payload.list("skipped") {
            skipped.append(
                SkippedBlock(
                    variant: try entry.string("variant"), block: try entry.string("block"),
                    reason: try entry.string("reason")))
        }
        var diagnostics: [Diagnostic] = []
        for entry in try payload.list("diagnostics") { diagnostics.append(try diagnostic(entry)) }
        let sources = try sources(payload)
        try payload.refuseOthers()
        return PhasePlan(
            compose: planned, tasks: tasks, skipped: skipped, diagnostics: diagnostics, sources: sources)
    }

    private static func task(_ entry: Fields) throws(Failure) -> ImageTask {
        var arches: [ArchTask] = []
        for arch in try entry.list("arches") {
            arches.append(
                ArchTask(
                    arch: try arch.string("arch"), failable: try arch.bool("failable"),
                    repos: try arch.strings("repos"),
                    ostreeRef: try arch.optionalString("ostree_ref"), command: try arch.strings("command")))
            try arch.refuseOthers()
        }
        let task = ImageTask(
            id: ImageTaskID(try entry.string("id")), variant: try entry.string("variant"),
            subvariant: try entry.string("subvariant"), manifestType: try entry.optionalString("manifest_type"),
            method: try entry.string("method"), params: try entry.values("params"),
            failableArches: try entry.strings("failable_arches"), canFail: try entry.bool("can_fail"), arches: arches)
        try entry.refuseOthers()
        return task
    }

    /// Nil in a plan of a version that wrote none.
    private static func sources(_ payload: Fields) throws(Failure) -> [PlanSource]? {
        guard payload.has("sources") else { return nil }
        var sources: [PlanSource] = []
        for entry in try payload.list("sources") {
            sources.append(PlanSource(path: try entry.string("path"), sha256: try entry.string("sha256")))
            try entry.refuseOthers()
        }
        return sources
    }

    private static func diagnostic(_ entry: Fields) throws(Failure) -> Diagnostic {
        guard let severity = Severity(rawValue: try entry.string("severity")) else {
            throw Failure(description: "\(entry.path).severity is none of note, warning, error")
        }
        var location: SourceLocation?
        if let file = try entry.optionalString("file") {
            location = SourceLocation(
                file: file, line: try entry.optionalInt("line") ?? 1, column: try entry.optionalInt("column") ?? 1)
        }
        return Diagnostic(
            severity: severity, code: try entry.string("code"), message: try entry.string("message"),
            location: location, notes: try entry.has("notes") ? entry.strings("notes") : [],
            fix: try entry.has("fix") ? entry.optionalString("fix") : nil)
    }
}
