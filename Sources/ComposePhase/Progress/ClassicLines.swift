/// The levels of Pungi's log.
package enum LogLevel: String, Sendable {
    case debug = "DEBUG", info = "INFO", warning = "WARNING", error = "ERROR"
}

/// What Pungi's own phase would say while it works: the words that people and scripts look for in its log.
package struct ClassicLines: Sendable {
    /// One line.
    package struct Line: Sendable, Hashable {
        package let level: LogLevel
        package let text: String
    }

    private let tasks: TaskTable
    private let layout: ComposeLayout
    private let name: String
    /// Said once, after the beginning of the phase.
    private let remarks: [String]
    private let isWholePhase: Bool
    private var began: Instant?

    /// - Parameters:
    ///   - name: the phase's name as Pungi has it, e.g. `imagebuilder`.
    ///   - remarks: what is known of the run before it begins, a line each.
    ///   - isWholePhase: whether beginning and end of the phase are told here, and not by Pungi.
    package init(
        layout: ComposeLayout, tasks: [ImageTask], name: String = "imagebuilder", remarks: [String] = [],
        isWholePhase: Bool = true
    ) {
        self.layout = layout
        self.name = name.uppercased()
        self.remarks = remarks
        self.isWholePhase = isWholePhase
        self.tasks = TaskTable(tasks)
    }

    private func line(_ level: LogLevel, _ text: String) -> Line { Line(level: level, text: text) }

    private var title: String { "---------- PHASE: \(name) ----------" }

    /// What is to be said of an event.
    package mutating func take(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) -> [Line] {
        var lines: [Line] = []
        if began == nil, isWholePhase {
            began = instant
            guard state.count > 0 else { return [line(.warning, "[SKIP ] \(title)")] }
            lines.append(line(.info, "[BEGIN] \(title)"))
            lines += remarks.map { line(.info, $0) }
        }
        return lines + self.lines(state, by: event, at: instant)
    }

    private func lines(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) -> [Line] {
        var lines: [Line] = []
        switch event {
        case .submitting(let id, let attempt, _):
            let again = attempt.number > 1 ? ", try \(attempt.number)" : ""
            lines.append(line(.info, "[BEGIN] \(message(id))\(again)"))
        case .submitted(let id, let hubTask): lines.append(line(.info, "\(message(id)): task id \(hubTask)"))
        case .collected(let id, _, let missing):
            for (arch, failure) in missing.sorted(by: { $0.key < $1.key }) { lines += wentOn(id, arch, failure) }
            let hubTask = state[id]?.phase.hubTask.map { " (task id: \($0))" } ?? ""
            lines.append(line(.info, "[DONE ] \(message(id))\(hubTask)"))
        case .diagnosed(let id, _), .refused(let id, _), .notCollected(let id, _), .lookUpFailed(let id, _),
            .lookedUp(let id, _), .cancelAnswered(let id, _):
            lines += failure(id, state)
        case .stopRequested(let reason): lines.append(line(.error, "stopping: \(reason.sentence)"))
        case .ended where state.count > 0 && isWholePhase: lines += end(state, at: instant)
        default: break
        }
        return lines
    }

    /// As Pungi's worker names its task; the image is ours, because several images of a variant are alike there.
    private func message(_ id: ImageTaskID) -> String {
        guard let task = tasks[id]?.task else { return "task \(id)" }
        return "\(task.method) task for variant \(task.variant), image \(id)"
    }

    private func failure(_ id: ImageTaskID, _ state: ScheduleState) -> [Line] {
        guard let progress = state[id], let (task, number) = tasks[id] else { return [] }
        switch progress.phase {
        case .failed(_, let failure) where progress.task.canFail: return wentOn(id, "*", failure)
        case .failed(let hubTask, let failure):
            let log = layout.path(ComposeLayout.watchLog(task, number: number))
            let number = hubTask.map { "\($0)" } ?? "not on the hub"
            return [
                line(.error, "\(task.method) task failed: \(number). See \(log) for details"),
                line(.error, failure.description),
            ]
        case .waiting:
            return progress.lastFailure.map { [line(.warning, "\(message(id)) is tried again: \($0)")] } ?? []
        default: return []
        }
    }

    /// Pungi's words for something that may fail and did.
    private func wentOn(_ id: ImageTaskID, _ arch: String, _ failure: TaskFailure) -> [Line] {
        guard let task = tasks[id]?.task else { return [] }
        // Pungi says [FAIL] itself when it hears of it.
        guard isWholePhase else { return [line(.warning, "\(message(id)) failed on \(arch), and may: \(failure)")] }
        let kind = task.method.prefix(1).uppercased() + task.method.dropFirst().lowercased()
        // A whole image is told without its subvariant, as Pungi's phase does; one arch with it.
        let subvariant = arch == "*" ? "" : ", subvariant \(task.subvariant)"
        return [
            line(
                .error,
                "[FAIL] \(kind) (variant \(task.variant), arch \(arch)\(subvariant)) failed, but going on anyway."),
            line(.error, failure.description),
        ]
    }

    /// A phase that failed is not done; how long it took is told all the same.
    private func end(_ state: ScheduleState, at instant: Instant) -> [Line] {
        let seconds = Int(max(0, instant - (began ?? instant)).rounded(.up))
        let took = line(.info, "PHASE \(name) took \(seconds) seconds")
        let outcome = state.outcome
        guard outcome.stopReason == nil, outcome.failedRequired.isEmpty, outcome.unfinished.isEmpty else {
            return [line(.error, "\(title) failed"), took]
        }
        return [line(.info, "[DONE ] \(title)"), took]
    }
}
