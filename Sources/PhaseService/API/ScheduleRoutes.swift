import HTTPTypes
import Hummingbird
import PhaseStore
import ProductMD

/// What is composed by the calendar.
extension Service {
    var scheduleRoutes: [Route] {
        [
            Route(.get, "/api/v1/schedules", listSchedules), Route(.get, "/api/v1/schedules/{name}", showSchedule),
            Route(.post, "/api/v1/schedules/{name}/start", role: .operate, startSchedule),
            Route(.post, "/api/v1/schedules/{name}/pause", role: .operate) { try await pause($0, true) },
            Route(.post, "/api/v1/schedules/{name}/unpause", role: .operate) { try await pause($0, false) },
        ]
    }

    private func listSchedules(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.document("schedules", ["schedules": .array(await schedules.documents())])
    }

    private func showSchedule(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return try await schedule(request.values["name"] ?? "")
    }

    private func schedule(_ name: String) async throws -> Response {
        guard let document = await schedules.document(name) else {
            throw Problem.notFound("there is no schedule '\(APIRequest.shown(name))'")
        }
        return Answer.document("schedule", ["schedule": document])
    }

    private func startSchedule(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let name = request.values["name"] ?? ""
        return try await audited(request.caller, "start schedule", name) {
            let run = try await schedules.start(name, by: request.caller.name)
            var headers = HTTPFields()
            headers[.location] = "/api/v1/runs/\(run.id)"
            return Answer.document("run", ["run": RunDocument.json(run)], status: .created, headers: headers)
        }
    }

    private func pause(_ request: APIRequest, _ isPaused: Bool) async throws -> Response {
        _ = try request.parameters([])
        let name = request.values["name"] ?? ""
        return try await audited(request.caller, isPaused ? "pause schedule" : "unpause schedule", name) {
            if isPaused { try await schedules.pause(name) } else { try await schedules.unpause(name) }
            return try await schedule(name)
        }
    }
}
