import Koji

/// Where an image lies below the hub's topdir or topurl.
enum HubPath {
    /// A build's images lie with the build; a scratch task's lie with the arch task (after the parent has closed, behind
    /// a link to the scratch area).
    static func image(_ name: String, archTask: TaskID, build: HubResults.Build?) -> String {
        guard let build else { return PathInfo.taskFile(archTask, name: name) }
        return PathInfo.image(
            name,
            in: PathInfo.buildDirectory(
                name: build.name, version: build.version, release: build.release, volume: build.volume))
    }
}
