package import PungiConfig

/// Finds and reads the `variants.xml` of a configuration.
package enum VariantsInput {
    /// - Parameter config: path of the main config file; `variants_file` is relative to its directory, as in Pungi.
    package static func load(
        for settings: ComposeSettings, besideConfig config: String
    ) throws(ConfigFailure) -> VariantSet {
        let source = settings.variantsFile
        guard case .file(let name) = source.value else {
            throw failure(
                source, "variants_file names a repository, which this program does not read",
                fix: "check it out and name the file")
        }
        let path: String
        if name.hasPrefix("/") {
            path = name
        } else {
            let directory = config.lastIndex(of: "/").map { String(config[...$0]) } ?? ""
            path = directory + name
        }
        let bytes: [UInt8]?
        do {
            bytes = try AtomicFile.read(path, limit: 64 << 20)
        } catch {
            throw failure(source, error.description, fix: nil)
        }
        guard let bytes else {
            throw failure(source, "there is no variants file \(path)", fix: "it is looked for beside the main config")
        }
        return try VariantSet.load(
            bytes: bytes, path: path, treeArches: settings.treeArches, treeVariants: settings.treeVariants)
    }

    private static func failure(
        _ source: Located<ComposeSettings.VariantsSource>, _ message: String, fix: String?
    ) -> ConfigFailure {
        ConfigFailure(diagnostics: [
            Diagnostic(
                severity: .error, code: "variants.file", message: message, location: source.location, notes: [],
                fix: fix)
        ])
    }
}
