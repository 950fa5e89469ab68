import Koji

/// Cancelling and doing again.
extension HubState {
    /// Cancels a task, with `recursing` all below it, and the build that it is making. Finished ones stay as they are.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    mutating func cancel(_ id: TaskID, recursing: Bool) -> Bool {
        guard let task = task(id), !task.state.isFinal else { return false }
        endBuild(of: id, as: .canceled)
        move(id, to: .canceled)
        release(task)
        if recursing { for child in task.children { cancel(child, recursing: true) } }
        childEnded(of: task.parent)
        return true
    }

    /// The top of the tree that a task is in.
    func top(of task: HubTask) -> HubTask {
        var task = task
        while let parent = task.parent.flatMap({ self.task($0) }) { task = parent }
        return task
    }

    /// All tasks below a task, a level at a time.
    func descendants(of id: TaskID) -> [HubTask] {
        var found: [HubTask] = []
        var level = [id]
        while !level.isEmpty {
            let children = level.flatMap { task($0)?.children ?? [] }
            found += children.compactMap { task($0) }
            level = children
        }
        return found
    }
}
