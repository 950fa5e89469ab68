import ArgumentParser
import ComposePhase
import Glibc
import PungiConfig

/// `validate CONFIG...`: whether Pungi would start the compose, and what would go wrong later.
struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say everything that is wrong with configurations; needs no hub.",
        discussion: """
            Holds the configuration against Pungi's schema and variants.xml against its grammar, expands the image blocks \
            and looks for what would fail on the night. Warnings of ours are silenced by a comment in the config, \
            "# phase-runner: ignore CODE", or by --ignore. Variables in .pungi-config-validate.json beside a config are \
            defined as pungi-config-validate does. Exit status: 0 every configuration is good, 2 one is not (with \
            --strict also when there are warnings).
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif
    }

    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("Give a variable a value before the config is read.", valueName: "name=value"))
    var define: [String] = []

    @Flag(help: "Count warnings as errors, as pungi-config-validate does.")
    var strict = false

    @Option(help: ArgumentHelp("Leave out findings of this code.", valueName: "code"))
    var ignore: [String] = []

    @Option(help: ArgumentHelp("Print what a code means, and how to mend it.", valueName: "code"))
    var explain: String?

    @Option(help: "text for people, json for programs, sarif for code review.")
    var format: Format = .text

    @Flag(name: [.customShort("q"), .long], help: "Say nothing of configurations that are good.")
    var quiet = false

    @Argument(help: ArgumentHelp("Pungi configurations, *.conf or *.json.", valueName: "config"))
    var configs: [String] = []

    func validate() throws {
        guard configs.isEmpty == (explain != nil) else {
            throw ValidationError(explain == nil ? "Missing a configuration." : "--explain takes no configuration.")
        }
        _ = try Define.all(define)
        for code in ignore where DiagnosticCatalogue.builtIn[code: code] == nil {
            throw ValidationError(unknown(code))
        }
    }

    func run() async throws {
        if let explain { return try printPage(explain) }
        let examinations = try await examine()
        switch format {
        case .text: show(examinations)
        case .json: DocumentPrinter.json(DiagnosticsDocument.encode(examinations, strictly: strict))
        case .sarif:
            let log = SARIFLog(catalogue: .builtIn, version: PhaseRunner.version)
            DocumentPrinter.json(log.encode(examinations))
        }
        guard examinations.allSatisfy({ $0.passes(strictly: strict) }) else { throw VerbFailure(.invalid) }
    }

    // MARK: Looking

    /// All configurations side by side, in the order of the command line.
    private func examine() async throws -> [ConfigExamination] {
        var options = ConfigExamination.Options(date: LocalTime.today())
        options.defines = try Define.all(define)
        options.ignored = Set(ignore)
        return await withTaskGroup(of: (Int, ConfigExamination).self) { [configs, options] group in
            for (index, config) in configs.enumerated() {
                group.addTask { (index, Self.examine(config, options)) }
            }
            var found: [Int: ConfigExamination] = [:]
            for await (index, examination) in group { found[index] = examination }
            return configs.indices.compactMap { found[$0] }
        }
    }

    private static func examine(_ config: String, _ options: ConfigExamination.Options) -> ConfigExamination {
        var options = options
        do {
            options.defines += try ValidationVariables.beside(config)
        } catch {
            return ConfigExamination(config: config, failure: error)
        }
        return ConfigExamination.run(config, options: options)
    }

    // MARK: Telling

    private func show(_ examinations: [ConfigExamination]) {
        let colours = Console.outputHasColour
        var sources = SourceLines()
        for examination in examinations {
            for diagnostic in examination.diagnostics {
                print(DiagnosticText.text(sources.completed(diagnostic), colours: colours))
            }
            if !quiet || !examination.passes(strictly: strict) { print(verdict(examination, colours)) }
        }
        guard examinations.count > 1 else { return }
        let bad = examinations.count { !$0.passes(strictly: strict) }
        print(
            "\(counted(examinations.count, "configuration")): \(examinations.count - bad) good, \(bad) not;"
                + " \(counted(examinations.map { $0.count(.error) }.reduce(0, +), "error")),"
                + " \(counted(examinations.map { $0.count(.warning) }.reduce(0, +), "warning"))")
    }

    private func verdict(_ examination: ConfigExamination, _ colours: Bool) -> String {
        let isGood = examination.passes(strictly: strict)
        let counts = [
            counted(examination.count(.error), "error"), counted(examination.count(.warning), "warning"),
            examination.silenced.isEmpty ? nil : "\(examination.silenced.count) silenced",
        ].compactMap { $0 }
        let word = (isGood ? Colour.green : .red).paint(isGood ? "good" : "not good", if: colours)
        return "\(examination.config): \(word): \(counts.joined(separator: ", "))"
    }

    private func printPage(_ code: String) throws {
        guard let page = DiagnosticCatalogue.builtIn[code: code] else {
            throw VerbFailure(.invalid, unknown(code))
        }
        print(page.markdown, terminator: "")
    }

    private func unknown(_ code: String) -> String {
        let near = DiagnosticCatalogue.builtIn.nearestCode(to: code)
        return "There is no code '\(code)'"
            + (near.map { "; did you mean '\($0)'?" } ?? "; docs/diagnostics.md has all.")
    }
}
