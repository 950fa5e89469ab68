/// Which packages of a buildroot are kept in an image's origin: what made the image, not the hundreds around it.
package struct ToolchainNames: Sendable, Hashable {
    /// What a freeze file names, in addition.
    package let frozen: Set<String>

    package init(frozen: Set<String> = []) { self.frozen = frozen }

    /// image-builder and osbuild with their parts, under the names that Fedora has had for them.
    package func contains(_ name: String) -> Bool {
        frozen.contains(name) || Self.families.contains { name == $0 || name.hasPrefix("\($0)-") }
            || name == "python3-osbuild"
    }

    private static let families = ["image-builder", "osbuild", "bootc-image-builder", "koji-image-builder"]
}
