import ProductMD
import PungiConfig

/// Turns one `osbuild` block into an `imagebuilder` block, key by key, where it is written.
///
/// Source of the rules: the two phases side by side, as measured.
struct BlockMigration {
    let block: OsbuildBlock
    /// The block's mapping as it is written.
    let node: SourceNode
    /// The arches that the block is built for, over all variants that it matches.
    let builtArches: [String]
    let options: Migration.Options
    let release: String
    var edits: FileEdits
    private(set) var findings: [Diagnostic] = []

    init(
        block: OsbuildBlock, node: SourceNode, builtArches: [String], options: Migration.Options, release: String,
        edits: FileEdits
    ) {
        self.block = block
        self.node = node
        self.builtArches = builtArches
        self.options = options
        self.release = release
        self.edits = edits
    }

    mutating func run() {
        imageType()
        distro()
        target()
        repositories()
        ostree()
        customizations()
        uploads()
        failable()
        manifestType()
    }

    // MARK: Keys one by one

    private var distribution: ImageTypeCatalog.Distribution? {
        options.catalog.distribution(of: block.distro)?.distribution
    }

    private mutating func imageType() {
        guard let entry = node.entry("image_types") else { return notLiteral("image_types") }
        let known = distribution?.type(block.imageType)
        if known == nil {
            let names = distribution?.types.flatMap { [$0.name] + $0.aliases } ?? []
            tell(
                .warning, "migrate.image-type",
                "'\(block.imageType)' is no image type that is known for \(block.distro)",
                block.imageTypes.location, fix: nearest(to: block.imageType, in: names).map { "did you mean '\($0)'?" })
        }
        let name = known?.name ?? block.imageType
        guard edits.rewrite(entry.key, as: "types") else { return notLiteral("image_types") }
        switch entry.value.kind {
        case .list(let items) where items.count == 1 && items[0].string != nil:
            if items[0].string != name, !edits.rewrite(items[0], as: name) { notLiteral("image_types") }
        default:
            guard let text = WrittenValue.list([name]) else { return notLiteral("image_types") }
            edits.replace(entry.value.range, with: text)
        }
    }

    private mutating func distro() {
        if let entry = node.entry("distro") { edits.remove(entry) }
        guard block.distro.hasPrefix("fedora-"), block.distro != "fedora-\(release)" else { return }
        tell(
            .warning, "migrate.distro",
            "\(block.name) was built as \(block.distro); image-builder builds what its build target is of",
            block.keys["distro"]?.location, fix: "give it a target of \(block.distro)")
    }

    private mutating func target() {
        guard let old = block.text("target"), let entry = node.entry("target") else { return }
        let new = options.target.target(for: old)
        guard new != old else { return }
        guard edits.retarget(entry.value, from: old, to: new) else { return notLiteral("target") }
        tellTarget(old, new, block.keys["target"]?.location)
    }

    private mutating func repositories() {
        guard let value = block.keys["repo"], let entry = node.entry("repo") else { return }
        guard edits.rewrite(entry.key, as: "repos") else { return notLiteral("repo") }
        let items = value.items ?? []
        let urls = items.map { item in
            (item.string ?? item.dict?["baseurl"]?.string ?? "").replacing("$$", with: "$")
        }
        for item in items {
            if let sets = item.dict?["package_sets"] {
                tell(
                    .warning, "migrate.package-sets",
                    "package_sets of \(item.dict?["baseurl"]?.string ?? "a repository") are lost: it is used for all packages",
                    sets.location)
            }
            checkVariables(item)
        }
        guard zip(items, urls).contains(where: { $0.string != $1 }) else { return }
        // Item by item where they are written out, so that comments and line breaks stay.
        if case .list(let nodes) = entry.value.kind, nodes.count == items.count, !nodes.contains(where: \.usesVariables)
        {
            for (node, (item, url)) in zip(nodes, zip(items, urls)) where item.string != url {
                guard edits.rewrite(node, as: url) else { return notLiteral("repo") }
            }
        } else if let text = WrittenValue.list(urls) {
            edits.replace(entry.value.range, with: text)
        } else {
            notLiteral("repo")
        }
    }

    private mutating func checkVariables(_ item: ConfigValue) {
        let text = (item.string ?? item.dict?["baseurl"]?.string ?? "").replacing("$$", with: "")
        for name in text.matches(of: /\$\{?([A-Za-z_]+)\}?/).map({ String($0.1) })
        where !["arch", "basearch"].contains(name) {
            tell(
                .warning, "migrate.repository-variable", "nobody replaces $\(name) in a repository", item.location)
        }
    }

    /// The three flat keys become one mapping, where the first of them stands.
    private mutating func ostree() {
        let keys = ["url", "ref", "parent"].filter { block.keys["ostree_\($0)"] != nil }
        guard !keys.isEmpty else { return }
        let entries = keys.compactMap { key in node.entry("ostree_\(key)").map { (key: key, entry: $0) } }
        guard entries.count == keys.count else { return notLiteral("ostree_\(keys[0])") }
        let parts = entries.map { key, entry in "\"\(key)\": \(edits.tree.text(entry.value.range))" }
        let first = entries.map(\.entry).min { $0.range.lowerBound < $1.range.lowerBound }
        for (_, entry) in entries {
            if entry.range == first?.range {
                edits.replace(entry.range, with: "\"ostree\": {\(parts.joined(separator: ", "))}")
            } else {
                edits.remove(entry)
            }
        }
        if let parent = block.keys["ostree_parent"], parent.string?.contains("$arch") ?? false {
            tell(
                .warning, "migrate.ostree-parent",
                "$arch in the parent of \(block.name) is not replaced any more", parent.location,
                fix: "write one block for each arch")
        }
    }

    private mutating func customizations() {
        guard let value = block.keys["customizations"], let dict = value.dict,
            let entry = node.entry("customizations")
        else { return }
        guard !dict.isEmpty else { return edits.remove(entry) }
        if Customizations.areAlike(dict) {
            guard edits.rewrite(entry.key, as: "blueprint") else { return notLiteral("customizations") }
            edits.insert("{\"customizations\": ", at: entry.value.range.lowerBound)
            edits.insert("}", at: entry.value.range.upperBound)
            return
        }
        let converted = Customizations(dict)
        for key in converted.refused {
            tell(
                .error, "migrate.customization",
                "the customization \(key) of \(block.name) has no counterpart in a blueprint that is known",
                key.location, fix: "take it out, or write the blueprint by hand")
        }
        let text = WrittenValue.literal(ConfigValue(.dict(converted.blueprint), at: value.location))
        guard converted.refused.isEmpty else { return }
        guard let text, edits.rewrite(entry.key, as: "blueprint") else { return notLiteral("customizations") }
        edits.replace(entry.value.range, with: text)
    }

    private mutating func uploads() {
        guard let value = block.keys["upload_options"] else { return }
        let isEmpty = value.dict?.isEmpty ?? true
        guard isEmpty || options.dropsUploads else {
            return tell(
                .error, "migrate.upload",
                "\(block.name) was uploaded to a cloud; builds on Koji's builders never upload",
                value.location, fix: "upload it by other means and give --drop-uploads")
        }
        if !isEmpty {
            tell(
                .warning, "migrate.upload-dropped", "nobody uploads \(block.name) to a cloud any more", value.location)
        }
        if let entry = node.entry("upload_options") { edits.remove(entry) } else { notLiteral("upload_options") }
    }

    /// Any entry let the whole image fail; now all built arches must be in the list for that.
    private mutating func failable() {
        let failable = block.failable
        guard !failable.isEmpty, let value = block.keys["failable"], let entry = node.entry("failable") else { return }
        let isWhole = failable == ["*"] ? block.arches != nil : Set(builtArches).isSubset(of: failable)
        guard !isWhole else { return }
        guard let text = WrittenValue.list(builtArches) else { return notLiteral("failable") }
        edits.replace(entry.value.range, with: text)
        tell(
            .note, "migrate.failable",
            "any entry of failable let \(block.name) fail as a whole; all its arches are listed to keep it so",
            value.location)
    }

    /// Keeps the type in the metadata where the new phase would tell another.
    private mutating func manifestType() {
        guard block.keys["manifest_type"] == nil, let suffix = distribution?.type(block.imageType)?.suffix,
            let detected = ImageTypeTable.detect(fileName: "image.\(suffix)"),
            let wanted = wantedType(suffix), wanted != detected.type
        else { return }
        guard let last = node.entries.first(where: { $0.key.string == "name" }) else { return notLiteral("name") }
        edits.insert(", \"manifest_type\": \"\(wanted)\"", at: last.range.upperBound)
        tell(
            .note, "migrate.manifest-type",
            "\(block.name) gets the manifest_type \(wanted); it would be called \(detected.type) otherwise",
            block.location)
    }

    /// What consumers knew it as: by the rule of the old phase, but for the names that only it wrote.
    private func wantedType(_ suffix: String) -> String? {
        if suffix == "tar.gz" { return "tar-gz" }
        guard suffix == "iso" else { return nil }
        let name = block.name.lowercased()
        if name.contains("ostree") { return "dvd-ostree" }
        if name.contains("live") { return "live-osbuild" }
        return name.contains("netinst") || name.contains("boot") ? "boot" : "dvd"
    }

    // MARK: Findings

    mutating func tellTarget(_ old: String, _ new: String, _ place: SourceLocation?) {
        tell(
            .note, "migrate.target", "the build target \(old) becomes \(new)", place,
            fix: "see with preflight that it is there")
    }

    private mutating func notLiteral(_ key: String) {
        tell(
            .error, "migrate.not-literal", "\(key) of \(block.name) is not written out where the block stands",
            block.keys[key]?.location ?? block.location, fix: "write the value out in the block")
    }

    private mutating func tell(
        _ severity: Severity, _ code: String, _ message: String, _ place: SourceLocation?, fix: String? = nil
    ) {
        findings.append(Diagnostic(severity: severity, code: code, message: message, location: place, fix: fix))
    }
}

extension FileEdits {
    /// Gives a target its new name and keeps how it is made: `"%s" % branch` stays a format.
    mutating func retarget(_ node: SourceNode, from old: String, to new: String) -> Bool {
        let suffix = new.hasPrefix(old) ? String(new.dropFirst(old.count)).replacing("%", with: "%%") : nil
        switch node.kind {
        case .format(let template, _):
            if let suffix, let text = template.string, rewrite(template, as: text + suffix) { return true }
        case .variable(let name):
            if let suffix, let quoted = WrittenValue.quoted("%s" + suffix) {
                replace(node.range, with: "\(quoted) % \(name)")
                return true
            }
        case .scalar: return rewrite(node, as: new)
        default: break
        }
        guard let quoted = WrittenValue.quoted(new) else { return false }
        replace(node.range, with: quoted)
        return true
    }
}
