import PungiConfig

/// Shows diagnostics to a person: errors last, so that they are what stands above the prompt.
enum DiagnosticPrinter {
    static func show(_ diagnostics: [Diagnostic]) {
        var sources = SourceLines()
        for diagnostic in diagnostics.sorted(by: { $0.severity < $1.severity }) {
            Console.line(DiagnosticText.text(sources.completed(diagnostic), colours: Console.hasColour))
        }
        let errors = diagnostics.count { $0.severity == .error }
        if errors > 0 {
            let warnings = diagnostics.count { $0.severity == .warning }
            Console.line("\(counted(errors, "error")), \(counted(warnings, "warning"))")
        }
    }
}
