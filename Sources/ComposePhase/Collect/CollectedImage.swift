package import Koji

/// One image that lies in the compose tree.
package struct CollectedImage: Sendable, Hashable {
    package var task: ImageTaskID
    package var hubTask: TaskID
    /// The arch child that made it.
    package var archTask: TaskID
    package var variant: String
    package var subvariant: String
    package var arch: String
    /// The metadata's type and format.
    package var type: String
    package var format: String
    /// Below `compose/`, as images.json has it.
    package var path: String
    /// Bytes.
    package var size: Int
    /// Whole seconds since 1970.
    package var mtime: Int
    /// Hexadecimal digests by name: md5, sha1, sha256.
    package var checksums: [String: String]
    /// Name-version-release of its build; for a scratch build that of the task.
    package var nvr: String
    /// Nil for a scratch build.
    package var buildID: Int?
    /// Where it came from.
    package var source: String
    /// The hub's archive record of it; nil for a scratch build.
    package var archiveID: Int?
    /// The label of an ISO, as it stands in the file.
    package var volumeID: String?
    /// What isomd5sum put into an ISO.
    package var implantMD5: String?
    /// What the builder left beside it and the compose keeps: manifests, SBOMs.
    package var sideFiles: [SideFile] = []
    /// With what, and from what, it was built, as far as that can be told.
    package var origin: BuildOrigin?
    /// What is to be said of the results of its arch; stands with the arch's first image.
    package var findings: [ResultFinding] = []
}
