import ArgumentParser
import ComposePhase
import ProductMD

/// `check COMPOSE_DIR`: who would trip over this compose.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold a compose against what its consumers rely on.",
        discussion: """
            Looks at the metadata and the files as productmd, fedfind, openQA, the websites and mirrors see them, and names \
            the consumer that would break. Changes nothing.
            Exit status: 0 nothing, or warnings only; 1 a consumer would break (with --strict also for warnings); 2 usage \
            error; 5 the directory is no compose or cannot be read.
            """)

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Only as these see it: \(Consumer.allCases.map(\.rawValue).joined(separator: ", ")); separated by commas.",
            valueName: "consumers"),
        transform: Check.consumers)
    var consumers: Set<Consumer> = Set(Consumer.allCases)

    @Flag(help: "Read all images and compare their digests.")
    var checksums = false

    @Flag(help: "Count warnings, too.")
    var strict = false

    @Option(help: "text for people, json for programs.")
    var format: Format = .text

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var directory: String

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static func consumers(_ text: String) throws -> Set<Consumer> {
        var consumers: Set<Consumer> = []
        for name in text.split(separator: ",") {
            guard let consumer = Consumer(rawValue: String(name)) else {
                throw ValidationError(
                    "'\(name)' is no consumer that is known; there are"
                        + " \(Consumer.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            consumers.insert(consumer)
        }
        guard !consumers.isEmpty else { throw ValidationError("--as names no consumer.") }
        return consumers
    }

    func run() async throws {
        let compose: ReadCompose
        do {
            compose = try await ComposeReading.read(Paths.absolute(directory), digests: checksums)
        } catch {
            throw VerbFailure(.composeUnusable, TerminalText.safeLines(error.description))
        }
        let found = ComposeCheck.findings(compose, for: consumers)
        switch format {
        case .json:
            DocumentPrinter.json(
                ComposeCheck.document(found, composeID: compose.images.value?.compose.id ?? compose.composeID.value))
        case .text: CheckText.lines(found, for: consumers, colours: Console.outputHasColour).forEach { print($0) }
        }
        let fails = found.contains { $0.severity == .error || strict }
        if fails { throw VerbFailure(.phaseFailed, nil) }
    }
}
