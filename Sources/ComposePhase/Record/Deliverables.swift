package import ProductMD

/// What was required, what was tried and what failed: `logs/global/deliverables.json`, and what Pungi's phase gets back.
///
/// As Pungi's `failable()` keeps books: what may fail is attempted, all else required, and what failed of the former is
/// failed, too. A whole image has the arch `*` and no subvariant; beyond it, a failable arch that is missing from a good
/// image has an entry of its own, which Pungi forgets.
package struct Deliverables: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        let task: ImageTask
        let arch: String
        /// Why it failed.
        var reason: String?

        var subvariant: JSONValue { arch == "*" ? .null : .string(task.subvariant) }
    }

    private(set) var required: [Entry] = []
    private(set) var attempted: [Entry] = []
    private(set) var failed: [Entry] = []

    package init(tasks: [ImageTask], state: ScheduleState?) {
        for task in tasks {
            let whole = Entry(task: task, arch: "*")
            if task.canFail { attempted.append(whole) } else { required.append(whole) }
            switch state?[task.id]?.phase {
            case .failed(_, let failure)? where task.canFail:
                failed.append(Entry(task: task, arch: "*", reason: failure.description))
            case .done(_, _, let missing)?:
                for (arch, failure) in missing.sorted(by: { $0.key < $1.key }) {
                    failed.append(Entry(task: task, arch: arch, reason: failure.description))
                }
            default: break
            }
        }
    }

    /// What other phases wrote, and ours: an entry that is there already is not written twice.
    static func merged(_ own: JSONValue, into bytes: [UInt8]?) -> JSONValue {
        // What is no such document is of no use to anybody; ours takes its place.
        guard let bytes, var merged = (try? JSONReader.read(bytes, name: ComposeLayout.deliverables))?.object,
            let own = own.object
        else { return own }
        for (table, kinds) in own {
            var others = merged[table]?.object ?? [:]
            for (kind, entries) in kinds.object ?? [:] {
                let known = others[kind]?.array ?? []
                others[kind] = .array(known + (entries.array ?? []).filter { !known.contains($0) })
            }
            merged[table] = .object(others)
        }
        return .object(merged)
    }

    /// In the form of `deliverables.json`: by kind, each as variant, arch and subvariant.
    package var json: JSONValue {
        .object(["required": table(required), "failed": table(failed), "attempted": table(attempted)])
    }

    private func table(_ entries: [Entry]) -> JSONValue {
        .object(
            Dictionary(grouping: entries, by: \.task.method).mapValues { entries in
                .array(entries.map { .array([.string($0.task.variant), .string($0.arch), $0.subvariant]) })
            })
    }
}
