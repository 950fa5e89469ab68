package import ProductMD

extension BuildOrigin {
    /// As events and provenance hold it.
    package var json: JSONValue {
        .object([
            "host": Self.text(host), "buildroot": buildroot.map { .int($0) } ?? .null,
            "toolchain": .object(toolchain.mapValues { .string($0) }),
            "repositories": .array(
                repositories.map {
                    .object([
                        "url": .string($0.url), "revision": Self.text($0.revision), "checksum": Self.text($0.checksum),
                    ])
                }),
            "ostree": ostree.map {
                .object(["url": .string($0.url), "ref": .string($0.ref), "commit": Self.text($0.commit)])
            } ?? .null,
            "seed": seed.map { .int($0) } ?? .null,
        ])
    }

    /// Reads ``json`` again. What is missing or of another kind is not known.
    package init(json: JSONValue) {
        self.init(
            host: json["host"]?.string, buildroot: json["buildroot"]?.int,
            toolchain: (json["toolchain"]?.object ?? [:]).compactMapValues(\.string),
            repositories: (json["repositories"]?.array ?? []).compactMap { repository in
                repository["url"]?.string.map {
                    Repository(
                        url: $0, revision: repository["revision"]?.string, checksum: repository["checksum"]?.string)
                }
            }, seed: json["seed"]?.int)
        if let part = json["ostree"], let url = part["url"]?.string, let ref = part["ref"]?.string {
            ostree = OSTree(url: url, ref: ref, commit: part["commit"]?.string)
        }
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension SideFile {
    /// As events and provenance hold it.
    package var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "path": .string(path), "size": .int(size), "sha256": .string(sha256),
        ])
    }

    /// Reads ``json`` again; nil for what is none.
    package init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let path = json["path"]?.string,
            let size = json["size"]?.int, let sha256 = json["sha256"]?.string
        else { return nil }
        self.init(kind: kind, path: path, size: size, sha256: sha256)
    }
}
