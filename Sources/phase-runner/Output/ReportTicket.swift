import ComposePhase

/// The text of a ticket for a failed image.
struct ReportTicket {
    let ticket: FailureTicket

    // MARK: Text

    func text() -> [String] {
        var lines = [safe(ticket.title), ""]
        if ticket.isRehearsal { lines += [ReportWords.rehearsal, ""] }
        lines += facts.map { "\($0): \(safe($1))" }
        for failure in ticket.failures {
            lines += [
                "", "What happened" + (failure.arches.isEmpty ? "" : " on \(failure.arches.joined(separator: ", "))"),
            ]
            .map(safe)
            if let cause = failure.cause { lines.append("  cause: " + safe(ReportWords.cause(cause))) }
            lines += failure.message.split(whereSeparator: \.isNewline).map { "  " + safe(String($0)) }
            lines += places(failure).map { "  \($0): \(safe($1))" }
        }
        if !ticket.advice.isEmpty { lines += ["", "What to do"] + ticket.advice.map { "  " + safe($0) } }
        lines += ["", "Last good", "  " + safe(lastGood)]
        if !ticket.logTail.isEmpty { lines += ["", "End of the log"] + ticket.logTail.map { "  " + safe($0) } }
        return lines
    }

    // MARK: Markdown

    func markdown() -> [String] {
        var lines = ["### \(MarkdownText.plain(ticket.title))", ""]
        if ticket.isRehearsal { lines += ["> **\(ReportWords.rehearsal).**", ""] }
        lines += facts.map { "- \($0): \(linked($1))" }
        for failure in ticket.failures {
            let arches = failure.arches.isEmpty ? "" : " on \(failure.arches.joined(separator: ", "))"
            lines += ["", "**What happened\(MarkdownText.plain(arches))**", ""]
            if let cause = failure.cause { lines += ["Cause: \(MarkdownText.plain(ReportWords.cause(cause)))", ""] }
            lines += failure.message.split(whereSeparator: \.isNewline).map { MarkdownText.plain(String($0)) + "  " }
            lines += [""] + places(failure).map { "- \(MarkdownText.plain($0)): \(linked($1))" }
        }
        if !ticket.advice.isEmpty {
            lines += ["", "**What to do**", ""] + ticket.advice.map { "- \(MarkdownText.plain($0))" }
        }
        lines += ["", "**Last good:** \(MarkdownText.plain(lastGood))"]
        if !ticket.logTail.isEmpty {
            // Indented, so that no line of the log can end the block.
            lines += ["", "**End of the log**", ""] + ticket.logTail.map { "    " + safe($0) }
        }
        return lines
    }

    // MARK: Parts

    private var facts: [(String, String)] {
        var facts = [("Compose", ticket.compose), ("Directory", ticket.directory)]
        let isRequired = ticket.failures.contains(where: \.isRequired)
        facts.append(("Image", ticket.task.id.text + (isRequired ? " (required)" : " (may fail)")))
        if !ticket.arches.isEmpty { facts.append(("Arch", ticket.arches.joined(separator: ", "))) }
        if ticket.task.attempt > 1 { facts.append(("Attempts", "\(ticket.task.attempt)")) }
        if let id = ticket.task.hubTask {
            facts.append(("Task", KojiPages.task(id, at: ticket.weburl) ?? "\(id)"))
        }
        return facts
    }

    private func places(_ failure: ReportedFailure) -> [(String, String)] {
        var places = failure.archTasks.sorted { $0.key < $1.key }.filter { $0.value != failure.hubTask }.map {
            ("task of \(safe($0))", KojiPages.task($1, at: ticket.weburl) ?? "\($1)")
        }
        if let url = failure.more(at: ticket.weburl) { places.append(("more", url)) }
        if let log = failure.log { places.append(("log", "\(ticket.directory)/\(log)")) }
        return places
    }

    private var lastGood: String {
        switch ticket.lastGood {
        case .found(let good):
            let task = KojiPages.task(good.hubTask, at: good.weburl ?? ticket.weburl)
            let parts = [good.nvr, task, good.directory].compactMap { $0 }
            return good.compose + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
        case .none(0): return "no earlier compose of this release and type lies beside this one"
        case .none(let looked): return "in none of \(counted(looked, "earlier compose")) that lie beside this one"
        }
    }

    private func linked(_ text: String) -> String {
        KojiPages.link(text).map { "<\($0)>" } ?? MarkdownText.code(text)
    }

    private func safe(_ text: String) -> String { TerminalText.safe(text) }
}
