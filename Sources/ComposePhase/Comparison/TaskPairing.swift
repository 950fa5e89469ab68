import ProductMD

/// Finds for each task of one plan the task of another plan that it was.
///
/// Ids alone do not tell: a block that was put before others of its name shifts their numbers, and a new image type or
/// name makes another id of the same image.
struct TaskPairing {
    /// Tasks that are not the same, in the order of the new plan.
    private(set) var pairs: [(old: ImageTask, new: ImageTask)] = []
    /// How many tasks are the same in both plans.
    private(set) var same = 0
    private(set) var gone: [ImageTask]
    private(set) var added: [ImageTask]

    /// - Parameters:
    ///   - oldKey: equal to `newKey` of a task that is the same.
    init(
        _ old: [ImageTask], _ new: [ImageTask], oldKey: (ImageTask) -> [UInt8], newKey: (ImageTask) -> [UInt8]
    ) {
        let order = Dictionary(new.enumerated().map { ($1.id, $0) }) { first, _ in first }
        gone = old
        added = new
        pair(oldKey, newKey, onlySingles: false)
        same = pairs.count
        pairs = []
        let names: [(ImageTask) -> [JSONValue]] = [
            { [.string($0.variant), Self.name($0), Self.types($0)] },
            { [.string($0.variant), Self.name($0)] },
            { [.string($0.variant), Self.types($0), .string($0.subvariant)] },
        ]
        for (index, name) in names.enumerated() { pair(name, name, onlySingles: index > 0) }
        pairs.sort { order[$0.new.id, default: 0] < order[$1.new.id, default: 0] }
    }

    /// Pairs what has one key, in order.
    ///
    /// - Parameter onlySingles: only where just one of either plan is left with that key: else it would be guessing.
    private mutating func pair<Key: Hashable>(
        _ oldKey: (ImageTask) -> Key, _ newKey: (ImageTask) -> Key, onlySingles: Bool
    ) {
        guard !gone.isEmpty, !added.isEmpty else { return }
        var olds: [Key: [ImageTask]] = [:]
        // Turned round, so that the first is the last and cheap to take.
        for task in gone.reversed() { olds[oldKey(task), default: []].append(task) }
        let keys = added.map(newKey)
        let counts = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
        var left: [ImageTask] = []
        var paired: Set<ImageTaskID> = []
        for (task, key) in zip(added, keys) {
            let isSure = !onlySingles || (counts[key] == 1 && olds[key]?.count == 1)
            guard isSure, let old = olds[key]?.popLast() else {
                left.append(task)
                continue
            }
            pairs.append((old, task))
            paired.insert(old.id)
        }
        added = left
        gone.removeAll { paired.contains($0.id) }
    }

    private static func name(_ task: ImageTask) -> JSONValue { task.params.count > 3 ? task.params[3] : .null }
    private static func types(_ task: ImageTask) -> JSONValue { task.params.count > 2 ? task.params[2] : .null }
}
