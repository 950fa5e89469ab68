package import ProductMD

/// What consumers see of a compose directory.
package struct ReadCompose: Sendable {
    /// A document: read, not there, or not to be read.
    package enum Document<Value: Sendable>: Sendable {
        case read(Value)
        case absent
        case unreadable(String)

        package var value: Value? { if case .read(let value) = self { value } else { nil } }
    }

    /// A file or directory below `compose/`.
    package struct File: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case file
            case directory
            /// Where it points, and whether that is within the compose.
            case link(target: String, staysInside: Bool)
            /// A device, a socket, a pipe.
            case other
        }

        package var kind: Kind
        /// Bytes, of what a link leads to.
        package var size: Int
        /// Whole seconds since 1970, of what a link leads to.
        package var mtime: Int
        /// Whether everybody may read it, and enter it if it is a directory.
        package var isPublic: Bool

        package init(kind: Kind, size: Int, mtime: Int, isPublic: Bool) {
            self.kind = kind
            self.size = size
            self.mtime = mtime
            self.isPublic = isPublic
        }
    }

    package var composeID: Document<String>
    package var status: Document<String>
    package var info: Document<ComposeInfoDocument>
    package var images: Document<ImagesManifest>
    package var deliverables: Document<JSONValue>
    package var provenance: Document<JSONValue>
    package var isRehearsal: Bool
    /// By path below `compose/`.
    package var files: [String: File]
    /// There were more files than are looked at.
    package var isCut: Bool
    /// Checksum files by path below `compose/`.
    package var checksumFiles: [String: [UInt8]]
    /// Digests that were taken of the images' files; nil where nobody asked for them.
    package var digests: [String: [String: String]]?

    package init(
        composeID: Document<String> = .absent, status: Document<String> = .absent,
        info: Document<ComposeInfoDocument> = .absent, images: Document<ImagesManifest> = .absent,
        deliverables: Document<JSONValue> = .absent, provenance: Document<JSONValue> = .absent,
        isRehearsal: Bool = false, files: [String: File] = [:], isCut: Bool = false,
        checksumFiles: [String: [UInt8]] = [:], digests: [String: [String: String]]? = nil
    ) {
        self.composeID = composeID
        self.status = status
        self.info = info
        self.images = images
        self.deliverables = deliverables
        self.provenance = provenance
        self.isRehearsal = isRehearsal
        self.files = files
        self.isCut = isCut
        self.checksumFiles = checksumFiles
        self.digests = digests
    }
}
