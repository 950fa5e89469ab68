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
        if changedToolchain { return try compareToolchains() }
        let directory = Paths.absolute(paths[0])
        var facts: ReportFacts
        do {
            facts = try ReportFiles.read(directory)
        } catch {
            throw VerbFailure(.composeUnusable, TerminalText.safeLines(error.description))
        }
        let now = SystemClock().now()
        if let ticket { return try write(ticket: ticket, ComposeReport(facts, at: now)) }
        if let rebuild { return try write(rebuild: rebuild, ComposeReport(facts, at: now), facts.plan) }
        do {
            try ReportFiles.addPrevious(previous.map { .directory(Paths.absolute($0)) } ?? .beside, to: &facts)
        } catch {
            throw VerbFailure(.invalid, TerminalText.safeLines(error.description))
        }
        let report = ComposeReport(facts, at: now)
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

    // MARK: One image

    private func write(ticket text: String, _ report: ComposeReport) throws {
        let ticket: FailureTicket
        do {
            let subject = try subject(text, of: report)
            let task = report.tasks.first { $0.id == subject.task }
            // For a part of an image the last compose is sought in which that part was good.
            let failed = Set(report.failures.filter { $0.task == subject.task }.flatMap(\.arches))
            let arch = subject.arch ?? (failed.count == 1 ? failed.first : nil)
            ticket = try FailureTicket(
                report, subject,
                logTail: task?.log.map {
                    ReportFiles.tail(of: "\(report.directory)/\($0)", lines: FailureTicket.lines)
                } ?? [],
                lastGood: EarlierComposes.lastGood(
                    subject.task, arch: arch, before: report.compose, beside: report.directory,
                    isRehearsal: report.isRehearsal))
        } catch {
            throw VerbFailure(.invalid, TerminalText.safeLines("\(error)"))
        }
        switch chosenFormat {
        case .markdown: try put(ReportTicket(ticket: ticket).markdown())
        case .json: try put(DocumentPrinter.lines(ticket.json))
        default: try put(ReportTicket(ticket: ticket).text())
        }
    }

    private func write(rebuild text: String, _ report: ComposeReport, _ plan: PhasePlan?) throws {
        let rebuild: Rebuild
        do {
            let subject = try subject(text, of: report)
            rebuild = try Rebuild(
                report, subject, task: plan?.tasks.first { $0.id == subject.task },
                manifest: { ReportFiles.manifest($0, in: report.directory) })
        } catch {
            throw VerbFailure(.invalid, TerminalText.safeLines("\(error)"))
        }
        switch chosenFormat {
        case .json: try put(DocumentPrinter.lines(rebuild.json))
        default: try put(ReportRebuild(rebuild: rebuild, isRehearsal: report.isRehearsal).lines())
        }
    }

    private func subject(_ text: String, of report: ComposeReport) throws -> ReportSubject {
        try ReportSubject(text, among: report.tasks.map { ($0.id, $0.arches.map(\.arch)) })
    }

    // MARK: Two composes

    private func compareToolchains() throws {
        let documents: [ProvenanceDocument]
        do {
            documents = try paths.map { try ReportFiles.provenance(Paths.absolute($0)) }
        } catch {
            throw VerbFailure(.composeUnusable, TerminalText.safeLines("\(error)"))
        }
        let comparison = ToolchainComparison(documents[0], documents[1])
        switch chosenFormat {
        case .json: try put(DocumentPrinter.lines(comparison.json))
        default: try put(ReportToolchain(comparison: comparison).lines())
        }
        if !comparison.isSame { throw VerbFailure(.phaseFailed) }
    }

    // MARK: Where it goes

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
