import ComposePhase

/// Findings of `check` for a person: place, what is wrong, who trips over it, what to do.
enum CheckText {
    /// So many of one kind are shown; a compose that lost its images has hundreds alike.
    private static let mostAlike = 20

    static func lines(_ found: [CheckFinding], for consumers: Set<Consumer>, colours: Bool) -> [String] {
        var lines: [String] = []
        var shown: [String: Int] = [:]
        for finding in found {
            shown[finding.code, default: 0] += 1
            guard shown[finding.code, default: 0] <= mostAlike else { continue }
            let severity = finding.severity.rawValue
            let mark = colours ? "\u{1B}[\(finding.severity == .error ? 31 : 33)m\(severity)\u{1B}[0m" : severity
            lines.append(
                "\(TerminalText.safe(finding.place)): \(mark): \(TerminalText.safe(finding.message)) [\(finding.code)]")
            let whom = finding.consumers.filter(consumers.contains).map(\.rawValue).joined(separator: ", ")
            lines.append("    concerns \(whom); \(TerminalText.safe(finding.remedy))")
        }
        for (code, count) in shown.sorted(by: { $0.key < $1.key }) where count > mostAlike {
            lines.append("… \(counted(count - mostAlike, "more finding")) of \(code); all of them: --format json")
        }
        let errors = found.count { $0.severity == .error }
        let warnings = found.count - errors
        let names = consumers.sorted().map(\.rawValue).joined(separator: ", ")
        if found.isEmpty {
            lines.append("nothing that \(names) would trip over")
        } else {
            lines.append("as \(names) see it: \(counted(errors, "error")), \(counted(warnings, "warning"))")
        }
        return lines
    }
}
