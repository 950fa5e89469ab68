extension SettingsReader {
    /// The `imagebuilder` section: patterns in the order of the config, each with its blocks. What the schema refuses is
    /// left out; the document is refused as a whole then.
    func imageBuilderSection() -> [ImageBuilderPattern] {
        (document["imagebuilder"]?.dict?.entries ?? []).compactMap { key, blocks in
            Located(text: key).map { pattern in
                ImageBuilderPattern(
                    pattern: pattern, blocks: (blocks.items ?? []).compactMap { ImageBuilderBlock($0) })
            }
        }
    }

    /// `ostree` and `bootc`: keys that Pungi lets through and the hub refuses.
    mutating func checkOSTreeKeys() {
        for (pattern, blocks) in document["imagebuilder"]?.dict?.entries ?? [] {
            for (index, block) in (blocks.items ?? []).enumerated() {
                for option in ["ostree", "bootc"] {
                    let known = ImageBuilderBlock.keys(of: option)
                    for (key, _) in block.dict?[option]?.dict?.entries ?? [] {
                        guard let name = key.string, !known.contains(name) else { continue }
                        let path = "imagebuilder.\(pattern.string ?? "").\(index).\(option)"
                        var diagnostic = Diagnostic(
                            severity: .warning, code: "hub.unknown-key",
                            message: "\(path).\(name) is not known to the hub, which will refuse the task",
                            location: key.location, fix: nearest(to: name, in: known).map { "did you mean '\($0)'?" })
                        diagnostic.option = path
                        report(diagnostic)
                    }
                }
            }
        }
    }
}

extension ImageBuilderBlock {
    /// The keys of an option that is a mapping.
    fileprivate static func keys(of name: String) -> [String] {
        guard let option = PungiOptions.imageBuilderBlock.first(where: { $0.name == name }),
            case .mapping(let mapping) = option.shape
        else { return [] }
        return mapping.options.map(\.name)
    }

    /// Reads a block; nil without a name or types.
    fileprivate init?(_ value: ConfigValue) {
        guard let keys = value.dict, let name = keys["name"].flatMap({ Located(text: $0) }), let types = keys["types"],
            let typeNames = [Located<String>](texts: types)
        else { return nil }
        func text(_ key: String) -> Located<String>? { keys[key].flatMap { Located(text: $0) } }
        func flag(_ key: String) -> Located<Bool>? { keys[key].flatMap { Located(flag: $0) } }
        func mapping(_ key: String) -> Located<ConfigDict>? {
            keys[key].flatMap { value in value.dict.map { Located($0, at: value.location) } }
        }
        func texts(_ key: String) -> Located<[Located<String>]>? {
            keys[key].flatMap { value in [Located<String>](texts: value).map { Located($0, at: value.location) } }
        }
        self.init(
            location: value.location, name: name, types: Located(typeNames.map(\.value), at: types.location),
            target: text("target"), arches: texts("arches"), version: text("version"), release: text("release"),
            repos: texts("repos")?.value ?? [], distro: text("distro"), scratch: flag("scratch"),
            ostree: mapping("ostree"), bootc: mapping("bootc"), failable: texts("failable"),
            subvariant: text("subvariant"), blueprint: mapping("blueprint"),
            seed: keys["seed"].flatMap { Located(integer: $0) }, manifestType: text("manifest_type"),
            preview: flag("preview"), skipTag: flag("skip_tag"))
    }
}

// MARK: - Values with their places

extension Located where Value == String {
    init?(text value: ConfigValue) {
        guard let text = value.string else { return nil }
        self.init(text, at: value.location)
    }
}

extension Located where Value == Bool {
    init?(flag value: ConfigValue) {
        guard let flag = value.bool else { return nil }
        self.init(flag, at: value.location)
    }
}

extension Located where Value == ConfigInteger {
    init?(integer value: ConfigValue) {
        guard case .int(let number) = value.kind else { return nil }
        self.init(number, at: value.location)
    }
}

extension [Located<String>] {
    /// A list of strings; nil if anything in it is none.
    init?(texts value: ConfigValue) {
        guard let items = value.items else { return nil }
        let texts = items.compactMap { Located(text: $0) }
        guard texts.count == items.count else { return nil }
        self = texts
    }
}
