import ProductMD

/// The parameters of a task, read back for checks.
struct RequestView {
    let target: String?
    let type: String?
    let name: String
    let version: String
    let options: [String: JSONValue]

    init(_ task: ImageTask) {
        func text(_ index: Int) -> String? {
            if index < task.params.count, case .string(let text) = task.params[index] { text } else { nil }
        }
        target = text(0)
        if task.params.count > 2, case .array(let types) = task.params[2], case .string(let text)? = types.first {
            type = text
        } else {
            type = nil
        }
        name = text(3) ?? ""
        version = text(4) ?? ""
        if task.params.count > 5, case .object(let members) = task.params[5] {
            options = members
        } else {
            options = [:]
        }
    }

    var release: String? {
        if case .string(let text)? = options["release"] { text } else { nil }
    }

    var isScratch: Bool { options["scratch"] == .bool(true) }

    /// Whether the image is itself a commit of an ostree repository, and takes none.
    var makesCommit: Bool { type.map { $0.hasSuffix("-commit") || $0.hasSuffix("-container") } ?? false }
}
