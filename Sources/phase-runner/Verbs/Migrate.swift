import ArgumentParser
import ComposePhase
import ProductMD
import PungiConfig

/// `migrate CONFIG`: from the hosted service's `osbuild` blocks to `imagebuilder` blocks.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Turn osbuild blocks into imagebuilder blocks, as a patch.",
        discussion: """
            Prints a unified diff over all files of the configuration, and on stderr what changes in its meaning, what \
            cannot be carried over, and every image's old call beside its new one. Comments and layout stay. Exit \
            status: 0, or 2 if the configuration is invalid or something cannot be carried over; then nothing is written.
            """)

    @Flag(name: [.customShort("w"), .long], help: "Write the files instead of printing the diff.")
    var write = false

    @Option(
        help: ArgumentHelp(
            "How targets are renamed: OLD=NEW, or a template with {} for the old name; {}-image-builder unless given.",
            valueName: "rule"))
    var target: [String] = []

    @Flag(help: "Carry images over that were uploaded to a cloud; nobody uploads them any more.")
    var dropUploads = false

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf.", valueName: "config"))
    var config: String

    func validate() throws { _ = try rule() }

    func run() throws {
        let migration: Migration
        var options = Migration.Options(
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: true, isSupported: false, date: LocalTime.today(), respin: 0))
        options.target = try rule()
        options.dropsUploads = dropUploads
        do {
            migration = try Migration.propose(config, options: options)
        } catch {
            DiagnosticPrinter.show(error.diagnostics)
            throw VerbFailure(.invalid)
        }
        guard !migration.changes.isEmpty || !migration.findings.isEmpty else {
            Console.line("\(config): there is no osbuild section; nothing is to be done")
            return
        }
        let files = try ConfigFiles.read(try ConfigInput.document(config))
        let edited = files.replaced(
            by: Dictionary(migration.changes.map { (Paths.absolute($0.path), $0.new) }) { first, _ in first })
        if !write {
            for (old, new) in zip(files.files, edited) {
                print(UnifiedDiff.text(old: old.bytes, new: new.bytes, path: files.patchName(old)), terminator: "")
            }
        }
        MigrationText.lines(migration).forEach { Console.line($0) }
        DiagnosticPrinter.show(migration.findings)
        guard migration.isComplete else {
            if write { Console.error("nothing was written") }
            throw VerbFailure(.invalid)
        }
        guard write else {
            if let directory = files.patchDirectory {
                Console.line("the patch is for patch -p1 in \(TerminalText.safe(directory))")
            }
            return
        }
        try files.write(edited)
        Console.line("written: " + migration.changes.map(\.path).joined(separator: ", "))
    }

    private func rule() throws -> TargetRule {
        var rule = TargetRule()
        for text in target where !rule.add(text) {
            throw ValidationError("--target is OLD=NEW or a template with {}: '\(text)'.")
        }
        return rule
    }
}
