import ComposePhase

extension ReportPage {
    /// What did not work out, what to do, and where to look.
    var failures: Markup? {
        guard !report.failures.isEmpty else { return nil }
        return """
            <section aria-labelledby="failures"><h2 id="failures">\(counted(report.failures.count, "failure"))</h2>
            \(report.failures.map(article))
            </section>
            """
    }

    private func article(_ failure: ReportedFailure) -> Markup {
        let arches: Markup? =
            failure.arches.isEmpty ? nil : "<span class=\"soft\">on \(failure.arches.joined(separator: ", "))</span>"
        let cause: Markup? = failure.cause.map {
            "<p class=\"what\"><b>Cause:</b> \(Markup.linked(ReportWords.cause($0)))</p>"
        }
        let remedy: Markup? = failure.cause?.remedy.map {
            "<p class=\"what\"><b>What to do:</b> \(Markup.linked($0))</p>"
        }
        let told = failure.message.split(whereSeparator: \.isNewline).map { Markup.linked(String($0)) }
        return """
            <article class="card failure\(failure.isRequired ? " required" : "")">
            <h3><code>\(failure.task.text)</code> \(arches) \
            <span class="pill \(failure.isRequired ? "bad" : "warn")">\(ReportWords.weight(failure))</span></h3>
            \(cause)\(remedy)
            <p class="told">\(Markup.joined(told, by: "<br>"))</p>
            <ul class="links">\(places(failure))</ul>
            </article>

            """
    }

    /// The task's page, those of its arches, what else was named, and the log that lies in the compose.
    private func places(_ failure: ReportedFailure) -> [Markup] {
        func item(_ words: Markup, _ address: String?) -> Markup {
            "<li>\(Markup.link(words, to: address))</li>"
        }
        var items: [Markup] = []
        let page = KojiPages.task(failure.hubTask, at: report.weburl)
        if let id = failure.hubTask { items.append(item("task \(id)", page)) }
        for (arch, id) in failure.archTasks.sorted(by: { $0.key < $1.key }) where id != failure.hubTask {
            items.append(item("task \(id) (\(arch))", KojiPages.task(id, at: report.weburl)))
        }
        if let url = failure.more(at: report.weburl) {
            items.append(KojiPages.link(url).map { item("log or page", $0) } ?? "<li><code>\(url)</code></li>")
        }
        if let log = failure.log { items.append(item("watch-task log", links.address(of: log))) }
        return items
    }
}
