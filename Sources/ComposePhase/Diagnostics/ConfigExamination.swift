import ProductMD
package import PungiConfig

/// Everything that can be said of a configuration without a hub: what `validate` finds.
package struct ConfigExamination: Sendable {
    /// The path as given.
    package let config: String
    /// In the order of files and lines.
    package let diagnostics: [Diagnostic]
    /// Complaints that comments or the command line do not want.
    package let silenced: [Diagnostic]

    private init(config: String, diagnostics: [Diagnostic], silenced: [Diagnostic]) {
        self.config = config
        self.diagnostics = diagnostics
        self.silenced = silenced
    }

    /// A configuration that could not even be looked at.
    package init(config: String, failure: ConfigFailure) {
        self.init(config: config, diagnostics: failure.diagnostics, silenced: [])
    }

    package func count(_ severity: Severity) -> Int { diagnostics.count { $0.severity == severity } }

    /// Whether Pungi would start the compose and nothing certain to fail was found; with `strictly`, whether nothing
    /// at all is to be warned of.
    package func passes(strictly: Bool) -> Bool {
        count(.error) == 0 && (!strictly || count(.warning) == 0)
    }

    /// What is to be looked at, and how.
    package struct Options: Sendable {
        package var defines: [Define] = []
        /// Codes that nobody wants to hear of.
        package var ignored: Set<String> = []
        /// `YYYYMMDD`: the day of the compose that the plan is made for.
        package var date: String

        package init(date: String) { self.date = date }
    }

    /// Reads a configuration with all its files and looks at everything that one run can find.
    package static func run(
        _ path: String, options: Options, files: any ConfigFileSource = DiskFileSource()
    ) -> ConfigExamination {
        let document: ConfigDocument
        do {
            document = try ConfigDocument.load(path: path, defines: options.defines, from: files)
        } catch {
            return ConfigExamination(config: path, diagnostics: error.diagnostics, silenced: [])
        }
        var withoutVariables = document
        for define in options.defines where define.isVariable { withoutVariables.forget(define.name) }
        var found = document.warnings
        let (settings, complaints) = SettingsReader.look(withoutVariables, for: .pungi)
        found += complaints
        if let settings { found += plan(settings, document, path, options) }
        let (kept, silenced) = Silences(comments: document.silences, codes: options.ignored).apply(to: found.uniqued())
        return ConfigExamination(config: path, diagnostics: kept.inOrder(of: document), silenced: silenced)
    }

    private static func plan(
        _ settings: ComposeSettings, _ document: ConfigDocument, _ path: String, _ options: Options
    ) -> [Diagnostic] {
        if case .scm(let kind) = settings.variantsFile.value {
            return [
                Diagnostic(
                    severity: .note, code: "variants.not-read",
                    message: "variants.xml comes from \(kind); patterns, arches and tasks were not looked at",
                    location: settings.variantsFile.location)
            ]
        }
        let variants: VariantSet
        do {
            variants = try VariantsInput.load(for: settings, besideConfig: path)
        } catch {
            return error.diagnostics
        }
        // Neither type nor label change what is wrong.
        let request = ComposeRequest(
            type: .nightly, label: nil, hasNoLabel: true, isSupported: false, date: options.date, respin: 0)
        guard let compose = try? ComposeIdentity(settings: settings, request: request) else { return [] }
        let directory = "/" + compose.id
        let plan = PhasePlanner(
            settings: settings, variants: variants, compose: compose, composeDirectory: directory, namesHub: false
        ).plan()
        let lint = Lint(document: document, settings: settings, variants: variants, compose: compose, plan: plan)
        // Where the compose will be, and whether builders reach it there, is not known yet.
        return lint.diagnostics
            + plan.diagnostics.filter { $0.code != "plan.local-repo" || !$0.message.contains(" \(directory)/") }
    }
}

extension [Diagnostic] {
    /// By file, in the order in which the configuration opened them, then by line; what has no place comes first.
    fileprivate func inOrder(of document: ConfigDocument) -> [Diagnostic] {
        var ranks: [String: Int] = [document.path: 0]
        for diagnostic in self {
            guard let file = diagnostic.location?.file, ranks[file] == nil else { continue }
            ranks[file] = ranks.count
        }
        func key(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
            guard let place = diagnostic.location else { return (-1, 0, 0) }
            return (ranks[place.file] ?? 0, place.line, place.column)
        }
        return enumerated().sorted { left, right in
            let (a, b) = (key(left.element), key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
    }
}
