import ComposePhase
import HTTPTypes
import Hummingbird
import PhaseStore
import ProductMD

/// Runs: to look at, to start, to cancel, to build again what failed.
extension Service {
    var runRoutes: [Route] {
        [
            Route(.get, "/api/v1/runs", listRuns), Route(.post, "/api/v1/runs", role: .operate, startRun),
            Route(.get, "/api/v1/runs/{id}", showRun), Route(.get, "/api/v1/runs/{id}/status", showStatus),
            Route(.get, "/api/v1/runs/{id}/images", showImages),
            Route(.get, "/api/v1/runs/{id}/failures", showFailures),
            Route(.get, "/api/v1/runs/{id}/timeline", showTimeline), Route(.get, "/api/v1/runs/{id}/log", showLog),
            Route(.get, "/api/v1/runs/{id}/report", showReport),
            Route(.post, "/api/v1/runs/{id}/cancel", role: .operate, cancelRun),
            Route(.post, "/api/v1/runs/{id}/retry", role: .operate, retryRun),
        ]
    }

    // MARK: Looking

    private func listRuns(_ request: APIRequest) async throws -> Response {
        let query = try request.parameters(["state", "status", "schedule", "release", "limit", "before"])
        var filter = RunFilter()
        filter.state = try query.word("state", of: StoredRun.State.allCases.map(\.rawValue))
            .flatMap(StoredRun.State.init)
        filter.status = query.text("status")
        filter.schedule = query.text("schedule")
        filter.release = query.text("release")
        filter.limit = try query.number("limit", 1...200) ?? 50
        filter.before = try query.number("before", 1...Int.max)
        let runs = try await store.runs(filter)
        let next = runs.count == filter.limit ? runs.last.map { JSONValue.int($0.id) } : nil
        return Answer.document("runs", ["runs": .array(runs.map(RunDocument.json)), "next": next ?? .null])
    }

    /// The run that a path names, as it is now.
    func run(_ request: APIRequest) async throws -> StoredRun {
        let id = try request.id()
        if let run = await keeper.current(id) { return run }
        guard let run = try await store.run(id) else { throw Problem.notFound("there is no run \(id)") }
        return run
    }

    /// The compose of the run that a path names.
    func directory(_ run: StoredRun) throws(Problem) -> String {
        guard let directory = run.directory else {
            throw .conflict("run \(run.id) has no compose\(run.isOver ? "; it never began" : " yet")")
        }
        return directory
    }

    private func showRun(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.document("run", ["run": RunDocument.json(try await run(request))])
    }

    private func showStatus(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let run = try await run(request)
        guard let status = await RunReading.status(try directory(run)) else {
            throw Problem.conflict("the compose of run \(run.id) says nothing yet, or is gone")
        }
        return Answer.json(status)
    }

    private func report(_ request: APIRequest) async throws -> JSONValue {
        _ = try request.parameters([])
        let run = try await run(request)
        guard let report = await RunReading.report(try directory(run), now: now()) else {
            throw Problem.conflict("the compose of run \(run.id) says nothing yet, or is gone")
        }
        return report
    }

    private func showImages(_ request: APIRequest) async throws -> Response {
        let report = try await report(request)
        return Answer.document(
            "images", ["images": report["images"] ?? .array([]), "previous": report["previous"] ?? .null])
    }

    private func showTimeline(_ request: APIRequest) async throws -> Response {
        let report = try await report(request)
        return Answer.document(
            "timeline",
            [
                "tasks": report["tasks"] ?? .array([]), "began": report["began"] ?? .null,
                "ended": report["ended"] ?? .null,
            ])
    }

    private func showFailures(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let run = try await run(request)
        return Answer.document(
            "failures", ["failures": await RunReading.failures(try directory(run), now: now())])
    }

    private func showLog(_ request: APIRequest) async throws -> Response {
        let query = try request.parameters(["bytes"])
        let bytes = try query.number("bytes", 1...(4 << 20)) ?? 65536
        let run = try await run(request)
        let place = RunPlace(await settings.value.stateDirectory, run.id)
        return Answer.text(await DiskThreads.run { place.tail(bytes: bytes) })
    }

    private func showReport(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let directory = try directory(try await run(request))
        let made = try await commands.run(["report", directory, "--format", "html"], await settings.value)
        guard made.status == 0 else {
            throw Problem.conflict(RunWork.lastWords(of: made.err) ?? "there is no report of this run yet")
        }
        var headers = HTTPFields()
        // The page has its own style and no script, and may reach nothing.
        headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; frame-ancestors 'none'"
        return Answer.bytes(made.out, type: "text/html; charset=utf-8", headers: headers)
    }

    // MARK: Changing

    private func startRun(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let settings = await settings.value
        let wanted = try RunRequest(try request.json(), settings)
        let key = try Self.key(request)
        return try await audited(request.caller, "start", wanted.config) {
            let (run, isNew) = try await keeper.add(wanted, by: request.caller.name, key: key)
            var headers = HTTPFields()
            headers[.location] = "/api/v1/runs/\(run.id)"
            return Answer.document(
                "run", ["run": RunDocument.json(run)], status: isNew ? .created : .ok, headers: headers)
        }
    }

    /// The `Idempotency-Key` header: the same request with the same key is the same run.
    private static func key(_ request: APIRequest) throws(Problem) -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw Problem(
                400, "The Idempotency-Key is not valid", "it is 1 to 255 characters of ASCII without blanks")
        }
        return key
    }

    private func cancelRun(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let id = try request.id()
        return try await audited(request.caller, "cancel", "run \(id)") {
            try await keeper.cancel(id, by: "\(request.caller.name) by the service")
            return Answer.document("run", ["run": RunDocument.json(try await run(request))], status: .accepted)
        }
    }

    private func retryRun(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let id = try request.id()
        var release: String?
        if !request.body.isEmpty {
            guard case .object(let members) = try request.json() else {
                throw Problem.invalid([.init("", "must be an object")])
            }
            var reader = RequestReader(members: members)
            release = reader.text("new_release") { text in
                text.utf8.count <= 64 && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 45 && $0 != 47 }
                    ? nil : "is no release: no hyphen, no slash, no blank"
            }
            try reader.finish()
        }
        return try await audited(request.caller, "retry", "run \(id)") {
            let run = try await keeper.retry(id, by: request.caller.name, release: release)
            return Answer.document("run", ["run": RunDocument.json(run)], status: .accepted)
        }
    }
}
