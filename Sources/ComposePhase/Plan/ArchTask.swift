/// What one arch of an image task will do on its builder.
package struct ArchTask: Sendable, Hashable {
    /// The arch, which is also the label of the hub's arch task.
    package var arch: String
    /// Whether the image may do without this arch.
    package var failable: Bool
    /// Repository URLs as the builder sees them, `$arch` and `$basearch` replaced.
    package var repos: [String]
    /// The ostree ref as the builder sees it, `$arch` replaced; nil for an image without one.
    package var ostreeRef: String?
    /// The `image-builder` command line that the builder runs, as near as it can be known before the task exists.
    package var command: [String]

    package init(arch: String, failable: Bool, repos: [String], ostreeRef: String?, command: [String]) {
        self.arch = arch
        self.failable = failable
        self.repos = repos
        self.ostreeRef = ostreeRef
        self.command = command
    }
}
