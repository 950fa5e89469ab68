import ComposePhase
import Koji

/// Progress for a log or a pipe: one plain line for each thing that happened.
actor ProgressLines: ScheduleObserver {
    private let weburl: String
    /// Why each image waits, as it was last said.
    private var reasons: [ImageTaskID: WaitReason] = [:]

    init(weburl: String) { self.weburl = weburl }

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let time = LocalTime.clock(instant.seconds)
        for text in Self.lines(for: event, state, weburl: weburl) + reasonLines(event, at: instant) {
            // Words of hubs and builders are among it.
            Console.line("\(time) \(TerminalText.safeLines(text))")
        }
    }

    /// A reason is said once, not at each look at the hub.
    private func reasonLines(_ event: ScheduleEvent, at instant: Instant) -> [String] {
        guard case .explained(let new) = event else {
            if let id = EventRecord.task(event) { reasons[id] = nil }
            return []
        }
        return new.sorted { $0.key < $1.key }.compactMap { id, reason in
            guard reasons.updateValue(reason, forKey: id) != reason, reason != .queued else { return nil }
            return "\(id): \(reason.sentence(at: instant))"
        }
    }

    static func lines(for event: ScheduleEvent, _ state: ScheduleState, weburl: String) -> [String] {
        switch event {
        case .planned(let tasks): ["\(counted(tasks.count, "task")) to submit"]
        case .submitted(let id, let hubTask): ["\(id): task \(hubTask) \(weburl)/taskinfo?taskID=\(hubTask)"]
        case .refused(let id, let failure): ["\(id): refused: \(failure)"]
        case .answerLost(let id, _): ["\(id): the answer to the submit was lost; looking for the task on the hub"]
        case .lookUpFailed(let id, let reason): ["\(id): the hub cannot be searched for it: \(reason)"]
        case .lookedUp(let id, let found):
            [found.isEmpty ? "\(id): not on the hub; sent again" : "\(id): found as task \(list(found))"]
        case .observed(let observations):
            observations.map { seen in
                let arches = seen.arches.map { arch in
                    "\(arch.arch) \(arch.state.name.lowercased())"
                        + (arch.state == .open ? arch.host.map { " on \($0)" } ?? "" : "")
                }.joined(separator: ", ")
                return "\(seen.task): \(seen.state.name.lowercased())" + (arches.isEmpty ? "" : " (\(arches))")
            }
        case .diagnosed(let id, let diagnosis):
            if case .waiting? = state[id]?.phase {
                ["\(id): failed, to be tried again: \(diagnosis.failure)"]
            } else {
                ["\(id): FAILED\(state[id]?.task.canFail == true ? " (may fail)" : ""): \(diagnosis.failure)"]
            }
        case .collected(let id, let images, let missing):
            ["\(id): done, \(counted(images.count, "image"))"]
                + missing.sorted { $0.key < $1.key }.map { "\(id): missing \($0.key) (may fail): \($0.value)" }
        case .notCollected(let id, let failure): ["\(id): FAILED: \(failure)"]
        case .stopRequested(let reason): ["stopping: \(reason.sentence)"]
        case .cancelAnswered(let id, let failure):
            [failure.map { "\(id): not canceled: \($0)" } ?? "\(id): canceled"]
        case .resumed(let by): ["taken up by \(by)"]
        case .adopted(let id, let hubTask): ["\(id): task \(hubTask) is taken over"]
        case .overdue(let id): ["\(id): took too long"]
        case .retryRequested(let ids, _): ["\(counted(ids.count, "image")) to be built again"]
        case .submitting(let id, let attempt, _):
            attempt.number > 1 ? ["\(id): try \(attempt.number), \(attempt.arches.joined(separator: ", "))"] : []
        case .unsent, .ended, .explained, .timePassed: []
        }
    }

    private static func list(_ ids: [TaskID]) -> String { ids.map(\.description).joined(separator: ", ") }
}
