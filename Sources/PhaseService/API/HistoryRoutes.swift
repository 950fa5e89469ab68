import HTTPTypes
import Hummingbird
import PhaseStore
import ProductMD

/// The last weeks.
extension Service {
    var historyRoutes: [Route] {
        [
            Route(.get, "/api/v1/history/nights", nights), Route(.get, "/api/v1/history/images", imageCurves),
            Route(.get, "/api/v1/audit", role: .admin, audit),
        ]
    }

    private func nights(_ request: APIRequest) async throws -> Response {
        let query = try request.parameters(["weeks", "schedule", "release"])
        let since = now() - Double(try query.number("weeks", 1...520) ?? 4) * 7 * 86400
        let runs = try await store.runs(
            since: since, schedule: query.text("schedule"), release: query.text("release"))
        return Answer.document("nights", ["nights": HistoryDocument.nights(runs, try await store.images(since: since))])
    }

    private func imageCurves(_ request: APIRequest) async throws -> Response {
        let query = try request.parameters(["weeks", "image"])
        let since = now() - Double(try query.number("weeks", 1...520) ?? 12) * 7 * 86400
        return Answer.document(
            "curves",
            ["images": HistoryDocument.curves(try await store.images(since: since, image: query.text("image")))])
    }

    private func audit(_ request: APIRequest) async throws -> Response {
        let query = try request.parameters(["limit", "before"])
        let limit = try query.number("limit", 1...500) ?? 100
        let entries = try await store.audit(limit: limit, before: try query.number("before", 1...Int.max))
        return Answer.document(
            "audit",
            [
                "entries": .array(
                    entries.map { id, entry in
                        [
                            "id": .int(id), "time": .double(entry.time), "who": .string(entry.who),
                            "via": .string(entry.via), "action": .string(entry.action),
                            "subject": entry.subject.map { .string($0) } ?? .null, "outcome": .string(entry.outcome),
                        ]
                    }), "next": entries.count == limit ? entries.last.map { .int($0.id) } ?? .null : .null,
            ])
    }
}
