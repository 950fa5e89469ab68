/// With what, and from what, an image was built: what an auditor of a frozen release asks for.
package struct BuildOrigin: Sendable, Hashable {
    /// A repository that the builder installed from.
    package struct Repository: Sendable, Hashable {
        /// As the builder used it, its arch filled in.
        package var url: String
        /// `revision` of its repomd.xml; nil where it could not be read.
        package var revision: String?
        /// SHA-256 of its repomd.xml, hexadecimal.
        package var checksum: String?

        package init(url: String, revision: String?, checksum: String?) {
            self.url = url
            self.revision = revision
            self.checksum = checksum
        }
    }

    /// The ostree commit that an image carries.
    package struct OSTree: Sendable, Hashable {
        package var url: String
        package var ref: String
        /// 64 hexadecimal digits; nil where it could not be told.
        package var commit: String?

        package init(url: String, ref: String, commit: String?) {
            self.url = url
            self.ref = ref
            self.commit = commit
        }
    }

    /// The builder's host name.
    package var host: String?
    /// The buildroot that image-builder ran in.
    package var buildroot: Int?
    /// What image-builder and its parts were: NVR by package name, as installed in the buildroot.
    package var toolchain: [String: String]
    package var repositories: [Repository]
    package var ostree: OSTree?
    /// The seed that the request had.
    package var seed: Int?

    package init(
        host: String? = nil, buildroot: Int? = nil, toolchain: [String: String] = [:],
        repositories: [Repository] = [], ostree: OSTree? = nil, seed: Int? = nil
    ) {
        self.host = host
        self.buildroot = buildroot
        self.toolchain = toolchain
        self.repositories = repositories
        self.ostree = ostree
        self.seed = seed
    }
}
