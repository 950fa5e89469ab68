import Glibc

/// The lines that Pungi's own phase would write into `logs/global/pungi.global.log`: people and scripts look for
/// `[BEGIN]`, `[DONE ]`, `[SKIP ]` and `[FAIL]` there. The file is only ever added to: Pungi writes it too.
package actor ClassicLog: ScheduleObserver {
    private let tasks: TaskTable
    private let layout: ComposeLayout
    private let name: String
    private let stamp: @Sendable (Double) -> String
    private var file: Int32 = -1
    private var began: Instant?
    /// Said once, after the beginning of the phase.
    private let remarks: [String]
    /// The first thing that went wrong; logs do not stop a run.
    package private(set) var trouble: String?

    /// - Parameters:
    ///   - name: the phase's name as Pungi has it, e.g. `imagebuilder`.
    ///   - remarks: what is known of the run before it begins, a line each.
    ///   - stamp: prints seconds since 1970 as `YYYY-MM-DD HH:MM:SS` of local time.
    package init(
        layout: ComposeLayout, tasks: [ImageTask], name: String = "imagebuilder", remarks: [String] = [],
        stamp: @escaping @Sendable (Double) -> String
    ) {
        self.layout = layout
        self.name = name.uppercased()
        self.stamp = stamp
        self.remarks = remarks
        self.tasks = TaskTable(tasks)
    }

    deinit { if file >= 0 { close(file) } }

    package func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let lines = lines(state, by: event, at: instant)
        guard !lines.isEmpty else { return }
        do {
            try write(lines.map { "\(stamp(instant.seconds)) \($0)\n" }.joined())
        } catch {
            if trouble == nil { trouble = error.description }
        }
    }

    // MARK: Lines

    private enum Level: String { case info = "INFO", warning = "WARNING", error = "ERROR" }

    private func line(_ level: Level, _ text: String) -> String {
        "[\(padded(name, 16))] [\(padded(level.rawValue, 8))] \(text)"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private var title: String { "---------- PHASE: \(name) ----------" }

    private func lines(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) -> [String] {
        var lines: [String] = []
        if began == nil {
            began = instant
            guard state.count > 0 else { return [line(.warning, "[SKIP ] \(title)")] }
            lines.append(line(.info, "[BEGIN] \(title)"))
            lines += remarks.map { line(.info, $0) }
        }
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
        case .ended where state.count > 0: lines += end(state, at: instant)
        default: break
        }
        return lines
    }

    /// As Pungi's worker names its task; the image is ours, because several images of a variant are alike there.
    private func message(_ id: ImageTaskID) -> String {
        guard let task = tasks[id]?.task else { return "task \(id)" }
        return "\(task.method) task for variant \(task.variant), image \(id)"
    }

    private func failure(_ id: ImageTaskID, _ state: ScheduleState) -> [String] {
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
    private func wentOn(_ id: ImageTaskID, _ arch: String, _ failure: TaskFailure) -> [String] {
        guard let task = tasks[id]?.task else { return [] }
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
    private func end(_ state: ScheduleState, at instant: Instant) -> [String] {
        let seconds = Int(max(0, instant - (began ?? instant)).rounded(.up))
        let took = line(.info, "PHASE \(name) took \(seconds) seconds")
        let outcome = state.outcome
        guard outcome.stopReason == nil, outcome.failedRequired.isEmpty, outcome.unfinished.isEmpty else {
            return [line(.error, "\(title) failed"), took]
        }
        return [line(.info, "[DONE ] \(title)"), took]
    }

    // MARK: The file

    private func write(_ text: String) throws(AtomicFile.Failure) {
        let path = layout.path(ComposeLayout.pungiLog)
        if file < 0 {
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.globalLogs))
            file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
        }
        try AtomicFile.append(Array(text.utf8), to: file, path: path)
    }
}
