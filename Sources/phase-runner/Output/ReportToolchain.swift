import ComposePhase

/// Which images were built by other tools, for a terminal.
struct ReportToolchain {
    let comparison: ToolchainComparison

    func lines() -> [String] {
        var lines = [safe("\(comparison.old) → \(comparison.new): \(sum)")]
        // Most images have the same change, which is read once.
        var groups: [(packages: [ToolchainComparison.Package], pairs: [ToolchainComparison.Pair])] = []
        for image in comparison.changed {
            if let index = groups.firstIndex(where: { $0.packages == image.packages }) {
                groups[index].pairs.append(image.pair)
            } else {
                groups.append((image.packages, [image.pair]))
            }
        }
        for group in groups {
            lines.append("")
            lines += group.packages.map { "\(safe($0.name)): \(safe($0.old ?? "none")) → \(safe($0.new ?? "none"))" }
            lines += group.pairs.map { "  " + safe($0.new) }
        }
        lines += section("Not known what built it, in one of them or in both", comparison.unknown.map(\.new))
        lines += section("Only in \(safe(comparison.old))", comparison.onlyOld)
        lines += section("Only in \(safe(comparison.new))", comparison.onlyNew)
        return lines
    }

    private var sum: String {
        let all = comparison.changed.count + comparison.unknown.count + comparison.same.count
        guard all > 0 else { return "no image is in both" }
        if comparison.isSame { return "\(counted(all, "image")) built by the same tools" }
        let unknown = comparison.unknown.isEmpty ? "" : ", \(comparison.unknown.count) not known"
        return "\(comparison.changed.count) of \(counted(all, "image")) built by other tools\(unknown)"
    }

    private func section(_ title: String, _ paths: [String]) -> [String] {
        paths.isEmpty ? [] : ["", title] + paths.map { "  " + safe($0) }
    }

    private func safe(_ text: String) -> String { TerminalText.safe(text) }
}
