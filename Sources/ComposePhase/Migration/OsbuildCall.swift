package import ProductMD
import PungiConfig

/// What Pungi's `osbuild` phase sends to a hub for one block and variant: `osbuildImage` and its arguments.
package struct OsbuildCall: Sendable, Hashable {
    package let variant: String
    package let name: String
    package let version: String
    package let distro: String
    /// As written: one text, or a list of one.
    package let imageTypes: JSONValue
    package let target: String?
    package let arches: [String]
    package let options: [String: JSONValue]
    /// As the config has it: any entry lets the whole task fail.
    package let failable: [String]

    /// The six positional arguments.
    package var arguments: [JSONValue] {
        [
            .string(name), .string(version), .string(distro), imageTypes, target.map { .string($0) } ?? .null,
            .array(arches.map { .string($0) }),
        ]
    }

    /// The name of its image type.
    package var imageType: String {
        switch imageTypes {
        case .string(let text): text
        case .array(let items): items.first.flatMap { if case .string(let text) = $0 { text } else { nil } } ?? ""
        default: ""
        }
    }
}

/// The calls that Pungi's `osbuild` phase would make.
///
/// Source of the rules: the phase as measured. Each variant gets the block's own list of repositories, where Pungi lets
/// those of variants before it leak in (a defect there).
struct OsbuildPhase {
    let document: ConfigDocument
    let settings: ComposeSettings
    let variants: VariantSet
    let compose: ComposeIdentity
    let composeDirectory: String

    func calls() -> [OsbuildCall] {
        let blocks = OsbuildBlock.all(in: document)
        return variants.all.flatMap { variant in
            blocks.compactMap { block in
                guard let pattern = try? VariantPattern(block.pattern.value),
                    (try? pattern.matches(variant.uid)) ?? false
                else { return nil }
                return call(block, variant)
            }
        }
    }

    /// Nil where nothing is built: no arch is left.
    private func call(_ block: OsbuildBlock, _ variant: Variant) -> OsbuildCall? {
        var built = Set(variant.arches).subtracting(["src"])
        if let own = block.arches { built.formIntersection(own) }
        guard !built.isEmpty else { return nil }
        var options: [String: JSONValue] = ["repo": .array(repositories(block, variant))]
        if let release = release(block) { options["release"] = .string(release) }
        let ostree = ["url", "ref", "parent"].compactMap { key in
            block.text("ostree_\(key)").flatMap { $0.isEmpty ? nil : (key, JSONValue.string($0)) }
        }
        if !ostree.isEmpty { options["ostree"] = .object(Dictionary(uniqueKeysWithValues: ostree)) }
        for key in ["upload_options", "customizations"] {
            guard let value = block.keys[key], let dict = value.dict, !dict.isEmpty else { continue }
            options[key] = try? WireValue.json(value)
        }
        return OsbuildCall(
            variant: variant.uid, name: block.name,
            version: generated(fallback("version", block)) ?? compose.imageVersion, distro: block.distro,
            imageTypes: (try? WireValue.json(block.imageTypes)) ?? .null, target: fallback("target", block),
            arches: built.sorted(by: byCodePoint), options: options,
            failable: block.failable == ["*"] ? block.arches ?? [] : block.failable)
    }

    /// The block's value if the key is there, else the phase's, else that for all phases.
    private func fallback(_ key: String, _ block: OsbuildBlock) -> String? {
        (block.keys[key] ?? document["osbuild_\(key)"] ?? document["global_\(key)"])?.string
    }

    private func release(_ block: OsbuildBlock) -> String? {
        guard (block.keys["release"] ?? document["osbuild_release"] ?? document["global_release"]) != nil else {
            return nil
        }
        return generated(fallback("release", block)) ?? compose.imageRelease
    }

    private func generated(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard let generator = try? VersionGenerator.named(text) else { return text }
        return generator.value(in: compose)
    }

    private func repositories(_ block: OsbuildBlock, _ variant: Variant) -> [JSONValue] {
        var entries = block.keys["repo"]?.items ?? []
        // Pungi looks for the variant among plain texts only.
        if !variant.isEmpty, !entries.contains(where: { $0.string == variant.uid }) {
            entries.append(ConfigValue(.string(variant.uid), at: block.location))
        }
        return entries.map { entry in
            if let text = entry.string { return .string(resolved(text)) }
            var object: [String: JSONValue] = [:]
            for (key, value) in entry.dict?.entries ?? [] {
                guard let key = key.string else { continue }
                object[key] =
                    key == "baseurl" ? value.string.map { .string(resolved($0)) } : try? WireValue.json(value)
            }
            return .object(object)
        }
    }

    private func resolved(_ text: String) -> String {
        let translate = PathTranslation(settings.translatePaths)
        if text.hasPrefix("/") { return translate(text) }
        if text.contains("://") { return text }
        let repositories = VariantRepository(variants: variants, composeDirectory: composeDirectory)
        return repositories.path(of: text).map { translate($0) } ?? text
    }
}
