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
            // A compose of some arches only leaves out the images of the others, as meant.
            let isMeant =
                !settings.treeArches.isEmpty
                && block.arches?.value.allSatisfy { !settings.treeArches.contains($0.value) } ?? true
            diagnostics.append(
                Diagnostic(
                    severity: isMeant ? .note : .warning, code: "plan.no-arches",
                    message: "\(block.name.value) is not built for \(variant.uid): \(reason)",
                    location: block.arches?.location ?? block.location, notes: [], fix: nil))
            return .skipped(SkippedBlock(variant: variant.uid, block: block.name.value, reason: reason))
        }
        guard let resolution = resolve(block, for: variant, arches: arches, &diagnostics) else { return .refused }
        return .task(task(block, variant, resolution))
    }

    /// What an explanation tells of a block that was planned: the same decisions once more.
    func resolution(of block: ImageBuilderBlock, for variant: Variant) -> BlockResolution? {
        // The plan has complained already.
        var diagnostics: [Diagnostic] = []
        let arches = builtArches(of: block, in: variant)
        return arches.isEmpty ? nil : resolve(block, for: variant, arches: arches, &diagnostics)
    }

    /// All decisions about a block; nil if something is wrong that Pungi would stop at.
    private func resolve(
        _ block: ImageBuilderBlock, for variant: Variant, arches: [String], _ diagnostics: inout [Diagnostic]
    ) -> BlockResolution? {
        let (phase, global) = (settings.imageBuilderFallback, settings.globalFallback)
        let before = diagnostics.count
        let seed = Fallback(block: block.seed, phase: phase.seed, global: global.seed)
        let resolution = BlockResolution(
            arches: arches, target: Fallback(block: block.target, phase: phase.target, global: global.target),
            version: version(
                Fallback(block: block.version, phase: phase.version, global: global.version), &diagnostics),
            release: release(
                Fallback(
                    block: block.release.map { $0.map(Optional.some) }, phase: phase.release, global: global.release),
                &diagnostics), seed: seed, sentSeed: sendable(seed, &diagnostics),
            scratch: Fallback(block: block.scratch, phase: phase.scratch, global: global.scratch),
            repos: repos(of: block, for: variant, &diagnostics),
            blueprint: sendable(block.blueprint, "blueprint", &diagnostics),
            ostree: sendable(block.ostree, "ostree", &diagnostics),
            bootc: sendable(block.bootc, "bootc", &diagnostics),
            failable: failableArches(of: block, among: arches, &diagnostics))
        return diagnostics[before...].contains { $0.severity == .error } ? nil : resolution
    }

    private func task(_ block: ImageBuilderBlock, _ variant: Variant, _ resolution: BlockResolution) -> ImageTask {
        var options: [String: JSONValue] = ["repos": .array(resolution.repos.map { .string($0.sent) })]
        if let release = resolution.release.value { options["release"] = .string(release) }
        if let seed = resolution.sentSeed { options["seed"] = .int(seed) }
        if resolution.scratch.used?.value == true { options["scratch"] = .bool(true) }
        if let ostree = resolution.ostree { options["ostree"] = ostree }
        if let blueprint = resolution.blueprint { options["blueprint"] = blueprint }
        if let bootc = resolution.bootc { options["bootc"] = bootc }
        if let distro = block.distro, !distro.value.isEmpty { options["distro"] = .string(distro.value) }
        if block.skipTag?.value == true { options["skip_tag"] = .bool(true) }
        if let preview = block.preview { options["preview"] = .bool(preview.value) }
        let arches = resolution.arches
        let request = ImageBuilderRequest(
            target: resolution.target.used?.value, arches: arches, types: block.types.value, name: block.name.value,
            version: resolution.version.value ?? compose.imageVersion, options: options)
        let type = block.types.value.first ?? "none"
        let failable = resolution.failable
        return ImageTask(
            id: ImageTaskID("\(variant.uid)/\(block.name.value)/\(type)"), variant: variant.uid,
            subvariant: block.subvariant?.value ?? variant.uid, manifestType: block.manifestType?.value,
            method: ImageBuilderRequest.method, params: request.params, failableArches: failable,
            canFail: failable.count == arches.count,
            arches: arches.map { request.archTask($0, failable: failable.contains($0)) })
    }

    /// The variant's arches without `src`, those of the block only if it names any; sorted.
    private func builtArches(of block: ImageBuilderBlock, in variant: Variant) -> [String] {
        var arches = Set(variant.arches).subtracting(["src"])
        if let own = block.arches { arches.formIntersection(own.value.map(\.value)) }
        return arches.sorted(by: byCodePoint)
    }

    // MARK: Version, release, seed

    private func version(_ options: Fallback<String>, _ diagnostics: inout [Diagnostic]) -> ResolvedText {
        resolved(options.map(Optional.some), "version", orElse: compose.imageVersion, &diagnostics)
    }

    /// Nothing when no release is asked for anywhere: the hub then takes its next one.
    private func release(_ options: Fallback<String?>, _ diagnostics: inout [Diagnostic]) -> ResolvedText {
        guard options.place != nil else { return ResolvedText(options: options, way: .absent, value: nil) }
        return resolved(options, "release", orElse: compose.imageRelease, &diagnostics)
    }

    /// A key that is there and empty (or None) asks for the compose's own.
    private func resolved(
        _ options: Fallback<String?>, _ option: String, orElse own: String, _ diagnostics: inout [Diagnostic]
    ) -> ResolvedText {
        guard let used = options.used, let text = used.value, !text.isEmpty,
            let (value, way) = generate(Located(text, at: used.location), option, &diagnostics)
        else { return ResolvedText(options: options, way: .compose, value: own) }
        return ResolvedText(options: options, way: way, value: value)
    }

    private func generate(
        _ source: Located<String>, _ option: String, _ diagnostics: inout [Diagnostic]
    ) -> (String, ResolvedText.Way)? {
        do {
            let generator = try VersionGenerator.named(source.value)
            return (generator?.value(in: compose) ?? source.value, generator.map { .generated($0) } ?? .written)
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

    private func sendable(_ options: Fallback<ConfigInteger>, _ diagnostics: inout [Diagnostic]) -> Int? {
        guard let seed = options.used else { return nil }
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
        return number == 0 ? nil : number
    }

    // MARK: Repositories

    /// The block's repositories, then the variant's own unless it is empty or listed already.
    private func repos(
        of block: ImageBuilderBlock, for variant: Variant, _ diagnostics: inout [Diagnostic]
    ) -> [ResolvedRepository] {
        var repos = block.repos.enumerated().compactMap { repository($0.element, $0.offset, &diagnostics) }
        if !variant.isEmpty, !block.repos.contains(where: { $0.value == variant.uid }),
            let own = repository(Located(variant.uid, at: block.location), nil, &diagnostics)
        {
            repos.append(own)
        }
        return repos
    }

    private func repository(
        _ entry: Located<String>, _ index: Int?, _ diagnostics: inout [Diagnostic]
    ) -> ResolvedRepository? {
        let text = entry.value
        let path: String
        let source: ResolvedRepository.Source
        if text.hasPrefix("/") {
            path = text
            source = .path
        } else if text.contains("://") {
            return ResolvedRepository(entry: entry, index: index, source: .url, translation: nil, sent: text)
        } else if let repository = repositories.path(of: text) {
            path = repository
            source = .variant(path: repository)
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
        let (translated, pair) = translate.tracing(path)
        if translated.hasPrefix("/") {
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "plan.local-repo",
                    message: "repository \(translated) is a path of this host; builders will not find it",
                    location: entry.location, notes: [], fix: "give it a URL with translate_paths"))
        }
        return ResolvedRepository(entry: entry, index: index, source: source, translation: pair, sent: translated)
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
