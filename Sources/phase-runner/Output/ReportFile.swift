import ComposePhase

/// The page that every run leaves at its end.
enum ReportFile {
    /// Writes it, whole or not at all. A run does not fail for want of its report.
    static func write(in layout: ComposeLayout) {
        do {
            var facts = try ReportFiles.read(layout.top)
            try ReportFiles.addPrevious(.beside, to: &facts)
            // This process: it ends here, whatever it leaves on the hub.
            facts.life = .gone
            let path = layout.path(ComposeLayout.report)
            let links = ReportLinks(
                compose: layout.top, page: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
            let page = ReportPage(report: ComposeReport(facts, at: SystemClock().now()), links: links).html
            try AtomicFile.write(Array(page.utf8), to: path)
        } catch {
            Console.warning(
                "there is no report of this run: \(error); write it with: phase-runner report \(layout.top)")
        }
    }
}
