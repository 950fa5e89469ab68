import ComposePhase
import ProductMD

/// Every image's old call beside its new one, for a person.
enum MigrationText {
    static func lines(_ migration: Migration) -> [String] {
        guard let tasks = migration.tasks else { return [] }
        var rest = tasks
        var lines: [String] = []
        for call in migration.calls {
            guard let place = rest.firstIndex(where: { $0.variant == call.variant && name(of: $0) == call.name }) else {
                continue
            }
            lines += compared(call, rest.remove(at: place))
        }
        return lines
    }

    private static func compared(_ call: OsbuildCall, _ task: ImageTask) -> [String] {
        let new = task.params
        let options: [String: JSONValue] = if case .object(let members)? = new.last { members } else { [:] }
        let rows: [(String, JSONValue?, JSONValue?)] = [
            ("target", call.target.map { .string($0) }, new.first),
            ("type", .string(call.imageType), first(new.count > 2 ? new[2] : nil)),
            ("arches", .array(call.arches.map { .string($0) }), new.count > 1 ? new[1] : nil),
            ("version", .string(call.version), new.count > 4 ? new[4] : nil),
            ("release", call.options["release"], options["release"]),
            ("repos", call.options["repo"], options["repos"]),
            ("ostree", call.options["ostree"], options["ostree"]),
            ("customizations", call.options["customizations"], options["blueprint"]),
            ("upload", call.options["upload_options"], nil),
            ("failable", strings(call.failable), strings(task.failableArches)),
        ]
        var lines = ["\(call.variant)/\(call.name): osbuildImage -> \(task.method)"]
        for (name, old, new) in rows where old != nil || new != nil {
            let (old, new) = (old.map(text) ?? "none", new.map(text) ?? "none")
            let name = name + String(repeating: " ", count: 15 - name.count)
            lines.append(old == new ? "  \(name)\(old)" : "  \(name)\(old) -> \(new)")
        }
        return lines
    }

    private static func name(of task: ImageTask) -> String? {
        guard task.params.count > 3, case .string(let name) = task.params[3] else { return nil }
        return name
    }

    private static func first(_ value: JSONValue?) -> JSONValue? {
        guard case .array(let items)? = value, items.count == 1 else { return value }
        return items[0]
    }

    private static func strings(_ texts: [String]) -> JSONValue? {
        texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }

    /// In one line, without the quotes of texts.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let items): items.map(text).joined(separator: " ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key)=\(nested($0.value))" }.joined(separator: " ")
        default: nested(value)
        }
    }

    private static func nested(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(String(decoding: JSONWriter.line(value), as: UTF8.self).prefix { !$0.isNewline })
    }
}
