import ArgumentParser
import ComposePhase
import ProductMD

/// `plan CONFIG`: every task that a run would submit, without a hub and without writing anything.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every task that a run would submit; needs no hub and writes nothing.",
        discussion: "Exit status: 0, or 2 if the configuration is invalid or the hub would refuse a task.")

    @OptionGroup var compose: ComposeOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var hub: HubOptions

    @Option(help: "text for people, json or yaml for programs.")
    var format: OutputFormat = .text

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String

    func run() throws {
        let loaded = try ConfigInput.load(config)
        let identity = try ConfigInput.compose(loaded, compose)
        var plan = try selection.apply(
            to: ConfigInput.plan(
                loaded, identity, directory: compose.directory(for: identity.id), namesHub: hub.namesHub))
        // A person is not shown them, and need not wait for them.
        if format != .text { plan.sources = loaded.sources }
        switch format {
        case .text: PlanText.lines(plan).forEach { print($0) }
        case .json: DocumentPrinter.json(PlanDocument.encode(plan))
        case .yaml: try DocumentPrinter.yaml(PlanDocument.encode(plan))
        }
        DiagnosticPrinter.show(plan.diagnostics)
        guard plan.isRunnable else { throw VerbFailure(.invalid) }
    }
}
