import Koji
import ProductMD

/// One line of `events.jsonl`: what happened, when, to which task; for programs that follow a run from elsewhere.
enum EventRecord {
    static func json(_ event: ScheduleEvent, at instant: Instant) -> JSONValue {
        var members = describe(event)
        members["time"] = .double(instant.seconds)
        return .object(members)
    }

    private static func describe(_ event: ScheduleEvent) -> [String: JSONValue] {
        switch event {
        case .planned(let tasks): ["event": "planned", "tasks": .array(tasks.map { .string($0.id.text) })]
        case .submitting(let id, let after): ["event": "submitting", "task": task(id), "after": number(after)]
        case .submitted(let id, let hubTask): ["event": "submitted", "task": task(id), "hub_task": number(hubTask)]
        case .refused(let id, let failure): ["event": "refused", "task": task(id), "reason": .string(failure.message)]
        case .answerLost(let id, let wasDone): ["event": "answer-lost", "task": task(id), "was_done": .bool(wasDone)]
        case .lookedUp(let id, let found): ["event": "looked-up", "task": task(id), "found": .array(found.map(number))]
        case .lookUpFailed(let id, let reason):
            ["event": "look-up-failed", "task": task(id), "reason": .string(reason)]
        case .observed(let observations): ["event": "observed", "tasks": .array(observations.map(observation))]
        case .diagnosed(let id, let failure):
            [
                "event": "failed", "task": task(id), "reason": .string(failure.message),
                "url": failure.url.map { .string($0) } ?? .null,
            ]
        case .collected(let id, let images, let missing):
            [
                "event": "collected", "task": task(id), "images": .array(images.map { .string($0) }),
                "missing": .object(missing.mapValues { .string($0.message) }),
            ]
        case .notCollected(let id, let failure):
            ["event": "not-collected", "task": task(id), "reason": .string(failure.message)]
        case .stopRequested(let reason): ["event": "stopping", "reason": .string(reason.sentence)]
        case .cancelAnswered(let id, let failure):
            ["event": "canceled", "task": task(id), "failure": failure.map { .string($0) } ?? .null]
        }
    }

    private static func observation(_ seen: TaskObservation) -> JSONValue {
        .object([
            "task": task(seen.task), "state": .string(seen.state.name),
            "arches": .object(
                Dictionary(seen.arches.map { ($0.arch, .string($0.state.name)) }, uniquingKeysWith: { $1 })),
        ])
    }

    private static func task(_ id: ImageTaskID) -> JSONValue { .string(id.text) }
    private static func number(_ id: TaskID?) -> JSONValue { id.map { .int($0.number) } ?? .null }
    private static func number(_ id: TaskID) -> JSONValue { .int(id.number) }
}

extension StopReason {
    /// The reason in a sentence.
    package var sentence: String {
        switch self {
        case .requiredImageFailed(let id): "the required image \(id) failed"
        case .signal(1): "SIGHUP"
        case .signal(2): "SIGINT"
        case .signal(15): "SIGTERM"
        case .signal(let number): "signal \(number)"
        case .hubUnusable(let reason): "the hub cannot be used: \(reason)"
        case .composeUnusable(let reason): "the compose directory cannot be worked on: \(reason)"
        }
    }
}
