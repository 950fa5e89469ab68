import ComposePhase
import Glibc

/// A report for a terminal.
struct ReportText {
    let report: ComposeReport
    let colours: Bool

    func lines() -> [String] {
        let sections = [
            head, remarks, section("Failures", report.failures.flatMap(failure)), images, tasks, provenance,
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var head: [String] {
        var lines: [String] = []
        if report.isRehearsal { lines.append(Colour.yellow.paint(ReportWords.rehearsal, if: colours)) }
        lines.append(
            Colour.bold.paint(safe(report.compose), if: colours) + "  " + painted(report.word, report)
                + (report.label.map { "  \(safe($0))" } ?? ""))
        lines.append(ReportWords.sum(report))
        if let times = ReportWords.times(report) { lines.append(times) }
        if let stop = report.stop { lines.append("stopped: \(safe(stop))") }
        if let process = report.process { lines.append(safe(process)) }
        let hub = [
            report.hub.map { "hub \($0)" }, report.profile.map { "profile \($0)" }, report.user.map { "user \($0)" },
        ]
        if report.hub != nil { lines.append(safe(hub.compactMap { $0 }.joined(separator: ", "))) }
        lines.append(safe(report.directory))
        return lines
    }

    private var remarks: [String] {
        section("What could not be read, or does not fit", report.troubles.map { "  " + safe($0) })
    }

    private func failure(_ failure: ReportedFailure) -> [String] {
        let arches = failure.arches.isEmpty ? "" : " [\(failure.arches.joined(separator: ", "))]"
        let weight = ReportWords.weight(failure)
        var lines = [
            "  " + Colour.bold.paint(safe(failure.task.text + arches), if: colours)
                + " (\((failure.isRequired ? Colour.red : Colour.yellow).paint(weight, if: colours)))"
        ]
        lines += failure.message.split(whereSeparator: \.isNewline).map { "    " + safe(String($0)) }
        if let cause = failure.cause {
            lines.append("    cause: " + safe(ReportWords.cause(cause)))
            if let remedy = cause.remedy { lines.append("    what to do: " + safe(remedy)) }
        }
        if let url = KojiPages.task(failure.hubTask, at: report.weburl) { lines.append("    task: " + safe(url)) }
        if let url = failure.more(at: report.weburl) { lines.append("    more: " + safe(url)) }
        if let log = failure.log { lines.append("    log: " + safe("\(report.directory)/\(log)")) }
        return lines
    }

    private var images: [String] {
        guard !report.images.isEmpty || report.previous?.gone.isEmpty == false else { return [] }
        var table = TextTable(header: ["Image", "Arch", "Type", "Size"], rightAligned: [3])
        if report.previous != nil {
            table.header.append("Change")
            table.rightAligned.insert(4)
        }
        table.header.append("Build")
        table.rows = report.images.map { image in
            let change = report.previous == nil ? [] : [ReportWords.change(of: image) ?? ""]
            return [image.path, image.arch, image.type, readable(bytes: image.size)].map(safe) + change
                + [safe(image.made?.nvr ?? ReportWords.noMaking(report))]
        }
        var lines = report.images.isEmpty ? [] : table.lines().map { "  " + $0 }
        if let previous = report.previous {
            lines += previous.gone.map { "  not in this compose: \(safe($0))" }
            return section("Images, their sizes beside those of \(safe(previous.id))", lines)
        }
        return section("Images", lines)
    }

    private var tasks: [String] {
        var table = TextTable(header: ["Task", "Arch", "How it went", "Hub's task"], rightAligned: [3])
        for task in report.tasks {
            let attempt = task.attempt > 1 ? " (attempt \(task.attempt))" : ""
            for arch in task.arches {
                table.rows.append([
                    safe(task.id.text + attempt), safe(arch.arch),
                    safe(ReportWords.course(arch, of: task, now: report.until)),
                    (arch.hubTask ?? task.hubTask).map(String.init) ?? "",
                ])
            }
        }
        return table.rows.isEmpty ? [] : section("Tasks", table.lines().map { "  " + $0 })
    }

    private var provenance: [String] {
        var lines: [String] = []
        for (package, builds) in report.toolchain.sorted(by: { $0.key < $1.key }) {
            for (nvr, number) in builds.sorted(by: { $0.key < $1.key }) {
                let mark = builds.count > 1 ? " (not the same for all)" : ""
                lines.append("  \(safe(package)): \(safe(nvr)), \(counted(number, "image"))\(mark)")
            }
        }
        for repository in report.repositories {
            let revision = repository.revision.map { " revision \($0)" } ?? ""
            lines.append("  " + safe("\(repository.url)\(revision), \(counted(repository.images, "image"))"))
        }
        if let freeze = report.freeze {
            lines.append("  freeze \(safe(freeze.file)): \(freeze.holds ? "holds" : "DOES NOT HOLD")")
            lines += freeze.deviations.map {
                "    " + safe("\($0.image): \($0.package) is \($0.installed), frozen is \($0.frozen)")
            }
        }
        return section("Built with", lines)
    }

    // MARK: Parts

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [Colour.bold.paint(title, if: colours)] + lines
    }

    private func painted(_ word: String, _ report: ComposeReport) -> String {
        let colour: Colour =
            switch word {
            case ComposeStatus.finished.rawValue: .green
            case ComposeStatus.doomed.rawValue, ComposeStatus.terminated.rawValue: .red
            case "running", "planned": .blue
            default: .yellow
            }
        return colour.paint(safe(word), if: colours)
    }

    private func safe(_ text: String) -> String { TerminalText.safe(text) }
}
