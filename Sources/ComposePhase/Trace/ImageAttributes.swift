import Koji

/// What the span of an image says of it: docs/tracing.md lists every name.
enum ImageAttributes {
    /// Of an image that has come to its end.
    static func of(_ progress: TaskProgress, _ task: ImageTask?, weburl: String) -> [String: SpanValue] {
        var attributes: [String: SpanValue] = [
            "phase_runner.arches": .strings(progress.task.arches),
            "phase_runner.failable_arches": .strings(progress.task.failableArches),
            "phase_runner.attempts": .int(progress.attempt.number),
            "phase_runner.can_fail": .bool(progress.task.canFail),
            "phase_runner.scratch": .bool(progress.task.isScratch),
            "phase_runner.outcome": .string(outcome(progress.phase)),
        ]
        if let task {
            attributes["phase_runner.variant"] = .string(task.variant)
            attributes["phase_runner.subvariant"] = .string(task.subvariant)
        }
        if !progress.task.target.isEmpty { attributes["koji.target"] = .string(progress.task.target) }
        if let hubTask = progress.phase.hubTask {
            attributes["koji.task_id"] = .int(hubTask.number)
            attributes["koji.task_url"] = KojiPages.task(hubTask.number, at: weburl).map { .string($0) }
        }
        switch progress.phase {
        case .done(_, let images, let missing):
            attributes["phase_runner.files"] = .int(images.count)
            attributes["phase_runner.bytes"] = .int(images.reduce(0) { $0 + $1.size })
            if !missing.isEmpty {
                attributes["phase_runner.missing_arches"] = .strings(missing.keys.sorted())
                if let first = missing.min(by: { $0.key < $1.key }) { attributes.merge(why(first.value)) { $1 } }
            }
        case .failed(_, let failure): attributes.merge(why(failure)) { $1 }
        case .notCancelled(_, let reason): attributes["phase_runner.reason"] = .string(SpanText.clean(reason))
        default: break
        }
        return attributes
    }

    /// An error is what a person should look at; what was canceled because the run stops is none.
    static func status(of progress: TaskProgress) -> Span.Status {
        switch progress.phase {
        case .failed(_, let failure): .error(SpanText.clean(failure.message))
        case .notCancelled(let hubTask, let reason):
            .error(SpanText.clean("task \(hubTask) may still be running: \(reason)"))
        default: .unset
        }
    }

    private static func outcome(_ phase: TaskPhase) -> String {
        switch phase {
        case .done(_, _, let missing): missing.isEmpty ? "done" : "incomplete"
        case .failed: "failed"
        case .cancelled: "canceled"
        case .notCancelled: "left_running"
        default: "open"
        }
    }

    private static func why(_ failure: TaskFailure) -> [String: SpanValue] {
        var attributes: [String: SpanValue] = [
            "phase_runner.failure": .string(failure.kind.rawValue),
            "phase_runner.reason": .string(SpanText.clean(failure.message)),
        ]
        if let cause = failure.cause {
            attributes["phase_runner.cause"] = .string(cause.rule)
            attributes["phase_runner.cause_class"] = .string(cause.kind.rawValue)
            if let remedy = cause.remedy { attributes["phase_runner.remedy"] = .string(SpanText.clean(remedy)) }
        }
        return attributes
    }

    /// What an event is in the spans of images.
    static func events(
        for event: ScheduleEvent, _ state: ScheduleState
    ) -> [(image: ImageTaskID, name: String, attributes: [String: SpanValue])] {
        switch event {
        case .submitting(let id, let attempt, _):
            [
                (
                    id, "submit",
                    ["phase_runner.attempt": .int(attempt.number), "phase_runner.arches": .strings(attempt.arches)]
                )
            ]
        case .submitted(let id, let hubTask): [(id, "submitted", ["koji.task_id": .int(hubTask.number)])]
        case .adopted(let id, let hubTask): [(id, "adopted", ["koji.task_id": .int(hubTask.number)])]
        case .refused(let id, let failure): [(id, "refused", why(failure))]
        case .unsent(let id): [(id, "not sent", [:])]
        case .answerLost(let id, _): [(id, "answer lost", [:])]
        case .lookedUp(let id, let found): [(id, "looked up", ["phase_runner.found": .int(found.count)])]
        case .lookUpFailed(let id, let reason):
            [(id, "not looked up", ["phase_runner.reason": .string(SpanText.clean(reason))])]
        case .observed(let observations):
            observations.compactMap { seen in
                var attributes: [String: SpanValue] = ["koji.task_state": .string(seen.state.name)]
                if let host = seen.host { attributes["koji.builder"] = .string(host) }
                return seen.state.isFinal || seen.state == .open ? (seen.task, "hub state", attributes) : nil
            }
        case .diagnosed(let id, let diagnosis): diagnosed(id, diagnosis, state)
        case .overdue(let id): [(id, "overdue", [:])]
        case .collected(let id, let images, _): [(id, "collected", ["phase_runner.files": .int(images.count)])]
        case .notCollected(let id, let failure): [(id, "not collected", why(failure))]
        case .retryRequested(let ids, let release):
            ids.map { ($0, "retry requested", release.map { ["phase_runner.release": .string($0)] } ?? [:]) }
        case .cancelAnswered(let id, let failure):
            [
                (
                    id, failure == nil ? "canceled" : "not canceled",
                    failure.map { ["phase_runner.reason": .string(SpanText.clean($0))] } ?? [:]
                )
            ]
        case .planned, .resumed, .stopRequested, .ended, .explained, .timePassed: []
        }
    }

    /// A failure, and whether it is tried again.
    private static func diagnosed(
        _ id: ImageTaskID, _ diagnosis: Diagnosis, _ state: ScheduleState
    ) -> [(image: ImageTaskID, name: String, attributes: [String: SpanValue])] {
        var attributes = why(diagnosis.failure)
        guard let progress = state[id], progress.phase == .waiting else { return [(id, "failed", attributes)] }
        attributes["phase_runner.attempt"] = .int(progress.attempt.number)
        return [(id, "to be tried again", attributes)]
    }
}

extension StopReason {
    /// A word and a sentence for the span of the run.
    var inSpan: (word: String, text: String) {
        switch self {
        case .requiredImageFailed(let id): ("required image failed", "\(id) failed, and the compose cannot do without")
        case .signal(let number): ("signal", "signal \(number)")
        case .leaving: ("leaving", "SIGTERM; what runs is left on the hub")
        case .deadline(let seconds): ("deadline", "the run took longer than \(Int(seconds)) s")
        case .cancelRequested(let by): ("cancel", "canceled by \(by)")
        case .hubUnusable(let reason): ("hub unusable", SpanText.clean(reason))
        case .composeUnusable(let reason): ("compose unusable", SpanText.clean(reason))
        }
    }
}
