import Koji

/// Where a file of a task's results lies below the hub's topdir or topurl.
enum HubPath {
    /// A build's files lie with the build; a scratch task's lie with the arch task (after the parent has closed, behind a link
    /// to the scratch area), on the volume that the hub names.
    static func file(_ name: String, archTask: TaskID, in results: HubResults) -> String {
        guard let build = results.build else {
            return PathInfo.taskFile(archTask, name: name, volume: results.outputs[archTask]?[name]?.volume)
        }
        return PathInfo.image(
            name,
            in: PathInfo.buildDirectory(
                name: build.name, version: build.version, release: build.release, volume: build.volume))
    }
}
