import ArgumentParser
import ComposePhase
import PungiConfig

/// `dump SOURCE...`: the whole configuration as Pungi sees it, as JSON.
struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Print a whole configuration with its defaults, as JSON.",
        discussion: """
            As pungi-config-dump: several sources are merged in order, a later one wins; a compose directory stands for \
            the dump that Pungi left in it; variables given by --define are visible while a source is read and win in the \
            end, and are left out of the result if they are no option of Pungi's. --language-only prints what the config \
            language alone gives: keys sorted, tuples as lists, keys that are not text as their JSON text. Exit status: 0, \
            or 2 if a source cannot be read or Pungi would refuse it.
            """)

    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("Give a variable or an option a value.", valueName: "name=value"))
    var define: [String] = []

    @Flag(help: "Print what the language alone gives, before schema and defaults.")
    var languageOnly = false

    @Flag(help: "Merge the sources and leave it at that: no defaults, no validation.")
    var justDump = false

    @Argument(
        help: ArgumentHelp("Pungi configurations, *.conf or *.json, or compose directories.", valueName: "source"))
    var sources: [String]

    func validate() throws {
        if sources.isEmpty { throw ValidationError("Missing a configuration.") }
        if languageOnly, sources.count > 1 || justDump || !define.isEmpty {
            throw ValidationError("--language-only takes one configuration and nothing else.")
        }
        _ = try Define.all(define)
    }

    func run() throws {
        if languageOnly {
            let document = try ConfigInput.document(sources[0])
            DiagnosticPrinter.show(document.warnings)
            print(document.languageJSON())
            return
        }
        let merged = try merged(with: try Define.all(define))
        guard !justDump else {
            print(merged.languageJSON(), terminator: "")
            return
        }
        let checked = SchemaCheck.run(merged, for: .pungi)
        // As Pungi's tool: of what is only to be warned of, nothing is said here.
        let errors = checked.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            DiagnosticPrinter.show(errors)
            throw VerbFailure(.invalid)
        }
        print(checked.document.languageJSON(), terminator: "")
    }

    private func merged(with defines: [Define]) throws -> ConfigDocument {
        var documents = try sources.map { try ConfigInput.document(source: $0, defines: defines) }
        var merged = documents.removeFirst()
        for document in documents { merged.merge(document) }
        for define in defines {
            if define.isVariable { merged.forget(define.name) } else { define.apply(to: &merged) }
        }
        return merged
    }
}

extension Define {
    /// The values of `--define`.
    static func all(_ texts: [String]) throws -> [Define] {
        try texts.map { text in
            guard let define = Define(text) else {
                throw ValidationError("--define is NAME=VALUE, the name beginning with a small letter: '\(text)'.")
            }
            return define
        }
    }
}
