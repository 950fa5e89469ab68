package import ProductMD

/// `logs/global/deliverables.json`: what was required, what was tried, what failed, by kind.
///
/// As Pungi's bookkeeping: one entry (variant, arch, subvariant) for each task with arch `*` and no subvariant; beyond
/// it, a failable arch that is missing from a good image has an entry of its own, which Pungi forgets.
package struct Deliverables: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        let variant: String
        let arch: String
        let subvariant: String?
    }

    private var required: [String: [Entry]] = [:]
    private var failed: [String: [Entry]] = [:]
    private var attempted: [String: [Entry]] = [:]

    package init(tasks: [ImageTask], state: ScheduleState) {
        for task in tasks {
            let whole = Entry(variant: task.variant, arch: "*", subvariant: nil)
            guard task.canFail else {
                required[task.method, default: []].append(whole)
                addMissing(of: task, state)
                continue
            }
            if case .failed? = state[task.id]?.phase {
                failed[task.method, default: []].append(whole)
            } else {
                attempted[task.method, default: []].append(whole)
            }
            addMissing(of: task, state)
        }
    }

    private mutating func addMissing(of task: ImageTask, _ state: ScheduleState) {
        guard case .done(_, _, let missing)? = state[task.id]?.phase else { return }
        for arch in missing.keys.sorted() {
            failed[task.method, default: []].append(
                Entry(variant: task.variant, arch: arch, subvariant: task.subvariant))
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

    package var json: JSONValue {
        .object(["required": table(required), "failed": table(failed), "attempted": table(attempted)])
    }

    private func table(_ kinds: [String: [Entry]]) -> JSONValue {
        .object(
            kinds.mapValues { entries in
                .array(
                    entries.map {
                        .array([.string($0.variant), .string($0.arch), $0.subvariant.map { .string($0) } ?? .null])
                    })
            })
    }
}
