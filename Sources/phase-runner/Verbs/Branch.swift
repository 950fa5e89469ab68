import ArgumentParser
import ComposePhase
import Glibc
import PungiConfig

/// `branch CONFIG --from rawhide --to f45`: what branching day asks for, as a patch.
struct Branch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "branch",
        abstract: "Propose what branching day asks of a config, as a patch.",
        discussion: """
            Refs, targets, versions, tags, repositories and branches of Git that name the old branch are changed to the \
            new one, in the config and in all that it imports; everything else stays byte for byte. The patch goes to \
            stdout (apply it with patch -p1), each change with its reason to stderr, and what names the old branch where \
            it is not certain what to write as a note. Only what still loads and plans is proposed. \
            Exit status: 0, also if there is nothing to do; 2 usage error or invalid configuration.
            """)

    @Option(help: ArgumentHelp("The branch that the config is of: rawhide or fNN.", valueName: "branch"))
    var from: BranchName

    @Option(help: ArgumentHelp("The branch that it becomes.", valueName: "branch"))
    var to: BranchName

    @Option(
        help: ArgumentHelp(
            "The word for the new branch in OSTree refs; else devel for rawhide's, the release for others.",
            valueName: "name"))
    var ref: String?

    @Option(help: "text for a person and patch, json for programs.")
    var format: Format = .text

    @Flag(name: [.customShort("w"), .long], help: "Write the files: all of them, or none.")
    var write = false

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf.", valueName: "config"))
    var config: String

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func validate() throws {
        guard from != to else { throw ValidationError("--from and --to are the same branch.") }
        if let ref {
            let isWord = ref.utf8.allSatisfy { byte in
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/".utf8.contains(byte)
            }
            guard isWord, !ref.isEmpty else {
                throw ValidationError("--ref is letters, digits, and . _ - / between them: '\(ref)'.")
            }
        }
        if config.hasSuffix(".json") {
            throw ValidationError("\(config) is JSON, which is made from a config: branch the config.")
        }
    }

    func run() throws {
        let document = try ConfigInput.document(config)
        let request = BranchRequest(
            from: from, to: to,
            rawhideNumber: from == .rawhide ? document["release_version"]?.string.flatMap { Int($0) } : nil,
            refWord: ref)
        let files = try ConfigFiles.read(document)
        let proposal: BranchProposal
        do {
            proposal = try BranchProposal(files: files.files, request)
        } catch {
            DiagnosticPrinter.show(error.diagnostics)
            throw VerbFailure(.invalid)
        }
        try check(files, proposal)
        let patch = proposal.patch(of: files.files, name: files.patchName)
        if write { try files.write(proposal.edited) }
        switch format {
        case .json:
            DocumentPrinter.json(BranchDocument.encode(proposal, request, patch: patch, isWritten: write))
        case .text:
            tell(proposal, files)
            print(patch, terminator: "")
        }
    }

    /// A config that could be planned can be planned afterwards, or nothing is proposed.
    private func check(_ files: ConfigFiles, _ proposal: BranchProposal) throws {
        guard !proposal.changes.isEmpty else { return }
        let date = LocalTime.today()
        let errors = EditCheck.errors(config: config, from: EditedFiles(files.contents(proposal.edited)), date: date)
        guard !errors.isEmpty, EditCheck.errors(config: config, from: DiskFileSource(), date: date).isEmpty else {
            return
        }
        proposal.changes.forEach { Console.line(TerminalText.safe($0.line)) }
        DiagnosticPrinter.show(errors)
        throw VerbFailure(
            .invalid,
            "with these changes \(config) could not be planned any more, which it can now; nothing is proposed or written"
        )
    }

    private func tell(_ proposal: BranchProposal, _ files: ConfigFiles) {
        proposal.changes.forEach { Console.line(TerminalText.safe($0.line)) }
        proposal.notes.forEach { Console.line(TerminalText.safe($0.line)) }
        guard !proposal.changes.isEmpty else {
            Console.line("nothing to do: nothing of \(config) that could be changed names \(from.word)")
            return
        }
        let count = Set(proposal.changes.map(\.location.file)).count
        Console.line(
            "\(counted(proposal.changes.count, "change")) in \(counted(count, "file")), "
                + "\(counted(proposal.notes.count, "note"))\(write ? ", written" : "")")
        if !write, let directory = files.patchDirectory {
            Console.line("the patch is for patch -p1 in \(TerminalText.safe(directory))")
        }
    }
}

extension BranchName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
