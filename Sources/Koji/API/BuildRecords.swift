/// A build, as the hub records it.
package struct BuildInfo: Sendable, Hashable {
    package let id: Int
    package let name: String
    package let version: String
    package let release: String
    package let state: BuildState
    /// `DEFAULT` unless the build was put elsewhere.
    package let volume: String

    init(_ value: XMLRPCValue, of method: String, url: String) throws(KojiFailure) {
        let record = try Record(value, of: method, url: url)
        id = try record.int("build_id")
        name = try record.string("name")
        version = try record.string("version")
        release = try record.string("release")
        state = BuildState(rawValue: try record.int("state")) ?? .building
        volume = record.optionalString("volume_name") ?? "DEFAULT"
    }
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
    package let fileName: String
    /// Bytes.
    package let size: Int
    /// `md5`, `sha1` or `sha256`; nil for a kind that is not known.
    package let checksumKind: String?
    /// Hexadecimal.
    package let checksum: String

    init(_ value: XMLRPCValue, url: String) throws(KojiFailure) {
        let record = try Record(value, of: "listArchives", url: url)
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
    }
}

/// One file of a task's output.
package struct OutputFile: Sendable, Hashable {
    package let name: String
    /// Bytes.
    package let size: Int
}
