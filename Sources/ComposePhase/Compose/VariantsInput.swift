import Glibc
package import PungiConfig

/// Finds and reads the `variants.xml` of a configuration.
package enum VariantsInput {
    /// - Parameter config: path of the main config file.
    package static func load(
        for settings: ComposeSettings, besideConfig config: String
    ) throws(ConfigFailure) -> VariantSet {
        let (path, bytes) = try read(for: settings, besideConfig: config)
        return try VariantSet.load(
            bytes: bytes, path: path, treeArches: settings.treeArches, treeVariants: settings.treeVariants)
    }

    /// A file that was kept beside a compose.
    package static func read(path: String) throws(AtomicFile.Failure) -> (path: String, bytes: [UInt8]) {
        guard let bytes = try AtomicFile.read(path, limit: 64 << 20) else {
            throw AtomicFile.Failure(path: path, operation: "read", code: ENOENT)
        }
        return (path, bytes)
    }

    /// The file itself, and where it lies.
    ///
    /// - Parameter config: path of the main config file; `variants_file` is relative to its directory, as in Pungi.
    package static func read(
        for settings: ComposeSettings, besideConfig config: String
    ) throws(ConfigFailure) -> (path: String, bytes: [UInt8]) {
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
        return (path, bytes)
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
