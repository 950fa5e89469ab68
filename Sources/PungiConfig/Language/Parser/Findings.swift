/// All that is found out about a configuration while its files are read.
final class Findings {
    private(set) var errors: [Diagnostic] = []
    private(set) var warnings: [Diagnostic] = []
    /// What comments in the files say is not to be complained about.
    var silences: [Silence] = []
    private let limit: Int
    private var droppedWarnings = 0

    init(limit: Int) { self.limit = limit }

    /// Keeps a finding. Gives false when there are so many errors that reading on is of no use.
    @discardableResult
    func add(_ diagnostic: Diagnostic) -> Bool {
        if diagnostic.severity == .error {
            errors.append(diagnostic)
            return errors.count < limit
        }
        if warnings.count < limit { warnings.append(diagnostic) } else { droppedWarnings += 1 }
        return true
    }

    /// The warnings, with a last one that tells how many were left out.
    var finalWarnings: [Diagnostic] {
        guard droppedWarnings > 0 else { return warnings }
        let more = Diagnostic(
            severity: .warning, code: "config.more-warnings", message: "\(droppedWarnings) more warnings are not shown")
        return warnings + [more]
    }
}

/// Thrown when a file cannot be read on; why is among the findings already.
struct ParseAbort: Error {}
