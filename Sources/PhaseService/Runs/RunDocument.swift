import ComposePhase
package import PhaseStore
package import ProductMD

/// A run as the API shows it.
package enum RunDocument {
    package static func json(_ run: StoredRun) -> JSONValue {
        let request = RunRequest(stored: run)
        let progress = run.summary.flatMap { try? JSONReader.read(Array($0.utf8), name: "summary") }
        return [
            "id": .int(run.id), "compose": text(run.compose), "directory": text(run.directory),
            "config": text(request?.config), "target": text(request?.target), "schedule": text(run.schedule),
            "requested_by": .string(run.requestedBy), "state": .string(run.state.rawValue),
            "status": text(run.status), "exit_status": run.exitStatus.map { .int($0) } ?? .null,
            "reason": text(run.reason), "requested": .double(run.requested), "started": number(run.started),
            "ended": number(run.ended), "rehearsal": .bool(run.isRehearsal), "processes": .int(run.processes),
            "counts": progress?["counts"] ?? .null, "summary": progress?["summary"] ?? .null,
            "expected_end": run.isOver ? .null : progress?["expected_end"] ?? .null,
            "hub": progress?["hub"] ?? .null, "weburl": progress?["weburl"] ?? .null,
        ]
    }

    /// What is kept of a status document's payload in the list of runs.
    static func summary(of payload: JSONValue) -> String {
        var members: [String: JSONValue] = [:]
        for name in ["counts", "summary", "expected_end", "hub", "weburl"] { members[name] = payload[name] ?? .null }
        return String(decoding: JSONWriter.line(.object(members)), as: UTF8.self)
    }

    private static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    private static func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
}

extension RunRequest {
    /// What was asked for when the run was made.
    package init?(stored run: StoredRun) {
        guard let value = try? JSONReader.read(Array(run.request.utf8), name: "request") else { return nil }
        self.init(kept: value)
    }

    /// As it is kept.
    package var stored: String { String(decoding: JSONWriter.line(json), as: UTF8.self) }
}
