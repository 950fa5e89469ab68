import ComposePhase
import PungiConfig

/// The settings of runs: the system's file, and over it the one that the command line names.
enum SettingsInput {
    static let systemFile = "/etc/phase-runner/config.yaml"

    struct Loaded {
        /// All together.
        let effective: RunSettings
        /// The same, if the command line names a file.
        let given: RunSettings?
    }

    static func load(_ path: String?) throws -> Loaded {
        do {
            var files: [String] = AtomicFile.exists(systemFile) ? [systemFile] : []
            if let path { files.append(Paths.absolute(path)) }
            let (settings, warnings) = try RunSettings.load(files)
            DiagnosticPrinter.show(warnings)
            return Loaded(effective: settings, given: path == nil ? nil : settings)
        } catch let failure as ConfigFailure {
            DiagnosticPrinter.show(failure.diagnostics)
            throw VerbFailure(.invalid)
        } catch {
            throw VerbFailure(.invalid, String(describing: error))
        }
    }
}
