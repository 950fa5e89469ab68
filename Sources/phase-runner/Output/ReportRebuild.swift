import ComposePhase
import ProductMD

/// How to build an image again, as a script with comments.
struct ReportRebuild {
    let rebuild: Rebuild
    let isRehearsal: Bool

    func lines() -> [String] {
        var lines = ["# \(safe(rebuild.task.text))"]
        if isRehearsal { lines.append("# \(ReportWords.rehearsal); these commands would build it.") }
        for part in rebuild.parts {
            let source = part.way == .manifest ? "from the kept manifest" : "from the plan"
            lines += ["", "# \(safe(part.arch)), \(source)"]
            lines += part.images.map { "# made \(safe($0))" }
            lines += part.remarks.map { "# \(safe($0))" }
            if !part.toolchain.isEmpty {
                let builds = part.toolchain.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
                lines.append("# It was built with: \(safe(builds))")
            }
            if let blueprint = part.blueprint {
                // JSON is written in ASCII, and its texts cannot begin a line: nothing in it ends the document early.
                let text = String(decoding: JSONWriter.pretty(blueprint), as: UTF8.self)
                lines += ["cat > blueprint.json <<'BLUEPRINT'", text, "BLUEPRINT"]
            }
            lines.append(part.shell)
        }
        return lines
    }

    private func safe(_ text: String) -> String { TerminalText.safe(text) }
}
