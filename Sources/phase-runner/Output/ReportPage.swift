import ComposePhase

/// A report as a page for a browser: one file that needs no other, runs nothing, and asks nobody for anything.
struct ReportPage {
    let report: ComposeReport
    let links: ReportLinks

    /// The page.
    var html: String {
        let parts = [
            head, rehearsal, top, troubles, failures, timeline, images, gone, provenance, foot,
        ]
        return parts.compactMap { $0?.html }.joined(separator: "\n") + "\n</body>\n</html>\n"
    }

    // MARK: Head

    /// The policy forbids whatever escaping might have let through: scripts, and requests to anywhere.
    private var head: Markup? {
        let title = (report.isRehearsal ? "REHEARSAL " : "") + "\(report.compose): \(report.word)"
        let style = Markup(stringLiteral: ReportStyle.css)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            """
    }

    private var rehearsal: Markup? {
        report.isRehearsal
            ? "<aside class=\"rehearsal\" aria-label=\"Rehearsal\">\(ReportWords.rehearsal)</aside>" : nil
    }

    private var top: Markup? {
        """
        <header class="top">
        <p class="kind">Image builds of the compose</p>
        <div class="title"><h1>\(report.compose)</h1><span class="pill \(statusClass)">\(report.word)</span></div>
        <p class="sum">\(ReportWords.sum(report))</p>
        \(report.stop.map { "<p class=\"bad\">Stopped: \($0)</p>" } as Markup?)
        \(report.process.map { "<p>\($0)</p>" } as Markup?)
        \(navigation)
        </header>
        <main>
        <section aria-labelledby="summary"><h2 id="summary">Summary</h2>
        <div class="card"><dl>\(facts)</dl></div></section>
        """
    }

    private var statusClass: Markup {
        switch report.word {
        case ComposeStatus.finished.rawValue: "good"
        case ComposeStatus.doomed.rawValue, ComposeStatus.terminated.rawValue: "bad"
        case "running", "planned": "busy"
        default: "warn"
        }
    }

    private var navigation: Markup {
        var places: [(String, String)] = []
        if !report.troubles.isEmpty { places.append(("remarks", counted(report.troubles.count, "remark"))) }
        if !report.failures.isEmpty { places.append(("failures", counted(report.failures.count, "failure"))) }
        if !report.tasks.isEmpty { places.append(("timeline", "Timeline")) }
        if !report.images.isEmpty { places.append(("images", counted(report.images.count, "image"))) }
        if hasProvenance { places.append(("provenance", "Built with")) }
        guard places.count > 1 else { return "" }
        let items = places.map { "<li><a href=\"#\($0)\">\($1)</a></li>" as Markup }
        return "<nav aria-label=\"Parts of this page\"><ul>\(items)</ul></nav>"
    }

    private var facts: [Markup] {
        func fact(_ name: Markup, _ value: Markup) -> Markup { "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n" }
        func fact(_ name: Markup, _ value: String?) -> Markup? { value.map { fact(name, "\($0)" as Markup) } }
        let size = report.images.reduce(0) { $0.addingReportingOverflow($1.size).partialValue }
        let sums = report.deliverables.map { "\($0.required) required, \($0.failed) failed" }
        return [
            report.took.map { fact("Took", "\(TimeText.rough($0))" as Markup) },
            fact("Began", report.began.map(UTCText.moment)),
            fact(report.stage == .ended ? "Ended" : "Last heard of", report.ended.map(UTCText.moment)),
            report.images.isEmpty
                ? nil : fact("Images", "\(report.images.count), \(readable(bytes: size)) in all" as Markup),
            fact("Deliverables of all phases", sums),
            fact("Label", report.label),
            fact("Sizes beside those of", report.previous?.id),
            fact("Hub", report.hub), fact("Profile", report.profile), fact("User", report.user),
            fact("Run on", report.host),
            fact("Directory", "<code>\(report.directory)</code>" as Markup),
        ].compactMap { $0 }
    }

    private var troubles: Markup? {
        guard !report.troubles.isEmpty else { return nil }
        let items = report.troubles.map { "<li>\($0)</li>\n" as Markup }
        return """
            <section aria-labelledby="remarks"><h2 id="remarks">What could not be read, or does not fit</h2>
            <div class="card"><ul class="plain">\(items)</ul></div></section>
            """
    }

    private var foot: Markup? {
        """
        </main>
        <footer>Made by phase-runner \(PhaseRunner.version), \(UTCText.moment(report.made)), from the files of the \
        compose. Times of builders are the hub's.</footer>
        """
    }
}
