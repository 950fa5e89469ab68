import ComposePhase

/// A report for a wiki or a pull request: GitHub's, GitLab's and Forgejo's Markdown.
struct ReportMarkdown {
    let report: ComposeReport

    /// More rows than this are folded.
    private static let listed = 20

    func lines() -> [String] {
        let sections: [[String]] =
            [["## \(plain(report.compose)): \(plain(report.word))"], summary]
            + remarks + failures + images + gone + tasks + toolchain + repositories + freeze
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var summary: [String] {
        var lines: [String] = []
        if report.isRehearsal { lines += ["> **\(ReportWords.rehearsal).**", ""] }
        lines.append("**\(plain(ReportWords.sum(report)))**  ")
        if let label = report.label { lines.append("Label: \(plain(label))  ") }
        if let times = ReportWords.times(report) { lines.append("Took: \(plain(times))  ") }
        if let stop = report.stop { lines.append("Stopped: \(plain(stop))  ") }
        if let process = report.process { lines.append(plain(process) + "  ") }
        if let hub = report.hub { lines.append("Hub: \(code(hub))  ") }
        lines.append("Directory: \(code(report.directory))")
        return lines
    }

    private var remarks: [[String]] {
        section("What could not be read, or does not fit", report.troubles.map { "- " + plain($0) })
    }

    private var failures: [[String]] {
        guard !report.failures.isEmpty else { return [] }
        return [["### Failures"]]
            + report.failures.map { failure in
                let arches = failure.arches.isEmpty ? "" : " on \(failure.arches.map(code).joined(separator: ", "))"
                var lines = ["- **\(code(failure.task.text))\(arches)** (\(plain(ReportWords.weight(failure))))  "]
                lines += failure.message.split(whereSeparator: \.isNewline).map { "  \(plain(String($0)))  " }
                if let cause = failure.cause {
                    lines.append("  Cause: \(plain(ReportWords.cause(cause)))  ")
                    if let remedy = cause.remedy { lines.append("  What to do: \(plain(remedy))  ") }
                }
                let links = [
                    failure.hubTask.map { link("task \($0)", KojiPages.task($0, at: report.weburl)) },
                    failure.more(at: report.weburl).map { KojiPages.link($0) == nil ? code($0) : link("more", $0) },
                    failure.log.map(code),
                ].compactMap { $0 }
                if !links.isEmpty { lines.append("  \(links.joined(separator: ", "))") }
                return lines
            }
    }

    private var images: [[String]] {
        guard !report.images.isEmpty else { return [] }
        let isCompared = report.previous != nil
        let rows = report.images.map { image in
            let build = image.made.map { link(code($0.nvr), KojiPages.build($0.build, at: report.weburl)) }
            let change = isCompared ? [plain(ReportWords.change(of: image) ?? "")] : []
            return row(
                [code(image.name), plain(ReportWords.place(image)), code(image.arch), code(image.type)]
                    + [readable(bytes: image.size)] + change + [build ?? ReportWords.noMaking(report)])
        }
        let names = ["Image", "Variant", "Arch", "Type", "Size"] + (isCompared ? ["Change"] : []) + ["Build"]
        let rules = ["---", "---", "---", "---", "---:"] + (isCompared ? ["---:"] : []) + ["---"]
        let title = report.previous.map { "Images, sizes beside \(plain($0.id))" } ?? "Images"
        return folded(title, [row(names), row(rules)] + rows)
    }

    private var gone: [[String]] {
        guard let previous = report.previous else { return [] }
        return section("In \(plain(previous.id)) and not in this compose", previous.gone.map { "- " + code($0) })
    }

    private var tasks: [[String]] {
        let rows = report.tasks.flatMap { task in
            task.arches.map { arch in
                let id = arch.hubTask ?? task.hubTask
                return row([
                    code(task.id.text), code(arch.arch),
                    plain(ReportWords.course(arch, of: task, now: report.until)),
                    id.map { link("\($0)", KojiPages.task($0, at: report.weburl)) } ?? "",
                ])
            }
        }
        let head = [row(["Task", "Arch", "How it went", "Koji"]), row(["---", "---", "---", "---"])]
        return rows.isEmpty ? [] : folded("Tasks", head + rows)
    }

    private var toolchain: [[String]] {
        let rows = report.toolchain.sorted { $0.key < $1.key }.flatMap { package, builds in
            builds.sorted { $0.key < $1.key }.map { row([code(package), code($0), "\($1)"]) }
        }
        let head = [row(["Package", "Build", "Images"]), row(["---", "---", "---:"])]
        return rows.isEmpty ? [] : section("Built with", head + rows)
    }

    private var repositories: [[String]] {
        section(
            "Repositories",
            report.repositories.map {
                "- \(code($0.url))\($0.revision.map { " revision \(code($0))" } ?? ""), \(counted($0.images, "image"))"
            })
    }

    private var freeze: [[String]] {
        guard let freeze = report.freeze else { return [] }
        let word = freeze.holds ? "holds" : "**does not hold**"
        return section(
            "Frozen toolchain",
            ["\(code(freeze.file)) \(word)"]
                + freeze.deviations.map {
                    "- \(code($0.image)): \(code($0.package)) is \(code($0.installed)), frozen is \(code($0.frozen))"
                })
    }

    // MARK: Parts

    private func section(_ title: String, _ lines: [String]) -> [[String]] {
        lines.isEmpty ? [] : [["### \(title)"], lines]
    }

    private func folded(_ title: String, _ table: [String]) -> [[String]] {
        guard table.count > Self.listed + 2 else { return section(title, table) }
        return [
            ["### \(title)"],
            ["<details><summary>\(counted(table.count - 2, "row"))</summary>", ""] + table + ["", "</details>"],
        ]
    }

    private func plain(_ text: String) -> String { MarkdownText.plain(text) }
    private func code(_ text: String) -> String { MarkdownText.code(text) }
    private func row(_ cells: [String]) -> String { MarkdownText.row(cells) }
    private func link(_ words: String, _ address: String?) -> String { MarkdownText.link(words, address) }
}
