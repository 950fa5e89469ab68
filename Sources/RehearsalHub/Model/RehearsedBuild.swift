package import Koji

/// A submitted image build, in few words: what a trial of a client asks about at its end.
package struct RehearsedBuild: Sendable, Hashable {
    package let task: TaskID
    package let method: String
    /// The name of the user who submitted it.
    package let owner: String
    package let name: String
    package let version: String
    /// As it was asked for, or as the hub gave it since; nil while it is not known.
    package let release: String?
    package let arches: [String]
    package let state: TaskState
}

extension HubState {
    /// All image builds that were submitted, in order; what was submitted twice stands there twice.
    package var imageBuilds: [RehearsedBuild] {
        tasks.compactMap { task in
            guard task.parent == nil, let image = task.image else { return nil }
            return RehearsedBuild(
                task: task.id, method: task.method, owner: user(id: task.owner)?.name ?? "", name: image.name,
                version: image.version, release: image.release, arches: image.arches, state: task.state)
        }
    }
}
