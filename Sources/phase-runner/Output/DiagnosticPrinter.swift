import ComposePhase
import PungiConfig

/// Shows diagnostics to a person: errors last, so that they are what stands above the prompt.
enum DiagnosticPrinter {
    static func show(_ diagnostics: [Diagnostic]) {
        var sources = SourceLines()
        for diagnostic in diagnostics.sorted(by: { $0.severity < $1.severity }) {
            var diagnostic = diagnostic
            if diagnostic.sourceLine == nil { diagnostic.sourceLine = sources.line(at: diagnostic.location) }
            Console.line(diagnostic.rendered())
        }
        let errors = diagnostics.count { $0.severity == .error }
        if errors > 0 {
            let warnings = diagnostics.count { $0.severity == .warning }
            Console.line("\(counted(errors, "error")), \(counted(warnings, "warning"))")
        }
    }
}

/// The lines that complaints point at; each file is read once.
private struct SourceLines {
    private var files: [String: [Substring]] = [:]

    mutating func line(at location: SourceLocation?) -> String? {
        guard let location else { return nil }
        if files[location.file] == nil {
            let bytes = (try? AtomicFile.read(location.file, limit: 64 << 20)) ?? nil
            let text = String(decoding: bytes ?? [], as: UTF8.self)
            files[location.file] = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        }
        guard let lines = files[location.file], lines.indices.contains(location.line - 1) else { return nil }
        return lines[location.line - 1].isEmpty ? nil : String(lines[location.line - 1])
    }
}
