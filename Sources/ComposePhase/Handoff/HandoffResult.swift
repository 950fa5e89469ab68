internal import Koji
package import ProductMD

/// What Pungi's phase gets back (docs/handoff.md): the images for its metadata, and deliverables as its `failable()` would
/// have noted them.
package struct HandoffResult: Sendable {
    /// How it went.
    package enum Status: String, Sendable {
        /// Nothing was built yet: the answer to a check.
        case checked
        /// Every required image is there.
        case done
        /// The compose cannot do without something that failed.
        case failed
        /// Ended from outside: a signal, `cancel`.
        case stopped
    }

    package let handoff: Handoff
    private let plan: PhasePlan
    private let state: ScheduleState?
    package let status: Status
    /// What to tell where it did not go well; nil where it did.
    package let reason: String?

    /// The answer to a check.
    package init(planned plan: PhasePlan, of handoff: Handoff) {
        self.handoff = handoff
        self.plan = plan
        state = nil
        status = .checked
        reason = nil
    }

    /// What a run came to.
    package init(_ state: ScheduleState, of plan: PhasePlan, _ handoff: Handoff) {
        self.handoff = handoff
        self.plan = plan
        self.state = state
        let outcome = state.outcome
        let failed = outcome.failedRequired.map { "\($0.task) failed: \($0.failure)" }
        switch outcome.stopReason {
        case .signal?, .cancelRequested?, .leaving?: status = .stopped
        case .some: status = .failed
        case nil: status = failed.isEmpty && outcome.unfinished.isEmpty ? .done : .failed
        }
        guard status != .done else {
            reason = nil
            return
        }
        let stopped = outcome.stopReason.map { [$0.sentence] } ?? []
        let unfinished =
            outcome.unfinished.isEmpty ? [] : ["not built: \(outcome.unfinished.map(\.text).joined(separator: ", "))"]
        reason = (failed + (failed.isEmpty ? stopped : []) + unfinished).joined(separator: "\n")
    }

    // MARK: The document

    package var json: JSONValue {
        .object([
            "header": ["type": "phase-runner.handoff-result", "version": "1.0"],
            "payload": [
                "compose": .string(handoff.compose.id), "status": .string(status.rawValue),
                "reason": reason.map { .string($0) } ?? .null,
                "images": .array(images), "deliverables": deliverables,
            ],
        ])
    }

    private var images: [JSONValue] {
        (state?.images ?? []).map { image in
            let task = plan.tasks.first { $0.id == image.task }
            return .object([
                "variant": .string(image.variant), "arch": .string(image.arch), "path": .string(image.path),
                "file": .string(handoff.layout.path("compose/\(image.path)")), "type": .string(image.type),
                "format": .string(image.format), "size": .int(image.size), "mtime": .int(image.mtime),
                "subvariant": .string(image.subvariant), "bootable": .bool(image.format == "iso"),
                "disc_number": 1, "disc_count": 1,
                "can_fail": .bool(task?.arches.contains { $0.arch == image.arch && $0.failable } ?? false),
                "deliverable": .string(task?.method ?? ImageBuilderRequest.method),
                "checksums": .object(image.checksums.mapValues { .string($0) }),
                "volume_id": image.volumeID.map { .string($0) } ?? .null,
                "implant_md5": image.implantMD5.map { .string($0) } ?? .null, "image": .string(image.task.text),
                "task": .int(image.hubTask.number), "nvr": .string(image.nvr),
            ])
        }
    }

    private var deliverables: JSONValue {
        let deliverables = Deliverables(tasks: plan.tasks, state: state)
        return [
            "required": .array(deliverables.required.map(Self.json)),
            "attempted": .array(deliverables.attempted.map(Self.json)),
            "failed": .array(deliverables.failed.map(Self.json)),
        ]
    }

    private static func json(_ entry: Deliverables.Entry) -> JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(entry.task.method), "variant": .string(entry.task.variant), "arch": .string(entry.arch),
            "subvariant": entry.subvariant, "image": .string(entry.task.id.text),
        ]
        if let reason = entry.reason { members["reason"] = .string(reason) }
        return .object(members)
    }
}
