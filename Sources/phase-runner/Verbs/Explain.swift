import ArgumentParser
import ComposePhase
import ProductMD
import PungiConfig

/// `explain CONFIG TASK [FIELD...]`: where the values of a task came from, and what builders run for it.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print where each value of a task came from, and the command of its builders.",
        discussion: """
            The block, the phase's fallback (imagebuilder_KEY), the one for all phases (global_KEY) and the compose are \
            told in the order in which they are asked, with file, line and column, through variables and imports; `>` \
            marks what was used. \
            Fields: \(PlanExplainer.fieldNames.joined(separator: ", ")). \
            With only `command` the output is a shell script. \
            Exit status: 0, or 2 if the configuration is invalid or has no such task.
            """)

    @OptionGroup var compose: ComposeOptions
    @OptionGroup var hub: HubOptions

    @Option(help: "text for people, json for programs.")
    var format: Format = .text

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String

    @Argument(
        help: ArgumentHelp(
            "A task of the plan: its id, its image's name, a pattern with `*`, or a part of the id that only it has.",
            valueName: "task"))
    var task: String

    @Argument(help: ArgumentHelp("Only these fields of it, or `command`.", valueName: "field"))
    var fields: [String] = []

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func validate() throws {
        for field in fields where !PlanExplainer.fieldNames.contains(field) {
            let near = nearest(to: field, in: PlanExplainer.fieldNames).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError(
                "There is no field \(field)\(near)\nFields: \(PlanExplainer.fieldNames.joined(separator: ", "))")
        }
    }

    func run() throws {
        let (loaded, document) = try ConfigInput.loadTraced(config)
        let identity = try ConfigInput.compose(loaded, compose)
        let explainer = PlanExplainer(
            planner: PhasePlanner(
                settings: loaded.settings, variants: loaded.variants, compose: identity,
                composeDirectory: compose.directory(for: identity.id), namesHub: hub.namesHub), document: document)
        let plan = explainer.plan
        let chosen: ImageTask
        do {
            chosen = try plan.task(named: task)
        } catch {
            // A block that makes no task may be the one that is meant.
            if !error.isAmbiguous { DiagnosticPrinter.show(plan.diagnostics.filter { $0.severity == .error }) }
            throw VerbFailure(.invalid, TerminalText.safeLines(error.description))
        }
        guard let explanation = explainer.explain(chosen.id, fields: fields) else {
            throw VerbFailure(.invalid, "\(chosen.id) cannot be explained")
        }
        switch format {
        case .text: ExplanationText.lines(explanation).forEach { print($0) }
        case .json: DocumentPrinter.json(ExplanationDocument.encode(explanation))
        }
    }
}
