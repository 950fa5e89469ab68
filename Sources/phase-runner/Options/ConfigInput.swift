import ComposePhase
import ProductMD
import PungiConfig

/// Loads a configuration for a verb; what is wrong with it is printed, and ends the verb with status 2.
enum ConfigInput {
    static func document(_ path: String, as form: ConfigDocument.Form = .byName) throws -> ConfigDocument {
        do {
            return try ConfigDocument.load(path: path, as: form)
        } catch {
            throw invalid(error.diagnostics)
        }
    }

    /// A configuration, or the dump of one in a compose directory.
    static func document(source: String, defines: [Define]) throws -> ConfigDocument {
        let dump = ComposeLayout(top: source).path(ComposeLayout.configDump)
        let isCompose = AtomicFile.isDirectory(source)
        do {
            return try ConfigDocument.load(
                path: isCompose ? dump : source, as: isCompose ? .json : .byName, defines: defines)
        } catch {
            throw invalid(error.diagnostics)
        }
    }

    /// A config that tells where its values come from, and what a plan needs of it.
    static func loadTraced(_ path: String) throws -> (Loaded, ConfigDocument) {
        do {
            let files = RememberedFiles()
            let document = try ConfigDocument.load(path: path, from: files, tracing: true)
            return (try loaded(document, path, files), document)
        } catch {
            throw invalid(error.diagnostics)
        }
    }

    /// A config with its variants, and the compose that the command line names.
    struct Loaded {
        var settings: ComposeSettings
        let variants: VariantSet
        /// As it is kept in the compose; only where it was asked for.
        var saved: SavedConfig?

        /// What a run needs once it has its plan: the blocks are in there.
        var withoutBlocks: Loaded {
            var rest = self
            rest.settings.imageBuilder = []
            return rest
        }

        /// Warnings of the language and of the settings.
        let warnings: [Diagnostic]

        /// What was read; nil for a config that was kept in a compose.
        fileprivate(set) var files: RememberedFiles?

        /// The files that a plan of it is made of.
        var sources: [PlanSource]? { files?.sources() }
    }

    /// - Parameter isKept: whether the config is to be kept in the compose.
    static func load(_ path: String, isKept: Bool = false) throws -> Loaded {
        do {
            return try read(path, isKept: isKept)
        } catch {
            throw invalid(error.diagnostics)
        }
    }

    /// The same without a word about what is wrong: it is in the failure.
    static func read(_ path: String, isKept: Bool = false) throws(ConfigFailure) -> Loaded {
        let files = RememberedFiles()
        return try loaded(try ConfigDocument.load(path: path, from: files), path, files, isKept: isKept)
    }

    private static func loaded(
        _ document: ConfigDocument, _ path: String, _ files: RememberedFiles, isKept: Bool = false
    ) throws(ConfigFailure) -> Loaded {
        do {
            let (settings, warnings) = try SettingsReader.read(document)
            let (place, bytes) = try VariantsInput.read(for: settings, besideConfig: path)
            files.remember(place, bytes)
            var loaded = try loaded(document, settings, warnings, (place, bytes), isKept: isKept)
            loaded.files = files
            return loaded
        } catch {
            throw ConfigFailure(diagnostics: document.warnings + error.diagnostics)
        }
    }

    /// A configuration that was kept in a compose.
    static func load(kept place: SavedConfig.Place) throws -> Loaded {
        let document = try document(place.config, as: .json)
        let variants: (String, [UInt8])
        do {
            variants = try VariantsInput.read(path: place.variants)
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
        do {
            let (settings, warnings) = try SettingsReader.read(document)
            return try loaded(document, settings, warnings, variants, isKept: true)
        } catch {
            throw invalid(document.warnings + error.diagnostics)
        }
    }

    private static func loaded(
        _ document: ConfigDocument, _ settings: ComposeSettings, _ warnings: [Diagnostic],
        _ variants: (path: String, bytes: [UInt8]), isKept: Bool
    ) throws(ConfigFailure) -> Loaded {
        Loaded(
            settings: settings,
            variants: try VariantSet.load(
                bytes: variants.bytes, path: variants.path, treeArches: settings.treeArches,
                treeVariants: settings.treeVariants),
            saved: isKept ? .files(config: document.languageJSON(), variants: variants.bytes) : nil,
            warnings: document.warnings + warnings)
    }

    static func compose(_ settings: ComposeSettings, _ request: ComposeRequest) throws -> ComposeIdentity {
        do {
            return try ComposeIdentity(settings: settings, request: request)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }

    /// The compose that the command line means: the one that Pungi made in `--compose-dir`, else a new one.
    static func compose(_ loaded: Loaded, _ options: ComposeOptions) throws -> ComposeIdentity {
        if let directory = options.composeDir {
            let path = ComposeLayout(top: Paths.absolute(directory)).path(ComposeLayout.baseComposeInfo)
            do {
                if let bytes = try AtomicFile.read(path) {
                    return try ComposeIdentity(
                        settings: loaded.settings, adopting: try ComposeInfoDocument.readCompose(bytes, name: path))
                }
            } catch {
                throw VerbFailure(.composeUnusable, "the compose in \(directory) cannot be told: \(error)")
            }
        }
        return try compose(loaded.settings, options.request())
    }

    /// The compose that a run makes now.
    ///
    /// - Parameter picksRespin: it is the first respin whose directory can be made.
    static func nextCompose(
        _ loaded: Loaded, _ options: ComposeOptions, picksRespin: Bool
    ) throws -> ComposeIdentity {
        let first = try compose(loaded, options)
        guard picksRespin else { return first }
        let free: Int
        do {
            free = try ComposeDirectory.freeRespin(from: 0) { respin in
                let identity = try? compose(loaded.settings, options.request(respin: respin))
                return options.directory(for: identity?.id ?? first.id)
            }
        } catch {
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
        return try compose(loaded.settings, options.request(respin: free))
    }

    static func plan(_ loaded: Loaded, _ compose: ComposeIdentity, directory: String, namesHub: Bool) -> PhasePlan {
        var plan = PhasePlanner(
            settings: loaded.settings, variants: loaded.variants, compose: compose, composeDirectory: directory,
            namesHub: namesHub
        ).plan()
        plan.diagnostics = loaded.warnings + plan.diagnostics
        return plan
    }

    private static func invalid(_ diagnostics: [Diagnostic]) -> VerbFailure {
        DiagnosticPrinter.show(diagnostics)
        return VerbFailure(.invalid)
    }
}

extension ConfigInput.Loaded {
    /// What Pungi's phase handed over.
    init(_ handoff: Handoff) {
        self.init(
            settings: handoff.settings, variants: handoff.variants, saved: .handoff(handoff.bytes),
            warnings: handoff.warnings)
    }
}
