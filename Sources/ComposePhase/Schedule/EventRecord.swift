import Koji
package import ProductMD

/// What happened, as one JSON object: a line of `events.jsonl` and a row of the journal (docs/events.md).
///
/// Readers take what they know and leave the rest; members are only ever added.
package enum EventRecord {
    package static func json(_ entry: JournalEntry) -> JSONValue {
        var members = describe(entry.event)
        members["time"] = .double(entry.instant.seconds)
        return .object(members)
    }

    /// The name of the event.
    package static func name(_ event: ScheduleEvent) -> String { describe(event)["event"]?.string ?? "" }

    /// The task that the event is about, if it is about one.
    package static func task(_ event: ScheduleEvent) -> ImageTaskID? {
        switch event {
        case .adopted(let id, _), .submitting(let id, _, _), .submitted(let id, _), .refused(let id, _),
            .unsent(let id),
            .answerLost(let id, _), .lookedUp(let id, _), .lookUpFailed(let id, _), .diagnosed(let id, _),
            .overdue(let id), .collected(let id, _, _), .notCollected(let id, _), .cancelAnswered(let id, _):
            id
        case .planned, .resumed, .observed, .retryRequested, .stopRequested, .ended, .explained, .timePassed: nil
        }
    }

    private static func describe(_ event: ScheduleEvent) -> [String: JSONValue] {
        switch event {
        case .planned(let tasks): ["event": "planned", "tasks": .array(tasks.map(planned))]
        case .resumed(let by): ["event": "resumed", "by": .string(by)]
        case .adopted(let id, let hubTask): ["event": "adopted", "task": text(id), "hub_task": number(hubTask)]
        case .submitting(let id, let attempt, let after):
            [
                "event": "submitting", "task": text(id), "attempt": .int(attempt.number),
                "arches": strings(attempt.arches), "release": optional(attempt.release), "after": number(after),
            ]
        case .submitted(let id, let hubTask): ["event": "submitted", "task": text(id), "hub_task": number(hubTask)]
        case .refused(let id, let reason): ["event": "refused", "task": text(id), "failure": failure(reason)]
        case .unsent(let id): ["event": "unsent", "task": text(id)]
        case .answerLost(let id, let wasDone): ["event": "answer-lost", "task": text(id), "was_done": .bool(wasDone)]
        case .lookedUp(let id, let found): ["event": "looked-up", "task": text(id), "found": .array(found.map(number))]
        case .lookUpFailed(let id, let reason):
            ["event": "look-up-failed", "task": text(id), "reason": .string(reason)]
        case .observed(let observations): ["event": "observed", "tasks": .array(observations.map(observation))]
        case .diagnosed(let id, let diagnosis):
            [
                "event": "failed", "task": text(id), "failure": failure(diagnosis.failure),
                "arches": .array(diagnosis.arches.map(arch)), "chance": .double(diagnosis.chance),
                "untagged": optional(diagnosis.untagged),
            ]
        case .overdue(let id): ["event": "overdue", "task": text(id)]
        case .collected(let id, let images, let missing):
            [
                "event": "collected", "task": text(id), "images": .array(images.map { image($0) }),
                "missing": .object(missing.mapValues(failure)),
            ]
        case .notCollected(let id, let reason):
            ["event": "not-collected", "task": text(id), "failure": failure(reason)]
        case .retryRequested(let ids, let release):
            ["event": "retry-requested", "tasks": .array(ids.map(text)), "release": optional(release)]
        case .stopRequested(let reason):
            ["event": "stopping", "reason": .string(reason.sentence), "stop": stop(reason)]
        case .cancelAnswered(let id, let failure):
            ["event": "canceled", "task": text(id), "failure": optional(failure)]
        case .ended: ["event": "ended"]
        case .explained(let reasons):
            [
                "event": "waiting",
                "tasks": .object(
                    Dictionary(reasons.map { ($0.text, self.reason($1)) }, uniquingKeysWith: { first, _ in first })),
            ]
        case .timePassed: ["event": "time-passed"]
        }
    }

    // MARK: Parts

    private static func planned(_ task: ScheduledTask) -> JSONValue {
        .object([
            "id": text(task.id), "arches": strings(task.arches), "failable_arches": strings(task.failableArches),
            "target": .string(task.target), "scratch": .bool(task.isScratch), "priority": .int(task.priority),
            "deadline": task.deadline.map { .double($0) } ?? .null, "attempts": .int(task.attempts),
        ])
    }

    private static func observation(_ seen: TaskObservation) -> JSONValue {
        .object([
            "id": text(seen.task), "state": .string(seen.state.name), "host": optional(seen.host),
            "started": optional(seen.started), "arches": .array(seen.arches.map(arch)),
        ])
    }

    private static func arch(_ seen: ArchObservation) -> JSONValue {
        .object([
            "arch": .string(seen.arch), "hub_task": number(seen.id), "state": .string(seen.state.name),
            "host": optional(seen.host), "started": optional(seen.started), "ended": optional(seen.ended),
        ])
    }

    static func failure(_ failure: TaskFailure) -> JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(failure.kind.rawValue), "message": .string(failure.message), "url": optional(failure.url),
        ]
        if let cause = failure.cause {
            members["cause"] = .object([
                "rule": .string(cause.rule), "class": .string(cause.kind.rawValue), "remedy": optional(cause.remedy),
                "evidence": .string(cause.evidence),
            ])
        }
        return .object(members)
    }

    private static func image(_ image: CollectedImage) -> JSONValue {
        var members: [String: JSONValue] = [
            "hub_task": number(image.hubTask), "arch_task": number(image.archTask), "variant": .string(image.variant),
            "subvariant": .string(image.subvariant), "arch": .string(image.arch), "type": .string(image.type),
            "format": .string(image.format), "path": .string(image.path), "size": .int(image.size),
            "mtime": .int(image.mtime), "checksums": .object(image.checksums.mapValues { .string($0) }),
            "nvr": .string(image.nvr), "build": image.buildID.map { .int($0) } ?? .null,
            "source": .string(image.source),
        ]
        // Only what is known: most images have few of these.
        if let archive = image.archiveID { members["archive"] = .int(archive) }
        if let volume = image.volumeID { members["volume_id"] = .string(volume) }
        if let implanted = image.implantMD5 { members["implant_md5"] = .string(implanted) }
        if !image.sideFiles.isEmpty { members["side_files"] = .array(image.sideFiles.map(\.json)) }
        if !image.findings.isEmpty { members["findings"] = .array(image.findings.map(\.json)) }
        if let origin = image.origin { members["origin"] = origin.json }
        return .object(members)
    }

    private static func stop(_ reason: StopReason) -> JSONValue {
        switch reason {
        case .requiredImageFailed(let id): ["because": "required-image-failed", "task": text(id)]
        case .signal(let number): ["because": "signal", "number": .int(Int(number))]
        case .leaving: ["because": "leaving"]
        case .deadline(let seconds): ["because": "deadline", "seconds": .double(seconds)]
        case .cancelRequested(let by): ["because": "cancel", "by": .string(by)]
        case .hubUnusable(let why): ["because": "hub", "reason": .string(why)]
        case .composeUnusable(let why): ["because": "compose", "reason": .string(why)]
        }
    }

    private static func reason(_ reason: WaitReason) -> JSONValue {
        switch reason {
        case .ourLimit(let name, let value): ["why": "our-limit", "limit": .string(name), "value": .int(value)]
        case .backOff(let until, let attempt):
            ["why": "back-off", "until": .double(until.seconds), "attempt": .int(attempt)]
        case .noBuilder(let arch): ["why": "no-builder", "arch": .string(arch)]
        case .channelFull(let arch): ["why": "channel-full", "arch": .string(arch)]
        case .noRepository(let tag): ["why": "no-repository", "tag": .string(tag)]
        case .queued: ["why": "queued"]
        }
    }

    private static func text(_ id: ImageTaskID) -> JSONValue { .string(id.text) }
    private static func number(_ id: TaskID?) -> JSONValue { id.map { .int($0.number) } ?? .null }
    private static func number(_ id: TaskID) -> JSONValue { .int(id.number) }
    private static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    private static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private static func optional(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }
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
        case .leaving: "SIGTERM; tasks are left on the hub for resume"
        case .deadline(let seconds): "the run took longer than its deadline of \(Int(seconds)) s"
        case .cancelRequested(let by): "canceled by \(by)"
        case .hubUnusable(let reason): "the hub cannot be used: \(reason)"
        case .composeUnusable(let reason): "the compose directory cannot be worked on: \(reason)"
        }
    }
}
