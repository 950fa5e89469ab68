import ArgumentParser
import ComposePhase
import ProductMD

/// `diff OLD NEW`: what changes in what would be built.
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Print what changes in what would be built.",
        usage: """
            phase-runner diff [<options>] <old> <new>
            phase-runner diff [<options>] --rev <rev> [--rev <rev>] <config>
            """,
        discussion: """
            OLD and NEW are configurations, or plan documents in JSON or YAML. With --rev the configuration of a git \
            revision is compared with the working tree's, or with that of a second --rev; imports and variants are those \
            of the revision. Both configurations are planned for the same compose, so that only what they say differs; \
            against a plan document, for its compose. Exit status: 0 the same is built, 1 something differs, 2 usage \
            error, or one of them cannot be planned or run.
            """)

    @OptionGroup var compose: ComposeOptions

    @Option(
        help: ArgumentHelp(
            "The configuration as it was in this git revision; a second one stands for the working tree.",
            valueName: "rev"))
    var rev: [String] = []

    @Option(help: "text for people, markdown for a pull request, json or yaml for programs.")
    var format: Format = .text

    @Argument(
        help: ArgumentHelp(
            "Configurations (*.conf, *.json) or plan documents (JSON, YAML): the old one, then the new one.",
            valueName: "path"))
    var paths: [String]

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, json, yaml
    }

    func validate() throws {
        guard rev.count <= 2 else { throw ValidationError("--rev stands once or twice.") }
        if rev.isEmpty {
            guard paths.count == 2 else {
                throw ValidationError("diff compares two: the old and the new one, or one config with --rev.")
            }
        } else if paths.count != 1 {
            throw ValidationError("With --rev give one config: it is compared with itself.")
        }
    }

    func run() async throws {
        var revisions: [GitRevision] = []
        defer { revisions.forEach { $0.remove() } }
        for name in rev { revisions.append(try await GitRevision.checkOut(name, of: paths[0])) }
        let sides =
            revisions.map { ComparedPlan.Place(path: $0.config, revision: $0) }
            + (rev.count == 2 ? [] : paths.map { ComparedPlan.Place(path: $0, revision: nil) })
        let (old, new) = try ComparedPlan.load(sides[0], sides[1], compose)
        let comparison = PlanComparison(
            old.plan, new.plan,
            forgetsPlace: old.isDocument != new.isDocument && compose.targetDir == nil && compose.composeDir == nil)
        try show(comparison, old: old.name, new: new.name)
        guard new.plan.isRunnable else {
            throw VerbFailure(.invalid, "\(new.name) cannot be run: see its errors above")
        }
        guard comparison.isSame else { throw VerbFailure(.phaseFailed) }
    }

    private func show(_ comparison: PlanComparison, old: String, new: String) throws {
        switch format {
        case .text:
            let lines = ComparisonText(comparison: comparison, colours: Console.outputHasColour).lines()
            lines.forEach { print($0) }
        case .markdown: ComparisonMarkdown(comparison: comparison, old: old, new: new).lines().forEach { print($0) }
        case .json: DocumentPrinter.json(ComparisonDocument.encode(comparison, old: old, new: new))
        case .yaml: try DocumentPrinter.yaml(ComparisonDocument.encode(comparison, old: old, new: new))
        }
    }
}
