import ComposePhase
import PungiConfig

/// A diagnostic for a person, in colours by severity.
enum DiagnosticText {
    static func text(_ diagnostic: Diagnostic, colours: Bool) -> String {
        let plain = diagnostic.rendered()
        guard colours else { return plain }
        let word = diagnostic.severity.rawValue + ":"
        var lines = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let range = lines[0].firstRange(of: word) {
            lines[0].replaceSubrange(range, with: colour(diagnostic.severity).paint(word, if: true))
        }
        for (index, line) in lines.enumerated().dropFirst() {
            if line.allSatisfy({ " \t^".contains($0) }) { lines[index] = Colour.green.paint(line, if: true) }
            if line.hasPrefix("  note: ") { lines[index] = Colour.dim.paint(line, if: true) }
            if line.hasPrefix("  fix: ") {
                lines[index] = "  " + Colour.bold.paint("fix:", if: true) + line.dropFirst(6)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func colour(_ severity: Severity) -> Colour {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .blue
        }
    }
}

/// The lines that complaints point at; each file is read once.
struct SourceLines {
    /// Lines as bytes: cutting a large file by letters takes longer than planning it.
    private var files: [String: [ArraySlice<UInt8>]] = [:]

    /// The diagnostic with the line that it points at, where that can be read.
    mutating func completed(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.sourceLine == nil else { return diagnostic }
        var diagnostic = diagnostic
        diagnostic.sourceLine = line(at: diagnostic.location)
        return diagnostic
    }

    mutating func line(at location: SourceLocation?) -> String? {
        guard let location else { return nil }
        if files[location.file] == nil {
            let bytes = (try? AtomicFile.read(location.file, limit: 64 << 20)) ?? nil
            files[location.file] = (bytes ?? []).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        }
        guard let lines = files[location.file], lines.indices.contains(location.line - 1) else { return nil }
        var line = lines[location.line - 1]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
