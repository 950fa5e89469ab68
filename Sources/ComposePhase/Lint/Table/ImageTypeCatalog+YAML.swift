package import LibYAML

extension ImageTypeCatalog {
    /// Reads the document that `image-types.yaml` explains at its head.
    ///
    /// - Parameter name: what the document is called in errors.
    package init(yaml bytes: [UInt8], name: String) throws(YAMLFailure) {
        let document = try YAMLReader.read(bytes, name: name)
        var reader = CatalogReader(document: name)
        try reader.checkKeys(of: document, among: ["blueprints", "distributions"])
        for (key, value) in try reader.pairs(document["blueprints"], "blueprints") {
            reader.blueprints[key] = try reader.texts(value, key)
        }
        var distributions: [Distribution] = []
        for node in try reader.items(document["distributions"], "distributions") {
            distributions.append(try reader.distribution(node))
        }
        self.init(distributions: distributions)
    }
}

/// Takes the document apart; every surprise is an error with its place.
private struct CatalogReader {
    let document: String
    var blueprints: [String: [String]] = [:]

    func distribution(_ node: YAMLNode) throws(YAMLFailure) -> ImageTypeCatalog.Distribution {
        try checkKeys(of: node, among: ["name", "like", "types", "gone"])
        var types: [ImageTypeCatalog.ImageType] = []
        for item in try items(node["types"], "types") { types.append(try type(item)) }
        var gone: [ImageTypeCatalog.GoneType] = []
        if let list = node["gone"] {
            for item in try items(list, "gone") {
                try checkKeys(of: item, among: ["name", "suffix", "now"])
                gone.append(
                    .init(
                        name: try needed("name", item), suffix: try needed("suffix", item),
                        now: try needed("now", item)))
            }
        }
        return .init(
            name: try needed("name", node),
            like: try node["like"].map { like throws(YAMLFailure) in
                try texts(like, "like")
            } ?? [], types: types, gone: gone)
    }

    private func type(_ node: YAMLNode) throws(YAMLFailure) -> ImageTypeCatalog.ImageType {
        try checkKeys(
            of: node,
            among: [
                "name", "aliases", "arches", "suffix", "metadata", "blueprint", "requires", "ostree", "expected",
                "subvariant", "rhel-only",
            ])
        var metadata: ImageTypeCatalog.Metadata?
        if let text = try text("metadata", node) {
            let words = text.split(separator: "/").map(String.init)
            guard words.count == 2 else { throw failure("metadata is TYPE/FORMAT, not \(text)", node) }
            metadata = .init(type: words[0], format: words[1])
        }
        var blueprint: [String]?
        if let list = try text("blueprint", node) {
            guard let parts = blueprints[list] else { throw failure("there is no blueprint list \(list)", node) }
            blueprint = parts
        }
        var ostree = ImageTypeCatalog.OSTreeUse.none
        if let word = try text("ostree", node) {
            guard let use = ImageTypeCatalog.OSTreeUse(rawValue: word) else {
                throw failure("ostree is takes or makes, not \(word)", node)
            }
            ostree = use
        }
        return .init(
            name: try needed("name", node), aliases: try list("aliases", node), arches: try list("arches", node),
            suffix: try needed("suffix", node), metadata: metadata, blueprint: blueprint,
            requires: try list("requires", node), ostree: ostree, expected: try text("expected", node),
            subvariant: try text("subvariant", node), isRHELOnly: try text("rhel-only", node) == "yes")
    }

    // MARK: The shapes

    func checkKeys(of node: YAMLNode, among known: Set<String>) throws(YAMLFailure) {
        guard case .mapping(let pairs, _) = node else { throw failure("a mapping is needed here", node) }
        guard let stranger = pairs.first(where: { !known.contains($0.key) }) else { return }
        throw YAMLFailure("there is no key \(stranger.key)", at: stranger.keyLocation, in: document)
    }

    func pairs(_ node: YAMLNode?, _ what: String) throws(YAMLFailure) -> [(String, YAMLNode)] {
        guard case .mapping(let pairs, _)? = node else { throw failure("\(what) must be a mapping", node) }
        return pairs.map { ($0.key, $0.value) }
    }

    func items(_ node: YAMLNode?, _ what: String) throws(YAMLFailure) -> [YAMLNode] {
        guard case .sequence(let items, _)? = node else { throw failure("\(what) must be a list", node) }
        return items
    }

    func texts(_ node: YAMLNode, _ what: String) throws(YAMLFailure) -> [String] {
        var texts: [String] = []
        for item in try items(node, what) {
            guard case .scalar(let text, _, _) = item else { throw failure("\(what) is a list of texts", item) }
            texts.append(text)
        }
        return texts
    }

    private func list(_ key: String, _ node: YAMLNode) throws(YAMLFailure) -> [String] {
        guard let value = node[key] else { return [] }
        return try texts(value, key)
    }

    private func text(_ key: String, _ node: YAMLNode) throws(YAMLFailure) -> String? {
        guard let value = node[key] else { return nil }
        guard case .scalar(let text, _, _) = value else { throw failure("\(key) must be a text", value) }
        return text
    }

    private func needed(_ key: String, _ node: YAMLNode) throws(YAMLFailure) -> String {
        guard let text = try text(key, node) else { throw failure("a \(key) is needed here", node) }
        return text
    }

    private func failure(_ message: String, _ node: YAMLNode?) -> YAMLFailure {
        YAMLFailure(message, at: node?.location, in: document)
    }
}
