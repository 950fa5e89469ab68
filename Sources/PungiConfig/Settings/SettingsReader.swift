/// Reads ``ComposeSettings`` from a document that was held against Pungi's schema.
///
/// Types, required options and relations are the schema's business; here is only what Pungi looks at beside it, and
/// options whose meaning is ours to read.
package struct SettingsReader {
    let document: ConfigDocument
    private(set) var diagnostics: [Diagnostic] = []

    /// Typed settings, or all that is wrong with the document.
    ///
    /// - Returns: the settings and warnings.
    /// - Throws: ``ConfigFailure`` with every problem when there is an error among them.
    package static func read(
        _ document: ConfigDocument
    ) throws(ConfigFailure) -> (settings: ComposeSettings, warnings: [Diagnostic]) {
        let (settings, diagnostics) = look(document, for: .phaseRunner)
        guard let settings, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw ConfigFailure(diagnostics: diagnostics)
        }
        return (settings, diagnostics)
    }

    /// All that is wrong with the document, and what can be read of it all the same; nil where what is needed most is
    /// missing.
    package static func look(
        _ document: ConfigDocument, for audience: SchemaCheck.Reader
    ) -> (settings: ComposeSettings?, diagnostics: [Diagnostic]) {
        let checked = SchemaCheck.run(document, for: audience)
        var reader = SettingsReader(document: checked.document)
        let settings = reader.composeSettings()
        return (settings, checked.diagnostics + reader.diagnostics)
    }

    private init(document: ConfigDocument) { self.document = document }

    /// Nil where the schema has complained of what is needed most.
    private mutating func composeSettings() -> ComposeSettings? {
        let skipPhases = texts("skip_phases")
        checkSkippedPhases(skipPhases)
        checkOSTreeKeys()
        guard let name = text("release_name"), let short = text("release_short"),
            let version = text("release_version"), let variantsFile = variantsSource()
        else { return nil }
        return ComposeSettings(
            releaseName: name, releaseShort: short, releaseVersion: version,
            releaseType: text("release_type")?.value ?? "ga", releaseIsInternal: flag("release_internal"),
            baseProduct: baseProduct(), composeType: text("compose_type"), kojiProfile: text("koji_profile"),
            kojiCache: text("koji_cache"), linkType: text("link_type")?.value ?? "hardlink-or-copy",
            translatePaths: pathPairs("translate_paths"), skipPhases: skipPhases,
            createsOptionalISOs: flag("create_optional_isos"), mediaChecksums: texts("media_checksums").map(\.value),
            mediaChecksumOneFile: flag("media_checksum_one_file"),
            mediaChecksumBaseName: text("media_checksum_base_filename")?.value ?? "",
            mediaChecksumPlace: document.definitions["media_checksums"]
                ?? document.definitions["media_checksum_one_file"],
            mediaChecksumNamePlace: document.definitions["media_checksum_base_filename"],
            treeArches: texts("tree_arches").map(\.value), treeVariants: texts("tree_variants").map(\.value),
            variantsFile: variantsFile, imageBuilder: imageBuilderSection(),
            imageBuilderFallback: fallback(prefix: "imagebuilder"), globalFallback: fallback(prefix: "global"))
    }

    mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    // MARK: Options one by one

    private func text(_ name: String) -> Located<String>? { document[name].flatMap { Located(text: $0) } }

    private func flag(_ name: String) -> Bool { document[name]?.bool ?? false }

    private func texts(_ name: String) -> [Located<String>] {
        document[name].flatMap { [Located<String>](texts: $0) } ?? []
    }

    private func pathPairs(_ name: String) -> [PathPair] {
        (document[name]?.items ?? []).compactMap { pair in
            guard let items = pair.items, items.count == 2, let from = items[0].string, let to = items[1].string else {
                return nil
            }
            return PathPair(from: from, to: to)
        }
    }
}

// MARK: - Options that hang together

extension SettingsReader {
    /// `variants_file`: the name of a file, or a mapping that names a repository.
    private func variantsSource() -> Located<ComposeSettings.VariantsSource>? {
        guard let value = document["variants_file"] else { return nil }
        guard let mapping = value.dict else { return Located(text: value)?.map { .file($0) } }
        guard mapping["scm"]?.string == "file", let file = mapping["file"]?.string else {
            return Located(.scm(mapping["scm"]?.string ?? "?"), at: value.location)
        }
        // Pungi looks for the base name next to the main config and for nothing else.
        return Located(.file(file.split(separator: "/").last.map(String.init) ?? file), at: value.location)
    }

    private func baseProduct() -> ComposeSettings.BaseProduct? {
        guard let name = text("base_product_name"), let short = text("base_product_short"),
            let version = text("base_product_version")
        else { return nil }
        return .init(
            name: name.value, short: short.value, version: version.value,
            type: text("base_product_type")?.value ?? "ga")
    }

    /// A phase cannot be skipped while another that is not skipped needs what it makes.
    private mutating func checkSkippedPhases(_ skipped: [Located<String>]) {
        let names = Set(skipped.map(\.value))
        for (phase, user) in [("pkgset", "gather"), ("gather", "createrepo")]
        where names.contains(phase) && !names.contains(user) {
            report(
                Diagnostic(
                    severity: .error, code: "config.skip-phases",
                    message: "skip_phases skips \(phase), but \(user), which is not skipped, needs it",
                    location: skipped.first { $0.value == phase }?.location,
                    fix: "skip \(user) too, or do not skip \(phase)"))
        }
    }

    private func fallback(prefix: String) -> FallbackOptions {
        var options = FallbackOptions()
        options.target = text("\(prefix)_target")
        options.version = text("\(prefix)_version")
        options.release = document["\(prefix)_release"].map { Located($0.string, at: $0.location) }
        options.seed = document["\(prefix)_seed"].flatMap { Located(integer: $0) }
        options.scratch = document["\(prefix)_scratch"].flatMap { Located(flag: $0) }
        return options
    }
}

/// Pungi's names of phases, as `skip_phases` takes them.
package enum PhaseNames {
    package static let skippable = [
        "buildinstall", "createiso", "createrepo", "extra_files", "extra_isos", "gather", "image_build",
        "image_checksum", "image_container", "imagebuilder", "init", "kiwibuild", "live_images", "live_media", "osbs",
        "osbuild", "ostree", "ostree_container", "ostree_installer", "pkgset", "productimg", "repoclosure", "test",
    ]
}
