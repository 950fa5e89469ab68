import ProductMD
import PungiConfig

/// Makes one task from one `imagebuilder` block for one variant.
///
/// Source of the rules: what Pungi's phase sends to the hub, measured; where Pungi crashes or loses something,
/// docs/differences.md has a row.
struct BlockExpansion {
    let settings: ComposeSettings
    let compose: ComposeIdentity
    let repositories: VariantRepository
    let translate: PathTranslation

    enum Outcome {
        case task(ImageTask)
        case skipped(SkippedBlock)
        /// Something is wrong that Pungi would stop at, too.
        case refused
    }

    func expand(
        _ block: ImageBuilderBlock, for variant: Variant, diagnostics: inout [Diagnostic]
    ) -> Outcome {
        let arches = builtArches(of: block, in: variant)
        if arches.isEmpty {
            let wanted = block.arches.map { $0.value.map(\.value).joined(separator: ", ") }
            let reason =
                wanted.map { "none of its arches (\($0)) is an arch of the variant (\(list(variant.arches)))" }
                ?? "the variant has no arch to build for"
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "plan.no-arches",
                    message: "\(block.name.value) is not built for \(variant.uid): \(reason)",
                    location: block.arches?.location ?? block.location, notes: [], fix: nil))
            return .skipped(SkippedBlock(variant: variant.uid, block: block.name.value, reason: reason))
        }
        let before = diagnostics.count
        let version = version(of: block, &diagnostics)
        let release = release(of: block, &diagnostics)
        let repos = repos(of: block, for: variant, &diagnostics)
        let blueprint = sendable(block.blueprint, "blueprint", &diagnostics)
        let ostree = sendable(block.ostree, "ostree", &diagnostics)
        let bootc = sendable(block.bootc, "bootc", &diagnostics)
        let seed = seed(of: block, &diagnostics)
        let failable = failableArches(of: block, among: arches, &diagnostics)
        guard !diagnostics[before...].contains(where: { $0.severity == .error }) else { return .refused }

        var options: [String: JSONValue] = ["repos": .array(repos.map { .string($0) })]
        if let release { options["release"] = .string(release) }
        if let seed, seed != 0 { options["seed"] = .int(seed) }
        let scratch =
            block.scratch ?? settings.imageBuilderFallback.scratch ?? settings.globalFallback.scratch
        if scratch?.value == true { options["scratch"] = .bool(true) }
        if let ostree { options["ostree"] = ostree }
        if let blueprint { options["blueprint"] = blueprint }
        if let bootc { options["bootc"] = bootc }
        if let distro = block.distro, !distro.value.isEmpty { options["distro"] = .string(distro.value) }
        if block.skipTag?.value == true { options["skip_tag"] = .bool(true) }
        if let preview = block.preview { options["preview"] = .bool(preview.value) }

        let target = block.target ?? settings.imageBuilderFallback.target ?? settings.globalFallback.target
        let request = ImageBuilderRequest(
            target: target?.value, arches: arches, types: block.types.value, name: block.name.value, version: version,
            options: options)
        let type = block.types.value.first ?? "none"
        return .task(
            ImageTask(
                id: ImageTaskID("\(variant.uid)/\(block.name.value)/\(type)"), variant: variant.uid,
                subvariant: block.subvariant?.value ?? variant.uid, manifestType: block.manifestType?.value,
                method: ImageBuilderRequest.method, params: request.params, failableArches: failable,
                canFail: failable.count == arches.count,
                arches: arches.map { request.archTask($0, failable: failable.contains($0)) }))
    }

    /// The variant's arches without `src`, those of the block only if it names any; sorted.
    private func builtArches(of block: ImageBuilderBlock, in variant: Variant) -> [String] {
        var arches = Set(variant.arches).subtracting(["src"])
        if let own = block.arches { arches.formIntersection(own.value.map(\.value)) }
        return arches.sorted(by: byCodePoint)
    }

    // MARK: Version, release, seed

    private func version(of block: ImageBuilderBlock, _ diagnostics: inout [Diagnostic]) -> String {
        let source = block.version ?? settings.imageBuilderFallback.version ?? settings.globalFallback.version
        guard let source, !source.value.isEmpty, let resolved = generate(source, "version", &diagnostics) else {
            return compose.imageVersion
        }
        return resolved
    }

    /// Nil when no release is asked for anywhere: the hub then takes its next one.
    private func release(of block: ImageBuilderBlock, _ diagnostics: inout [Diagnostic]) -> String? {
        let fallback = settings.imageBuilderFallback.release ?? settings.globalFallback.release
        guard let source = block.release.map({ $0.map(Optional.some) }) ?? fallback else { return nil }
        // A key that is there and empty (or None) asks for the compose's own release.
        guard let text = source.value, !text.isEmpty else { return compose.imageRelease }
        return generate(Located(text, at: source.location), "release", &diagnostics) ?? compose.imageRelease
    }

    private func generate(
        _ source: Located<String>, _ option: String, _ diagnostics: inout [Diagnostic]
    ) -> String? {
        do {
            return try VersionGenerator.resolve(source.value, in: compose)
        } catch {
            let known = VersionGenerator.allCases.map(\.rawValue)
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.generator", message: "unknown \(option) generator '\(error.text)'",
                    location: source.location, notes: ["known generators: " + known.joined(separator: ", ")],
                    fix: nearest(to: error.text, in: known).map { "did you mean '\($0)'?" }))
            return nil
        }
    }

    private func seed(of block: ImageBuilderBlock, _ diagnostics: inout [Diagnostic]) -> Int? {
        guard let seed = block.seed ?? settings.imageBuilderFallback.seed ?? settings.globalFallback.seed else {
            return nil
        }
        guard let number = seed.value.int else {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.seed", message: "seed \(seed.value.text) does not fit 64 bits",
                    location: seed.location, notes: [], fix: nil))
            return nil
        }
        if number == 0 {
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "plan.seed-zero",
                    message: "seed 0 is not sent: Pungi takes it for no seed, and so do we",
                    location: seed.location, notes: [], fix: "use another number"))
        }
        return number
    }

    // MARK: Repositories

    /// The block's repositories, then the variant's own unless it is empty or listed already.
    private func repos(
        of block: ImageBuilderBlock, for variant: Variant, _ diagnostics: inout [Diagnostic]
    ) -> [String] {
        var entries = block.repos
        if !variant.isEmpty, !entries.contains(where: { $0.value == variant.uid }) {
            entries.append(Located(variant.uid, at: block.location))
        }
        return entries.compactMap { entry in
            let text = entry.value
            let path: String
            if text.hasPrefix("/") {
                path = text
            } else if text.contains("://") {
                return text
            } else if let repository = repositories.path(of: text) {
                path = repository
            } else {
                let known = repositories.variants.all.map(\.uid)
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: "plan.repo-variant",
                        message: "there is no variant '\(text)' to take a repository from",
                        location: entry.location, notes: ["variants: " + list(known)],
                        fix: nearest(to: text, in: known).map { "did you mean '\($0)'?" }
                            ?? "name a variant, a path or a URL"))
                return nil
            }
            let translated = translate(path)
            if translated.hasPrefix("/") {
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "plan.local-repo",
                        message: "repository \(translated) is a path of this host; builders will not find it",
                        location: entry.location, notes: [], fix: "give it a URL with translate_paths"))
            }
            return translated
        }
    }

    // MARK: Failable

    /// The built arches that may fail. `["*"]` means all of them.
    private func failableArches(
        of block: ImageBuilderBlock, among arches: [String], _ diagnostics: inout [Diagnostic]
    ) -> [String] {
        guard let failable = block.failable else { return [] }
        let named = failable.value.map(\.value)
        if named == ["*"] { return arches }
        if let star = failable.value.first(where: { $0.value == "*" }) {
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "plan.failable-star",
                    message: "'*' beside other arches in failable is no wildcard and is left out",
                    location: star.location, notes: [], fix: "write [\"*\"] for all arches"))
        }
        return arches.filter(named.contains)
    }

    // MARK: Mappings that travel inside the call

    /// The mapping as it goes on the wire, or nil when it is absent or empty (Pungi sends no empty ones).
    private func sendable(
        _ mapping: Located<ConfigDict>?, _ option: String, _ diagnostics: inout [Diagnostic]
    ) -> JSONValue? {
        guard let mapping, !mapping.value.entries.isEmpty else { return nil }
        do throws(WireValue.Failure) {
            return try WireValue.json(ConfigValue(.dict(mapping.value), at: mapping.location))
        } catch {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.unsendable",
                    message: "\(option) cannot be sent to a hub: \(error.reason)",
                    location: error.location, notes: [], fix: nil))
            return nil
        }
    }

    private func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}

/// Python sorts texts by code point, and the order is part of the call.
func byCodePoint(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
}
