import ArgumentParser
import PungiConfig

/// `dump CONFIG --language-only`: what the config language alone gives.
struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a configuration says, as JSON.",
        discussion: """
            --language-only prints what the config language alone gives, before schema and defaults: keys sorted, \
            tuples as lists, keys that are not text as their JSON text. Exit status: 0, or 2 if the config cannot be \
            read.
            """)

    @Flag(help: "Print what the language alone gives, before schema and defaults.")
    var languageOnly = false

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String

    func validate() throws {
        guard languageOnly else {
            throw ValidationError("dump prints what the language gives and needs --language-only to say so.")
        }
    }

    func run() throws {
        let document = try ConfigInput.document(config)
        DiagnosticPrinter.show(document.warnings)
        print(document.languageJSON())
    }
}
