import ComposePhase

extension ReportPage {
    /// More lanes than this are folded by arch.
    private static let shownLanes = 80

    /// For each arch its tasks as bars, each with its course in words.
    var timeline: Markup? {
        guard !report.tasks.isEmpty else { return nil }
        let scale = TimelineScale(report)
        var arches: [String: [(ReportedTask, ReportedTask.Arch)]] = [:]
        for task in report.tasks {
            for arch in task.arches { arches[arch.arch, default: []].append((task, arch)) }
        }
        let lanes = arches.values.reduce(0) { $0 + $1.count }
        let groups = arches.sorted { $0.key < $1.key }.map {
            group($0.key, $0.value, scale, isOpen: lanes <= Self.shownLanes)
        }
        return """
            <section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
            <div class="card">\(groups)
            \(key(hasScale: scale != nil))</div></section>
            """
    }

    private func group(
        _ arch: String, _ lanes: [(task: ReportedTask, arch: ReportedTask.Arch)], _ scale: TimelineScale?, isOpen: Bool
    ) -> Markup {
        let step: Markup = scale.map { "--step:\(percent: $0.step / $0.length)" } ?? "--step:100%"
        let marks = scale.map(self.marks)
        let body: Markup = """
            \(marks)<ol class="lanes">\(lanes.map { lane($0.task, $0.arch, scale) })</ol>
            """
        let number = counted(lanes.count, "task")
        guard !isOpen else {
            return """
                <div class="arch" style="\(step)"><h3>\(arch) <span class="soft">\(number)</span></h3>\(body)</div>

                """
        }
        return """
            <details class="arch" style="\(step)"><summary><strong>\(arch)</strong> <span class="soft">\(number)</span>\
            </summary>\(body)</details>

            """
    }

    /// Times since the begin, over the lanes.
    private func marks(_ scale: TimelineScale) -> Markup {
        let marks = scale.marks.map { seconds -> Markup in
            let place = seconds / scale.length
            return """
                <span\(place > 0.94 ? " class=\"late\"" as Markup : "") style="--from:\(percent: place)">\
                \(TimeText.short(seconds))</span>
                """
        }
        return "<div class=\"marks\" aria-hidden=\"true\"><div class=\"scale\">\(marks)</div></div>"
    }

    private func lane(_ task: ReportedTask, _ arch: ReportedTask.Arch, _ scale: TimelineScale?) -> Markup {
        let bars = scale?.bars(arch, of: task, now: report.until) ?? []
        let drawn = bars.map { bar -> Markup in
            let kind: Markup = bar.kind == .waiting ? "waiting" : arch.state.style
            return """
                <span class="bar \(kind)" style="--from:\(percent: bar.from);--long:\(percent: bar.to - bar.from)"></span>
                """
        }
        let id = arch.hubTask ?? task.hubTask
        let attempt = task.attempt > 1 ? ", attempt \(task.attempt)" : ""
        let course = ReportWords.course(arch, of: task, now: report.until)
        let rest = course.dropFirst(arch.state.rawValue.count)
        return """
            <li class="lane"><div><div class="name">\(Markup.link("\(task.id.text)", to: KojiPages.task(id, at: report.weburl)))\
            </div><div class="course"><span class="\(arch.state.style)">\(arch.state.sign) \(arch.state.rawValue)</span>\
            \(String(rest))\(attempt)</div></div>
            <div class="track" aria-hidden="true">\(drawn)</div></li>

            """
    }

    private func key(hasScale: Bool) -> Markup? {
        guard hasScale else { return "<p class=\"soft\">There are no events, so no times are known.</p>" }
        return """
            <ul class="key" aria-hidden="true"><li>marks: time since the begin</li><li>thin line: waiting for a builder</li><li>bar: being built</li>\
            <li>striped: failed</li><li>outlined: canceled</li><li>fading: not ended</li></ul>
            """
    }
}

extension RowState {
    /// The style's word for the state.
    fileprivate var style: Markup {
        switch self {
        case .done, .built: "good"
        case .failed, .failing: "bad"
        case .incomplete, .leftRunning: "warn"
        case .open, .collecting, .assigned, .submitting, .looking: "busy"
        case .waiting, .free, .canceling, .canceled: "rest"
        }
    }

    /// A sign that tells states apart without colours.
    fileprivate var sign: Markup {
        switch self {
        case .done: "✓"
        case .built: "✓"
        case .failed, .failing: "✗"
        case .incomplete, .leftRunning: "!"
        case .canceled, .canceling: "–"
        case .open, .collecting, .assigned, .submitting, .looking: "▸"
        case .waiting, .free: "·"
        }
    }
}
