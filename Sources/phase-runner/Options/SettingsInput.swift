import ComposePhase
import PungiConfig

/// The settings of runs: the system's file, and over it the one that the command line names.
enum SettingsInput {
    struct Loaded {
        /// All together.
        let effective: RunSettings
        /// The same, if the command line names a file.
        let given: RunSettings?
    }

    static func load(_ path: String?) throws -> Loaded {
        do {
            let settings = try RunSettings.load(file: path.map { Paths.absolute($0) })
            return Loaded(effective: settings, given: path == nil ? nil : settings)
        } catch {
            DiagnosticPrinter.show(error.diagnostics)
            throw VerbFailure(.invalid)
        }
    }
}
