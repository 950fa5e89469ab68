import ComposePhase
import PungiConfig

/// Shows diagnostics to a person: errors last, so that they are what stands above the prompt.
enum DiagnosticPrinter {
    static func show(_ diagnostics: [Diagnostic]) {
        var sources = SourceLines()
        for diagnostic in diagnostics.sorted(by: { $0.severity < $1.severity }) {
            Console.say(
                diagnostic.severity.level,
                DiagnosticText.text(sources.completed(diagnostic), colours: Console.hasColour))
        }
        let errors = diagnostics.count { $0.severity == .error }
        if errors > 0 {
            let warnings = diagnostics.count { $0.severity == .warning }
            Console.line("\(counted(errors, "error")), \(counted(warnings, "warning"))")
        }
    }
}

extension Severity {
    /// The level that a finding has in Pungi's log.
    fileprivate var level: LogLevel {
        switch self {
        case .note: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
