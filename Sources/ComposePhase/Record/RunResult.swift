package import Koji
package import ProductMD

/// `result.json`: how a run ended, for scripts.
package enum RunResult {
    package static func json(
        compose: ComposeIdentity, status: ComposeStatus, state: ScheduleState, watching: WatchStatistics,
        cost: HubCost, isRehearsal: Bool
    ) -> JSONValue {
        .object([
            "header": .object(["type": "phase-runner.result", "version": "1.0"]),
            "payload": .object([
                "compose": .string(compose.id), "status": .string(status.rawValue), "rehearsal": .bool(isRehearsal),
                "watching": .object(["rounds": .int(watching.rounds), "requests": .int(watching.requests)]),
                "hub": .object([
                    "requests": .int(cost.requests), "bytes_sent": .int(cost.bytesSent),
                    "bytes_received": .int(cost.bytesReceived),
                ]),
                "findings": .array(state.images.flatMap { image in image.findings.map { finding($0, image.task) } }),
                "tasks": .array(state.progress.map { task($0.task.id, $0) }),
            ]),
        ])
    }

    private static func finding(_ finding: ResultFinding, _ task: ImageTaskID) -> JSONValue {
        .object((finding.json.object ?? [:]).merging(["task": .string(task.text)]) { $1 })
    }

    private static func task(_ id: ImageTaskID, _ progress: TaskProgress) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id.text), "hub_task": progress.phase.hubTask.map { .int($0.number) } ?? .null,
            "can_fail": .bool(progress.task.canFail),
        ]
        switch progress.phase {
        case .done(_, let images, let missing):
            members["state"] = "done"
            members["images"] = .array(images.map { .string("compose/\($0.path)") })
            members["missing"] = .object(missing.mapValues { .string($0.message) })
        case .failed(_, let failure):
            members["state"] = "failed"
            members["reason"] = .string(failure.message)
        case .notCancelled(_, let reason):
            members["state"] = "not canceled"
            members["reason"] = .string(reason)
        case .cancelled: members["state"] = "canceled"
        default: members["state"] = "unfinished"
        }
        return .object(members)
    }
}
