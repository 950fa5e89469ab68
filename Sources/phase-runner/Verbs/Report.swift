import ArgumentParser
import ComposePhase
import Glibc

/// `report COMPOSE_DIR`: what a compose holds and how its run went.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report what a compose holds, how its run went, and what failed.",
        usage: """
            phase-runner report [--format <format>] [-o <file>] [--previous <dir>] <compose-dir>
            phase-runner report --ticket <image[,arch]> [--format <format>] [-o <file>] <compose-dir>
            phase-runner report --rebuild <image[,arch]> [--format <format>] [-o <file>] <compose-dir>
            phase-runner report --changed-toolchain [--format <format>] [-o <file>] <old> <new>
            """,
        discussion: """
            Reads only what a run leaves in the compose directory, so it works from another host, and on a compose that \
            is still running, that died, or of which a file is missing or damaged: then the report says so. The HTML page \
            is one file that needs nothing else. IMAGE is the id of an image task, its name, a shell pattern or a part of \
            the id.
            Exit status: 0 printed; 1 --changed-toolchain found an image that was built by other tools, or of which that \
            cannot be told; 2 usage error; 5 the directory is no compose or cannot be read.
            """)

    @Option(
        help: """
            text for people, html for a browser, markdown for a wiki, json for programs. The default is told from the \
            name of --output, and is text.
            """)
    var format: Format?

    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("Write it there and not on stdout.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Compare sizes with this compose directory or images.json; else with the newest before it that lies beside.",
            valueName: "dir"))
    var previous: String?

    @Option(help: ArgumentHelp("The text of a ticket for an image that failed.", valueName: "image[,arch]"))
    var ticket: String?

    @Option(
        help: ArgumentHelp(
            "The command that builds an image again, here, from the manifest that the compose keeps.",
            valueName: "image[,arch]"))
    var rebuild: String?

    @Flag(
        help: """
            Which images were built by another image-builder or osbuild: give two compose directories or provenance \
            documents.
            """)
    var changedToolchain = false

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var paths: [String] = []

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case html, text, json, markdown
    }

    func validate() throws {
        let wishes = [ticket != nil, rebuild != nil, changedToolchain].count { $0 }
        guard wishes <= 1 else {
            throw ValidationError("--ticket, --rebuild and --changed-toolchain are different things; give one of them.")
        }
        if changedToolchain {
            guard paths.count == 2 else { throw ValidationError("--changed-toolchain compares two: the old, the new.") }
        } else if paths.count != 1 {
            throw ValidationError("Give one compose directory.")
        }
        if wishes > 0, previous != nil {
            throw ValidationError("--previous is for the report of a whole compose.")
        }
        if wishes > 0, format == .html {
            throw ValidationError("Only the report of a whole compose is made as a page.")
        }
        if ticket == nil, wishes > 0, format == .markdown {
            throw ValidationError("This is made as text or json.")
        }
    }

    func run() async throws {
        let directory = Paths.absolute(paths[0])
        var facts: ReportFacts
        do {
            facts = try ReportFiles.read(directory)
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
        do {
            try ReportFiles.addPrevious(previous.map { .directory(Paths.absolute($0)) } ?? .beside, to: &facts)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
        let report = ComposeReport(facts, at: SystemClock().now())
        switch chosenFormat {
        case .text:
            let colours = output == nil && Console.outputHasColour
            try put(ReportText(report: report, colours: colours).lines())
        case .markdown: try put(ReportMarkdown(report: report).lines())
        case .json: try put(DocumentPrinter.lines(report.json))
        case .html:
            let page = output.map { Self.directory(of: Paths.absolute($0)) }
            try put([ReportPage(report: report, links: ReportLinks(compose: directory, page: page)).html])
        }
    }

    /// What the file's name says, where no format is named.
    private var chosenFormat: Format {
        if let format { return format }
        let name = (output ?? "").lowercased()
        if name.hasSuffix(".html") || name.hasSuffix(".htm") { return .html }
        if name.hasSuffix(".json") { return .json }
        return name.hasSuffix(".md") ? .markdown : .text
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// On stdout, or into the file that was named: whole or not at all.
    private func put(_ lines: [String]) throws {
        guard let output else {
            lines.forEach { print($0) }
            return
        }
        do {
            try AtomicFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: Paths.absolute(output))
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }
}
