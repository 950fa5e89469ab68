/// Reads ``ComposeSettings`` from a document and collects every complaint on the way.
///
/// Source of the rules: Pungi's config schema as measured (types, required options, allowed words, defaults, requires and
/// conflicts); only options on the path from config to images are looked at.
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
        var reader = SettingsReader(document: document)
        let settings = reader.composeSettings()
        guard let settings, !reader.diagnostics.contains(where: { $0.severity == .error }) else {
            throw ConfigFailure(diagnostics: reader.diagnostics)
        }
        return (settings, reader.diagnostics)
    }

    private init(document: ConfigDocument) { self.document = document }

    private mutating func composeSettings() -> ComposeSettings? {
        let name = required("release_name", .string)
        let short = required("release_short", .string)
        let version = required("release_version", .string)
        let variantsFile = variantsSource()
        checkPackageSource()
        let baseProduct = baseProduct()
        let imageBuilder = imageBuilderSection()
        let imageBuilderFallback = fallback(prefix: "imagebuilder")
        let globalFallback = fallback(prefix: "global")
        let translatePaths = optional("translate_paths", .list(of: .pathPair, named: "pairs"))?.value ?? []
        let skipPhases = optional("skip_phases", .list(of: .oneOf(PhaseNames.skippable), named: "phase names"))
        let checksums = optional(
            "media_checksums", .list(of: .oneOf(["md5", "sha1", "sha256"]), named: "checksum types"))
        let composeType = optional("compose_type", .oneOf(["test", "ci", "nightly", "production", "development"]))
        let kojiProfile = optional("koji_profile", .string)
        let kojiCache = optional("koji_cache", .string)
        let linkType = optional("link_type", .oneOf(Self.linkTypes))?.value ?? "hardlink-or-copy"
        let releaseType = optional("release_type", .oneOf(Self.releaseTypes))?.value ?? "ga"
        let isInternal = optional("release_internal", .boolean)?.value ?? false
        let optionalISOs = optional("create_optional_isos", .boolean)?.value ?? false
        let treeArches = optional("tree_arches", .list(of: .string, named: "strings"))?.value.map(\.value) ?? []
        let treeVariants = optional("tree_variants", .list(of: .string, named: "strings"))?.value.map(\.value) ?? []
        checkSkippedPhases(skipPhases?.value ?? [])
        guard let name, let short, let version, let variantsFile else { return nil }
        return ComposeSettings(
            releaseName: name, releaseShort: short, releaseVersion: version, releaseType: releaseType,
            releaseIsInternal: isInternal, baseProduct: baseProduct, composeType: composeType,
            kojiProfile: kojiProfile, kojiCache: kojiCache, linkType: linkType,
            translatePaths: translatePaths.map(\.value), skipPhases: skipPhases?.value ?? [],
            createsOptionalISOs: optionalISOs,
            mediaChecksums: checksums?.value.map(\.value) ?? ["md5", "sha1", "sha256"],
            treeArches: treeArches, treeVariants: treeVariants, variantsFile: variantsFile,
            imageBuilder: imageBuilder, imageBuilderFallback: imageBuilderFallback, globalFallback: globalFallback)
    }

    static let linkTypes = ["hardlink", "copy", "hardlink-or-copy", "symlink", "abspath-symlink"]
    static let releaseTypes = ["fast", "ga", "updates", "updates-testing", "eus", "aus", "els", "tus", "e4s"]
}

// MARK: - Options one by one

extension SettingsReader {
    mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// A top-level option that must be there.
    mutating func required<Value>(_ name: String, _ shape: OptionShape<Value>) -> Located<Value>? {
        guard document[name] != nil else {
            report(
                Diagnostic(
                    severity: .error, code: "config.required", message: "\(name) is not set, but Pungi requires it",
                    location: SourceLocation(file: document.path, line: 1, column: 1), notes: [], fix: nil))
            return nil
        }
        return optional(name, shape)
    }

    /// A top-level option that may be absent; nil also when it was wrong (and reported).
    mutating func optional<Value>(_ name: String, _ shape: OptionShape<Value>) -> Located<Value>? {
        guard let value = document[name] else { return nil }
        return read(value, OptionPath(name), shape)
    }

    /// A key of a mapping that may be absent.
    mutating func optional<Value>(
        _ key: String, of mapping: ConfigDict, at path: OptionPath, _ shape: OptionShape<Value>
    ) -> Located<Value>? {
        guard let value = mapping[key] else { return nil }
        return read(value, path.key(key), shape)
    }

    mutating func read<Value>(_ value: ConfigValue, _ path: OptionPath, _ shape: OptionShape<Value>) -> Located<Value>?
    {
        shape.read(value, path, &diagnostics).map { Located($0, at: value.location) }
    }
}

// MARK: - Options that hang together

extension SettingsReader {
    /// `variants_file`: the name of a file, or a mapping that names a repository.
    fileprivate mutating func variantsSource() -> Located<ComposeSettings.VariantsSource>? {
        guard let value = document["variants_file"], case .dict(let mapping) = value.kind else {
            return required("variants_file", .string)?.map { .file($0) }
        }
        let path = OptionPath("variants_file")
        let scm = optional("scm", of: mapping, at: path, .oneOf(["file", "cvs", "git", "rpm", "koji"]))?.value
        let file = optional("file", of: mapping, at: path, .string)?.value
        guard let scm, scm == "file", let file else { return Located(.scm(scm ?? "?"), at: value.location) }
        // Pungi looks for the base name next to the main config and for nothing else.
        return Located(.file(file.split(separator: "/").last.map(String.init) ?? file), at: value.location)
    }

    /// `pkgset_source` and `gather_method`: required by Pungi, not used by us.
    fileprivate mutating func checkPackageSource() {
        _ = required("pkgset_source", .oneOf(["koji", "repos"]))
        if document["gather_method"] == nil {
            _ = required("gather_method", .string)
        }
    }

    /// `base_product_*`: name, short and version stand together or not at all.
    fileprivate mutating func baseProduct() -> ComposeSettings.BaseProduct? {
        let options = ["name", "short", "version"].map { key in
            (key: "base_product_\(key)", value: optional("base_product_\(key)", .string))
        }
        let type = optional("base_product_type", .oneOf(Self.releaseTypes))?.value ?? "ga"
        let set = options.filter { $0.value.map { !$0.value.isEmpty } ?? false }
        if set.isEmpty { return nil }
        for missing in options where missing.value.map({ $0.value.isEmpty }) ?? true {
            report(
                Diagnostic(
                    severity: .error, code: "config.requires",
                    message: "\(set.map(\.key).joined(separator: " and ")) requires \(missing.key), which is not set",
                    location: set.first?.value?.location, notes: [],
                    fix: "set base_product_name, base_product_short and base_product_version, or none of them"))
        }
        guard let name = options[0].value?.value, let short = options[1].value?.value,
            let version = options[2].value?.value
        else { return nil }
        return .init(name: name, short: short, version: version, type: type)
    }

    /// A phase cannot be skipped while another that is not skipped needs what it makes.
    fileprivate mutating func checkSkippedPhases(_ skipped: [Located<String>]) {
        let names = Set(skipped.map(\.value))
        for (phase, user) in [("pkgset", "gather"), ("gather", "createrepo")]
        where names.contains(phase) && !names.contains(user) {
            report(
                Diagnostic(
                    severity: .error, code: "config.skip-phases",
                    message: "skip_phases skips \(phase), but \(user), which is not skipped, needs it",
                    location: skipped.first { $0.value == phase }?.location, notes: [],
                    fix: "skip \(user) too, or do not skip \(phase)"))
        }
    }

    fileprivate mutating func fallback(prefix: String) -> FallbackOptions {
        var options = FallbackOptions()
        options.target = optional("\(prefix)_target", .string)
        options.version = optional("\(prefix)_version", .string)
        options.release = optional("\(prefix)_release", .stringOrNone)
        options.seed = optional("\(prefix)_seed", .integer)
        options.scratch = optional("\(prefix)_scratch", .boolean)
        return options
    }
}

/// Pungi's names of phases, as `skip_phases` takes them.
package enum PhaseNames {
    package static let skippable = [
        "buildinstall", "createiso", "createrepo", "extra_files", "extra_isos", "gather", "image_build",
        "image_checksum",
        "image_container", "imagebuilder", "init", "kiwibuild", "live_images", "live_media", "osbs", "osbuild",
        "ostree",
        "ostree_container", "ostree_installer", "pkgset", "productimg", "repoclosure", "test",
    ]
}
