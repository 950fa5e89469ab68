import ArgumentParser
import ComposePhase
import Glibc
import PhaseService
import PhaseStore
import PungiConfig

/// Which service a verb is about.
struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Settings of the service in YAML; else /etc/phase-runner/service.yaml, if it is there.", valueName: "file"))
    var settings: String?

    static let sitePath = "/etc/phase-runner/service.yaml"

    /// The settings.
    ///
    /// - Throws: ``VerbFailure`` 2; what is wrong has been said.
    func load() throws -> ServiceSettings {
        do {
            return try read()
        } catch {
            DiagnosticPrinter.show(error.diagnostics)
            throw VerbFailure(.invalid)
        }
    }

    /// The same without a word about what is wrong.
    func read() throws(ConfigFailure) -> ServiceSettings {
        let file =
            if let settings {
                try SettingsFile.loadRequired(Paths.absolute(settings))
            } else {
                try SettingsFile.load(Self.sitePath)
            }
        return try ServiceSettings.read(
            file,
            over: ServiceSettings(
                stateDirectory: Self.standardState, workingDirectory: PathTranslation([])(Paths.absolute("."))),
            now: SystemClock().now())
    }

    /// As systemd says, else where services keep their state; of a user, where users keep theirs.
    private static var standardState: String {
        if let directory = Console.environment("STATE_DIRECTORY"), directory.hasPrefix("/") {
            return String(directory.split(separator: ":").first ?? "")
        }
        if getuid() == 0 { return "/var/lib/phase-runner" }
        let home = Console.environment("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (home ?? "\(ThisUser.home)/.local/state") + "/phase-runner"
    }
}

extension ServiceSettings {
    /// The database of the service.
    func openStore() throws -> ServiceStore {
        do {
            if !AtomicFile.isDirectory(stateDirectory) {
                try AtomicFile.makeDirectories(stateDirectory)
                chmod(stateDirectory, 0o700)
            }
            return try ServiceStore(path: "\(stateDirectory)/service.sqlite")
        } catch {
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
    }
}
