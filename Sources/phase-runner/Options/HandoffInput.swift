import ComposePhase
import PungiConfig

/// What Pungi's phase handed over; what is wrong with it is printed, and ends the verb with status 2.
enum HandoffInput {
    static func load(_ path: String) throws -> Handoff {
        do {
            let bytes = try DiskFileSource().read(path: path, limit: Handoff.mostBytes)
            return try Handoff.read(bytes, path: path)
        } catch let error as ConfigFailure {
            DiagnosticPrinter.show(error.diagnostics)
            throw VerbFailure(.invalid)
        } catch let error as ConfigFileUnreadable {
            throw VerbFailure(.invalid, "cannot read the handoff \(path): \(error.reason)")
        }
    }
}
