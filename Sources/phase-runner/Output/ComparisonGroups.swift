import ComposePhase

/// The changed tasks of a comparison, arranged so that what changes alike in several images is told once.
struct ComparisonGroups {
    /// Changes that the same images have.
    struct Group {
        let tasks: [TaskChange]
        let fields: [FieldChange]
        /// Whether these are all images that both plans have.
        let isAll: Bool
    }

    /// Those of many images first, then single images in the plan's order.
    let groups: [Group]

    init(_ comparison: PlanComparison) {
        let changed = comparison.changed
        var tasks: [FieldChange: [Int]] = [:]
        var order: [FieldChange] = []
        for (index, task) in changed.enumerated() {
            for field in task.fields {
                if tasks[field] == nil { order.append(field) }
                tasks[field, default: []].append(index)
            }
        }
        var fields: [[Int]: [FieldChange]] = [:]
        var shared: [[Int]] = []
        for field in order {
            guard let members = tasks[field] else { continue }
            if fields[members] == nil { shared.append(members) }
            fields[members, default: []].append(field)
        }
        let sorted = shared.sorted { left, right in
            let sizes = (left.count > 1 ? left.count : 1, right.count > 1 ? right.count : 1)
            return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : left.lexicographicallyPrecedes(right)
        }
        groups = sorted.map { members in
            Group(
                tasks: members.map { changed[$0] }, fields: fields[members] ?? [],
                isAll: members.count == changed.count && comparison.unchanged == 0)
        }
    }
}
