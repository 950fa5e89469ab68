/// A buildroot: where an arch task ran.
package struct BuildrootInfo: Sendable, Hashable {
    package enum State: Int, Sendable, Hashable {
        case initializing = 0
        case waiting = 1
        case building = 2
        case expired = 3
    }

    package let id: Int
    package let arch: String
    /// nil for a number that no known hub has.
    package let state: State?
    /// The arch task.
    package let task: TaskID?
    package let host: String?
    /// The repo that it was filled from.
    package let repo: Int?
    /// The build tag.
    package let tag: String?
    /// When it was made, in seconds since 1970.
    package let created: Double?

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        arch = try record.string("arch")
        state = record.optionalInt("state").flatMap { State(rawValue: $0) }
        task = record.optionalInt("task_id").map { TaskID($0) }
        host = record.optionalString("host_name")
        repo = record.optionalInt("repo_id")
        tag = record.optionalString("tag_name")
        created = record.optionalDouble("create_ts")
    }
}

/// A package that was installed in a buildroot.
package struct InstalledRPM: Sendable, Hashable {
    package let name: String
    package let epoch: Int?
    package let version: String
    package let release: String
    package let arch: String
    /// The repo that it came from when it was not built on this hub.
    package let externalRepo: String?

    init(_ record: Record) throws(KojiFailure) {
        name = try record.string("name")
        epoch = record.optionalInt("epoch")
        version = try record.string("version")
        release = try record.string("release")
        arch = try record.string("arch")
        // The hub's own packages have the repo 0, INTERNAL.
        externalRepo = record.optionalInt("external_repo_id") == 0 ? nil : record.optionalString("external_repo_name")
    }

    /// Name-version-release, without the epoch.
    package var nvr: String { "\(name)-\(version)-\(release)" }
}
