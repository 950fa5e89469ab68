import ArgumentParser
import ComposePhase
import Koji
import ProductMD

/// `plan CONFIG`: every task that a run would submit, without a hub and without writing anything.
struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Print every task that a run would submit; needs no hub and writes nothing.",
        discussion: """
            With --against-last text has below the plan what changes since the last compose; json and yaml print that \
            comparison instead of the plan, and nothing where there is no last compose. With --inputs it is told what the \
            images would be made from. Exit status: 0, or 2 if the \
            configuration is invalid or the hub would refuse a task.
            """)

    @OptionGroup var compose: ComposeOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var hub: HubOptions

    @Option(help: "text for people, json or yaml for programs.")
    var format: OutputFormat = .text

    @Flag(
        help: """
            Compare with the plan that the last compose of the same release and type left below --target-dir, or beside \
            --compose-dir.
            """)
    var againstLast = false

    @Flag(
        help: """
            Print instead what the images would be made from, as it is now: the revision of each repository and the commit \
            of each ostree ref. Asks their servers.
            """)
    var inputs = false

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String

    func validate() throws {
        if inputs, againstLast { throw ValidationError("--inputs and --against-last are different things.") }
    }

    func run() async throws {
        let loaded = try ConfigInput.load(config)
        let identity = try ConfigInput.compose(loaded, compose)
        var plan = try selection.apply(
            to: ConfigInput.plan(
                loaded, identity, directory: compose.directory(for: identity.id), namesHub: hub.namesHub))
        // A person is not shown them, and need not wait for them.
        if format != .text { plan.sources = loaded.sources }
        if inputs {
            try await showInputs(plan)
        } else if againstLast {
            try compare(plan)
        } else {
            try show(plan)
        }
        DiagnosticPrinter.show(plan.diagnostics)
        guard plan.isRunnable else { throw VerbFailure(.invalid) }
    }

    private func showInputs(_ plan: PhasePlan) async throws {
        let transport = CurlTransport(options: TransportOptions(version: PhaseRunner.version))
        let found = await PlanInputs.look(at: plan.tasks, RepositoryFiles(transport: transport))
        await transport.close()
        switch format {
        case .text:
            for input in found.inputs {
                let state = input.state ?? "not known" + (input.trouble.map { ": \($0)" } ?? "")
                print(TerminalText.safe("\(input.name): \(state)"))
            }
        case .json: DocumentPrinter.json(found.json(of: plan.compose.id))
        case .yaml: try DocumentPrinter.yaml(found.json(of: plan.compose.id))
        }
    }

    private func show(_ plan: PhasePlan) throws {
        switch format {
        case .text: PlanText.lines(plan).forEach { print($0) }
        case .json: DocumentPrinter.json(PlanDocument.encode(plan))
        case .yaml: try DocumentPrinter.yaml(PlanDocument.encode(plan))
        }
    }

    private func compare(_ plan: PhasePlan) throws {
        let since = SinceLast(
            plan, in: compose.directory(for: plan.compose.id), isRehearsal: hub.rehearse, selection)
        if format == .text {
            try show(plan)
            print()
            since.lines(colours: Console.outputHasColour).forEach { print($0) }
            return
        }
        guard let (last, comparison) = since.found else { return Console.line(since.remark) }
        let document = ComparisonDocument.encode(comparison, old: last.directory, new: config)
        if format == .json {
            DocumentPrinter.json(document)
        } else {
            try DocumentPrinter.yaml(document)
        }
    }
}
