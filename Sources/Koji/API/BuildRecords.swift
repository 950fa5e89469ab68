/// A build, as the hub records it.
package struct BuildInfo: Sendable, Hashable {
    package let id: Int
    package let name: String
    package let version: String
    package let release: String
    package let state: BuildState
    /// `DEFAULT` unless the build was put elsewhere.
    package let volume: String
    /// The task that made it; nil for a build that was imported.
    package let task: TaskID?
    /// The owner's name.
    package let owner: String?
    /// When it was complete, in seconds since 1970; nil while it is not, and where builds are told without times.
    package let completed: Double?
    /// The tag that it was found in; nil where it was not looked for by a tag.
    package let tag: String?

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("build_id")
        name = try record.string("name")
        version = try record.string("version")
        release = try record.string("release")
        state = BuildState(rawValue: try record.int("state")) ?? .building
        volume = record.optionalString("volume_name") ?? "DEFAULT"
        task = record.optionalInt("task_id").map { TaskID($0) }
        owner = record.optionalString("owner_name")
        completed = record.optionalDouble("completion_ts")
        tag = record.optionalString("tag_name")
    }

    /// Name-version-release. Not to be taken apart again: any part may hold a hyphen.
    package var nvr: String { "\(name)-\(version)-\(release)" }
}

/// What became of a build.
package enum BuildState: Int, Sendable, Hashable {
    case building = 0
    case complete = 1
    case deleted = 2
    case failed = 3
    case canceled = 4
}

/// One file of a build.
package struct Archive: Sendable, Hashable {
    package let id: Int
    package let fileName: String
    /// Bytes.
    package let size: Int
    /// `md5`, `sha1` or `sha256`; nil for a kind that is not known.
    package let checksumKind: String?
    /// Hexadecimal.
    package let checksum: String
    /// nil where the file was not asked for as an image.
    package let arch: String?
    /// The hub's name for the kind of file, e.g. `raw-xz`, `qcow2`, `iso`.
    package let typeName: String?
    /// The buildroot that made it.
    package let buildroot: Int?
    /// Whether the hub knows the file but does not keep it.
    package let isMetadataOnly: Bool

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        fileName = try record.string("filename")
        size = try record.int("size")
        checksum = try record.string("checksum")
        checksumKind =
            switch try record.int("checksum_type") {
            case 0: "md5"
            case 1: "sha1"
            case 2: "sha256"
            default: nil
            }
        arch = record.optionalString("arch")
        typeName = record.optionalString("type_name")
        buildroot = record.optionalInt("buildroot_id")
        isMetadataOnly = record.isTrue("metadata_only")
    }
}

/// A log that is kept with a build.
package struct BuildLog: Sendable, Hashable {
    package let name: String
    /// Its folder below the build's logs, e.g. `image/x86_64`.
    package let directory: String
    /// Below the hub's topurl.
    package let path: String

    init(_ record: Record) throws(KojiFailure) {
        name = try record.string("name")
        directory = try record.string("dir")
        path = try record.string("path")
    }
}
