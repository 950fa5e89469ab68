import ProductMD

/// Compares two tasks field by field, as a person names the fields.
struct TaskComparison {
    let values: ValueComparison

    func changes(_ old: ImageTask, _ new: ImageTask) -> [FieldChange] {
        var changes: [FieldChange] = []
        func compare(_ path: String, _ before: JSONValue?, _ after: JSONValue?, isVersion: Bool = false) {
            changes += values.changes(path, before, after, isVersion: isVersion)
        }
        compare("method", .string(old.method), .string(new.method))
        if let before = Request(old), let after = Request(new) {
            compare("name", before.name, after.name)
            compare("target", before.target, after.target)
            compare("types", before.types, after.types)
            compare("arches", before.arches, after.arches)
            compare("version", before.version, after.version, isVersion: true)
            compare("release", before.options["release"], after.options["release"], isVersion: true)
            compareRecord(old, new, &changes)
            compare("repos", before.options["repos"], after.options["repos"])
            for key in Set(before.options.keys).union(after.options.keys).subtracting(["release", "repos"])
                .sorted(by: byCodePoint)
            {
                compare(key, before.options[key], after.options[key])
            }
        } else {
            compareRecord(old, new, &changes)
            compare("params", .array(old.params), .array(new.params))
        }
        // What each arch does comes of the rest; it counts where a plan was changed by hand.
        return changes.isEmpty ? arches(old, new) : changes
    }

    /// What is not sent, but says how the images are recorded and what may fail.
    private func compareRecord(_ old: ImageTask, _ new: ImageTask, _ changes: inout [FieldChange]) {
        func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }
        changes += values.changes("subvariant", text(old.subvariant), text(new.subvariant))
        changes += values.changes("manifest_type", text(old.manifestType), text(new.manifestType))
        changes += values.changes("failable", list(old.failableArches), list(new.failableArches))
        changes += values.changes("can_fail", .bool(old.canFail), .bool(new.canFail))
    }

    private func arches(_ old: ImageTask, _ new: ImageTask) -> [FieldChange] {
        let olds = Dictionary(old.arches.map { ($0.arch, $0) }) { first, _ in first }
        let changes = new.arches.flatMap { after -> [FieldChange] in
            guard let before = olds[after.arch] else {
                return values.changes("arches", list(old.arches.map(\.arch)), list(new.arches.map(\.arch)))
            }
            let path = "arches[\(after.arch)]"
            return values.changes("\(path).failable", .bool(before.failable), .bool(after.failable))
                + values.changes("\(path).repos", list(before.repos), list(after.repos))
                + values.changes(
                    "\(path).ostree_ref", before.ostreeRef.map { .string($0) }, after.ostreeRef.map { .string($0) })
                + values.changes("\(path).command", list(command(before)), list(command(after)))
        }
        return changes.isEmpty && old.arches.count != new.arches.count
            ? values.changes("arches", list(old.arches.map(\.arch)), list(new.arches.map(\.arch))) : changes
    }

    /// Without the output's name, which is made of name, version and release.
    private func command(_ arch: ArchTask) -> [String] {
        var words = arch.command
        if let option = words.firstIndex(of: "--output-name"), option + 1 < words.count { words.remove(at: option + 1) }
        return words
    }

    private func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// All of a task by which it is the same as another.
    func key(_ task: ImageTask, _ traces: ComposeTraces) -> [UInt8] {
        var params = task.params
        if let request = Request(task) {
            var options = request.options
            options["release"] = options["release"].map { version($0, traces) }
            params = [
                request.target, request.arches, request.types, request.name, version(request.version, traces),
                .object(options),
            ]
        }
        let arches = task.arches.map { arch -> JSONValue in
            .array([
                .string(arch.arch), .bool(arch.failable), list(arch.repos), arch.ostreeRef.map { .string($0) } ?? .null,
                list(command(arch)),
            ])
        }
        return values.key(
            .array([
                .string(task.variant), .string(task.subvariant), task.manifestType.map { .string($0) } ?? .null,
                .string(task.method), .array(params), list(task.failableArches), .bool(task.canFail), .array(arches),
            ]), traces)
    }

    private func version(_ value: JSONValue, _ traces: ComposeTraces) -> JSONValue {
        if case .string(let text) = value { .string(traces.key(version: text)) } else { value }
    }

    /// The parameters of `imageBuilderBuild` by their names; nil for a call of another shape.
    private struct Request {
        let target: JSONValue
        let arches: JSONValue
        let types: JSONValue
        let name: JSONValue
        let version: JSONValue
        let options: [String: JSONValue]

        init?(_ task: ImageTask) {
            guard task.method == ImageBuilderRequest.method, task.params.count == 6,
                case .object(let options) = task.params[5]
            else { return nil }
            target = task.params[0]
            arches = task.params[1]
            types = task.params[2]
            name = task.params[3]
            version = task.params[4]
            self.options = options
        }
    }
}
