/// A file that a builder left beside an image, kept with the compose.
package struct SideFile: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// image-builder's own description of the build, from which the image can be made again.
        case manifest
        /// A list of what is in the image or in its buildroot (SPDX).
        case sbom
    }

    package var kind: Kind
    /// Below `compose/`.
    package var path: String
    /// Bytes.
    package var size: Int
    /// Hexadecimal.
    package var sha256: String

    package init(kind: Kind, path: String, size: Int, sha256: String) {
        self.kind = kind
        self.path = path
        self.size = size
        self.sha256 = sha256
    }
}
