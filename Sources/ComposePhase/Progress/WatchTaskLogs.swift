import Glibc
import Koji

/// A log for each image in the words of `koji watch-task`, which is what Pungi leaves there, so that people and programs
/// that read those can read these. A retried image goes on in its file.
struct WatchTaskLogs: Sendable {
    private let layout: ComposeLayout
    private let weburl: String
    private let clock: @Sendable (Double) -> String
    private let numbers: TaskTable
    private var watched: [ImageTaskID: Watched] = [:]
    private var madeDirectories: Set<String> = []

    /// What was last written of an image's task.
    private struct Watched: Sendable {
        let hubTask: TaskID
        var state = TaskState.free
        var host: String?
        var arches: [String: ArchObservation] = [:]
    }

    init(
        layout: ComposeLayout, tasks: [ImageTask], weburl: String, clock: @escaping @Sendable (Double) -> String
    ) {
        self.layout = layout
        self.weburl = weburl
        self.clock = clock
        numbers = TaskTable(tasks)
    }

    /// Takes up what an earlier process has written.
    mutating func take(_ state: ScheduleState) {
        for progress in state.progress {
            guard case .running(let hubTask, let state) = progress.phase else { continue }
            watched[progress.task.id] = Watched(hubTask: hubTask, state: state, arches: progress.arches)
        }
    }

    mutating func note(_ event: ScheduleEvent, _ state: ScheduleState, at instant: Instant) throws {
        switch event {
        case .submitted(let id, let hubTask), .adopted(let id, let hubTask): try begin(id, hubTask)
        case .lookedUp(let id, let found):
            if found.count == 1 { try begin(id, found[0]) }
        case .observed(let observations):
            for seen in observations { try write(seen.task, observed(seen)) }
        case .diagnosed(let id, let diagnosis): try write(id, failed(id, diagnosis))
        case .cancelAnswered(let id, nil): try write(id, ended(id, as: "canceled", "was canceled"))
        case .cancelAnswered(let id, let failure?): try write(id, [at(instant, "not canceled: \(failure)")])
        case .refused(let id, let failure): try write(id, [at(instant, "refused: \(failure)")])
        case .answerLost(let id, _): try write(id, [at(instant, "the answer to the submit was lost")])
        case .lookUpFailed(let id, let reason): try write(id, [at(instant, "the hub cannot be searched: \(reason)")])
        case .overdue(let id): try write(id, [at(instant, "has been on the hub for too long, and is canceled")])
        case .notCollected(let id, let failure): try write(id, [at(instant, "\(failure)")])
        case .collected(let id, let images, let missing):
            try write(
                id,
                images.map { at(instant, "collected compose/\($0.path)") }
                    + missing.sorted { $0.key < $1.key }.map { at(instant, "missing \($0.key): \($0.value)") })
        default: break
        }
        if let id = EventRecord.task(event), state[id]?.phase.isSettled == true { watched[id] = nil }
    }

    private func at(_ instant: Instant, _ text: String) -> String { "\(clock(instant.seconds)) \(text)" }

    // MARK: Lines of koji

    private mutating func begin(_ id: ImageTaskID, _ hubTask: TaskID) throws {
        watched[id] = Watched(hubTask: hubTask)
        try write(
            id,
            [
                "Task URL: \(weburl)/taskinfo?taskID=\(hubTask)", "Watching tasks (this may be safely interrupted)...",
                "\(label(id, hubTask)): free",
            ])
    }

    private mutating func observed(_ seen: TaskObservation) -> [String] {
        guard watched[seen.task] != nil else { return [] }
        // A parent's end comes after its children's, and that of a bad one with the cause, which is still being asked for.
        guard seen.state.isFinal else {
            let own = moved(seen.task, to: seen.state, host: seen.host)
            return own + children(seen.arches, of: seen.task)
        }
        let children = children(seen.arches, of: seen.task)
        guard seen.state == .closed else { return children }
        return children + ended(seen.task, as: "closed", "completed successfully")
    }

    private mutating func failed(_ id: ImageTaskID, _ diagnosis: Diagnosis) -> [String] {
        guard watched[id] != nil else { return [] }
        let children = children(diagnosis.arches, of: id)
        if diagnosis.failure.kind == .canceledOnHub {
            return children + ended(id, as: "canceled", "was canceled")
        }
        var logs: [String] = []
        if let url = diagnosis.failure.url { logs = ["  Relevant logs:", "  \(url)"] }
        return children + ended(id, as: "FAILED: \(diagnosis.failure.message)", "failed", then: logs)
    }

    private mutating func moved(_ id: ImageTaskID, to state: TaskState, host: String?) -> [String] {
        guard let before = watched[id], before.state != state || before.host != host else { return [] }
        watched[id]?.state = state
        watched[id]?.host = host
        return ["\(label(id, before.hubTask)): \(Self.word(before.state, before.host)) -> \(Self.word(state, host))"]
    }

    /// The line of the whole task's end, what belongs to it, and the one that sums it up.
    private mutating func ended(
        _ id: ImageTaskID, as word: String, _ sum: String, then more: [String] = []
    ) -> [String] {
        guard let before = watched[id] else { return [] }
        let label = label(id, before.hubTask)
        watched[id]?.state = word == "closed" ? .closed : word == "canceled" ? .canceled : .failed
        return ["\(label): \(Self.word(before.state, before.host)) -> \(word)"] + more + [
            tally(id), "", "\(label) \(sum)",
        ]
    }

    private mutating func children(_ arches: [ArchObservation], of id: ImageTaskID) -> [String] {
        var lines: [String] = []
        // The hub gives the newest child first.
        for seen in arches.sorted(by: { $0.id.number > $1.id.number }) {
            let before = watched[id]?.arches[seen.arch]
            guard before?.id != seen.id || before?.state != seen.state || before?.host != seen.host else { continue }
            watched[id]?.arches[seen.arch] = seen
            let now = Self.word(seen.state, seen.host)
            let change = before.flatMap { $0.id == seen.id ? "\(Self.word($0.state, $0.host)) -> \(now)" : nil } ?? now
            lines.append("  \(seen.id) \(method(id))Arch (\(seen.arch)): \(change)")
            if seen.state.isFinal { lines.append(tally(id)) }
        }
        return lines
    }

    private func tally(_ id: ImageTaskID) -> String {
        guard let watched = watched[id] else { return "" }
        let states = [watched.state] + watched.arches.values.map(\.state)
        let free = states.count { $0 == .free }
        let open = states.count { $0 == .open || $0 == .assigned }
        let done = states.count { $0 == .closed || $0 == .canceled }
        return "  \(free) free  \(open) open  \(done) done  \(states.count { $0 == .failed }) failed"
    }

    private static func word(_ state: TaskState, _ host: String?) -> String {
        switch state {
        case .open, .assigned: state.name.lowercased() + (host.map { " (\($0))" } ?? "")
        case .failed: "FAILED"
        default: state.name.lowercased()
        }
    }

    private func label(_ id: ImageTaskID, _ hubTask: TaskID) -> String { "\(hubTask) \(method(id)) (noarch)" }
    private func method(_ id: ImageTaskID) -> String { numbers[id]?.task.method ?? "" }

    // MARK: The files

    private mutating func write(_ id: ImageTaskID, _ lines: [String]) throws(AtomicFile.Failure) {
        guard !lines.isEmpty, let (task, number) = numbers[id] else { return }
        let path = layout.path(ComposeLayout.watchLog(task, number: number))
        if madeDirectories.insert(task.method).inserted {
            try AtomicFile.makeDirectories(layout.path("\(ComposeLayout.globalLogs)/\(task.method)"))
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
        defer { close(descriptor) }
        try AtomicFile.append(Array(lines.map { $0 + "\n" }.joined().utf8), to: descriptor, path: path)
    }
}
