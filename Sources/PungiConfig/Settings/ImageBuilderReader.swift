extension SettingsReader {
    /// The `imagebuilder` section: patterns in the order of the config, each with its blocks.
    mutating func imageBuilderSection() -> [ImageBuilderPattern] {
        guard let value = document["imagebuilder"] else { return [] }
        let path = OptionPath("imagebuilder")
        guard let section = read(value, path, .mapping)?.value else { return [] }
        var patterns: [ImageBuilderPattern] = []
        for (key, blocks) in section.entries {
            guard case .string(let text) = key.kind, !text.isEmpty else {
                report(
                    Diagnostic(
                        severity: .error, code: "config.pattern",
                        message: "a key of imagebuilder is \(key.kindName), but must be a variant pattern",
                        location: key.location, notes: [], fix: "write a regular expression such as \"^IoT$\""))
                continue
            }
            patterns.append(
                ImageBuilderPattern(
                    pattern: Located(text, at: key.location), blocks: self.blocks(blocks, at: path.key(text))))
        }
        return patterns
    }

    private mutating func blocks(_ value: ConfigValue, at path: OptionPath) -> [ImageBuilderBlock] {
        guard let mappings = read(value, path, .list(of: .mapping, named: "blocks [{...}]"))?.value else { return [] }
        return mappings.enumerated().compactMap { index, mapping in block(mapping, at: path.index(index)) }
    }

    private mutating func block(_ mapping: Located<ConfigDict>, at path: OptionPath) -> ImageBuilderBlock? {
        let keys = mapping.value
        checkKeys(keys, at: path)
        checkOSTree(keys, at: path)
        let strings = OptionShape<[Located<String>]>.list(of: .string, named: "strings")
        let name = requiredKey("name", of: mapping, at: path, .string)
        let types = requiredKey("types", of: mapping, at: path, strings)
        let target = optional("target", of: keys, at: path, .string)
        let arches = optional("arches", of: keys, at: path, strings)
        let version = optional("version", of: keys, at: path, .string)
        let release = optional("release", of: keys, at: path, .string)
        let repos = optional("repos", of: keys, at: path, strings)?.value ?? []
        let distro = optional("distro", of: keys, at: path, .string)
        let scratch = optional("scratch", of: keys, at: path, .boolean)
        let ostree = optional("ostree", of: keys, at: path, .mapping)
        let bootc = optional("bootc", of: keys, at: path, .mapping)
        let failable = optional("failable", of: keys, at: path, strings)
        let subvariant = optional("subvariant", of: keys, at: path, .string)
        let blueprint = optional("blueprint", of: keys, at: path, .mapping)
        let seed = optional("seed", of: keys, at: path, .integer)
        let manifestType = optional("manifest_type", of: keys, at: path, .string)
        let preview = optional("preview", of: keys, at: path, .boolean)
        let skipTag = optional("skip_tag", of: keys, at: path, .boolean)
        guard let name, let types else { return nil }
        return ImageBuilderBlock(
            location: mapping.location, name: name, types: types.map { $0.map(\.value) }, target: target,
            arches: arches,
            version: version, release: release, repos: repos, distro: distro, scratch: scratch, ostree: ostree,
            bootc: bootc, failable: failable, subvariant: subvariant, blueprint: blueprint, seed: seed,
            manifestType: manifestType, preview: preview, skipTag: skipTag)
    }

    private mutating func requiredKey<Value>(
        _ key: String, of mapping: Located<ConfigDict>, at path: OptionPath, _ shape: OptionShape<Value>
    ) -> Located<Value>? {
        guard mapping.value[key] != nil else {
            report(
                Diagnostic(
                    severity: .error, code: "config.required",
                    message: "\(path) has no '\(key)', which every block needs",
                    location: mapping.location, notes: [], fix: nil))
            return nil
        }
        return optional(key, of: mapping.value, at: path, shape)
    }

    /// Unknown keys are errors; keys that only the newest plugin knows are told apart from them.
    private mutating func checkKeys(_ keys: ConfigDict, at path: OptionPath) {
        for (key, _) in keys.entries {
            guard case .string(let name) = key.kind else {
                report(
                    Diagnostic(
                        severity: .error, code: "config.unknown-key",
                        message: "\(path) has \(key.kindName) as a key", location: key.location, notes: [], fix: nil))
                continue
            }
            if ImageBuilderBlock.pungiKeys.contains(name) { continue }
            if ImageBuilderBlock.pluginKeys.contains(name) {
                report(
                    Diagnostic(
                        severity: .warning, code: "config.not-in-pungi",
                        message: "\(path).\(name) is taken by the newest hub plugin, but Pungi's own phase refuses it",
                        location: key.location, notes: [], fix: nil))
                continue
            }
            let known = ImageBuilderBlock.pungiKeys + ImageBuilderBlock.pluginKeys
            report(
                Diagnostic(
                    severity: .error, code: "config.unknown-key", message: "\(path) has an unknown key '\(name)'",
                    location: key.location, notes: ["known keys: " + known.sorted().joined(separator: ", ")],
                    fix: nearest(to: name, in: known).map { "did you mean '\($0)'?" }))
        }
    }

    /// `ostree`: its three known keys are strings. Other keys are let through by Pungi and refused by the hub.
    private mutating func checkOSTree(_ keys: ConfigDict, at path: OptionPath) {
        for (option, known) in [
            ("ostree", ["parent", "ref", "url"]),
            ("bootc", ["ref", "build-ref", "installer-payload-ref", "default-fs"]),
        ] {
            guard let value = keys[option], case .dict(let mapping) = value.kind else { continue }
            for (key, inner) in mapping.entries {
                guard case .string(let name) = key.kind else { continue }
                if known.contains(name) {
                    _ = read(inner, path.key(option).key(name), .string)
                } else {
                    report(
                        Diagnostic(
                            severity: .warning, code: "hub.unknown-key",
                            message: "\(path).\(option).\(name) is not known to the hub, which will refuse the task",
                            location: key.location, notes: [],
                            fix: nearest(to: name, in: known).map { "did you mean '\($0)'?" }))
                }
            }
        }
    }
}
