package import Koji

/// A task without a parent, in few words: what a trial of a client asks about at its end.
package struct MadeTask: Sendable, Hashable {
    package let id: TaskID
    package let method: String
    /// The name of the user who made it.
    package let owner: String
    /// What is built; nil for tasks that build no image.
    package let name: String?
    package let version: String?
    /// As it was asked for, or as the hub gave it since; nil while it is not known.
    package let release: String?
    package let arches: [String]
    package let state: TaskState
}

extension HubState {
    /// All tasks without a parent, in the order in which they were made.
    package var madeTasks: [MadeTask] {
        tasks.filter { $0.parent == nil }.map { task in
            MadeTask(
                id: task.id, method: task.method, owner: user(id: task.owner)?.name ?? "", name: task.image?.name,
                version: task.image?.version, release: task.image?.release, arches: task.image?.arches ?? [],
                state: task.state)
        }
    }
}
