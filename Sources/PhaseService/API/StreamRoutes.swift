import HTTPTypes
import Hummingbird
import NIOCore
import PhaseStore
import ProductMD

/// Streams of server-sent events.
extension Service {
    var streamRoutes: [Route] {
        [
            Route(.get, "/api/v1/events", overview), Route(.get, "/api/v1/runs/{id}/events", runEvents),
            Route(.get, "/api/v1/runs/{id}/progress", runProgress),
        ]
    }

    /// Begins a stream and writes it until its reader is gone or the body is done.
    private func stream(
        _ request: APIRequest,
        _ body: @escaping @Sendable (EventStream, inout any ResponseBodyWriter) async throws -> Void
    ) async throws -> Response {
        let number = try await streams.begin(request.client, request.channel, await settings.value.limits)
        let stream = EventStream(register: streams, number: number)
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream; charset=utf-8"
        headers[.cacheControl] = "no-store"
        // nginx would keep events back until its buffer is full.
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                do {
                    try await stream.write(EventStream.opening, to: &writer)
                    try await body(stream, &writer)
                } catch {
                    await streams.end(number)
                    throw error
                }
                await streams.end(number)
                try await writer.finish(nil)
            })
    }

    private static func frame(_ event: String, _ value: JSONValue, id: Int? = nil) -> [UInt8] {
        // A line of ours ends with a newline, and a frame with two.
        Array(((id.map { "id: \($0)\n" } ?? "") + "event: \(event)\ndata: ").utf8) + JSONWriter.line(value) + [10]
    }

    // MARK: The overview

    /// First everything that there is, then every change.
    private func overview(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let board = keeper.board
        return try await stream(request) { stream, writer in
            let first = await board.all()
            let runs = first.items.filter { $0.kind == "run" }.map(\.value)
            let schedules = first.items.filter { $0.kind == "schedule" }.map(\.value)
            try await stream.write(
                Self.frame("snapshot", ["runs": .array(runs), "schedules": .array(schedules)]), to: &writer)
            var seen = first.version
            while !Task.isCancelled {
                let changes = await board.next(after: seen)
                seen = changes.version
                let bytes = changes.items.flatMap { Self.frame($0.kind, .object([$0.kind: $0.value])) }
                try await stream.write(bytes.isEmpty ? EventStream.beat : bytes, to: &writer)
                if changes.isOver { return }
            }
        }
    }

    // MARK: One run

    /// The number of the last line that the reader has.
    private static func lastEvent(_ request: APIRequest) throws(Problem) -> Int {
        guard let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name], !text.isEmpty else {
            return 0
        }
        guard let number = Int(text), number >= 0 else {
            throw Problem(400, "The Last-Event-ID is not valid", "it is the number of a line, as the stream gave it")
        }
        return number
    }

    /// The lines of `events.jsonl`, from the first or behind the one that the reader has. Those of a run that has not begun
    /// come when it has.
    private func runEvents(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let last = try Self.lastEvent(request)
        let run = try await run(request)
        // Nothing will come: a browser that is told so does not ask again.
        if await hasAll(of: run, behind: last) { return Response(status: .noContent) }
        return try await stream(request) { stream, writer in
            guard let directory = try await compose(of: run, stream, &writer) else { return }
            let feed = await feeds.open(run, directory: directory)
            do {
                try await Self.write(feed, after: last, stream, &writer)
            } catch {
                await feeds.close(run.id)
                throw error
            }
            await feeds.close(run.id)
        }
    }

    private func hasAll(of run: StoredRun, behind last: Int) async -> Bool {
        guard let directory = run.directory else { return run.isOver }
        let feed = await feeds.open(run, directory: directory)
        let hasAll = await feed.isOver ? last >= (await feed.count) : false
        await feeds.close(run.id)
        return hasAll
    }

    /// The directory of a run's compose, as soon as there is one; nil if the run ends without.
    private func compose(
        of run: StoredRun, _ stream: EventStream, _ writer: inout any ResponseBodyWriter
    ) async throws -> String? {
        if let directory = run.directory { return directory }
        var seen = await keeper.board.all().version
        while !Task.isCancelled {
            guard let current = await keeper.current(run.id) else { return try await store.run(run.id)?.directory }
            if let directory = current.directory { return directory }
            let changes = await keeper.board.next(after: seen)
            seen = changes.version
            if changes.isOver { return nil }
            if changes.items.isEmpty { try await stream.write(EventStream.beat, to: &writer) }
        }
        return nil
    }

    private static func write(
        _ feed: EventFeed, after last: Int, _ stream: EventStream, _ writer: inout any ResponseBodyWriter
    ) async throws {
        // A number that the file does not reach was given by another file: all of it comes.
        var last = last > (await feed.count) ? 0 : last
        while !Task.isCancelled {
            let frames = await feed.frames(after: last)
            if let newest = frames.last {
                last = newest.number
                try await stream.write(frames.flatMap(\.bytes), to: &writer)
                continue
            }
            if await feed.isOver { return }
            await feed.wait(after: last)
            if await feed.count <= last, await !feed.isOver { try await stream.write(EventStream.beat, to: &writer) }
        }
    }

    /// What a page shows of a run: all of it once, then what changes.
    private func runProgress(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let run = try await run(request)
        guard let board = await keeper.board(of: run.id) else {
            let payload = await RunReading.status(try directory(run))?["payload"] ?? .null
            return try await stream(request) { stream, writer in
                try await stream.write(Self.frame("status", payload) + Self.frame("end", [:]), to: &writer)
            }
        }
        return try await stream(request) { stream, writer in
            var seen = 0
            var isFirst = true
            while !Task.isCancelled {
                let changes = await board.next(after: seen)
                seen = changes.version
                if !changes.items.isEmpty || isFirst {
                    let payload = Self.payload(changes)
                    try await stream.write(Self.frame(isFirst ? "status" : "change", payload), to: &writer)
                    isFirst = false
                } else {
                    try await stream.write(EventStream.beat, to: &writer)
                }
                if changes.isOver { return try await stream.write(Self.frame("end", [:]), to: &writer) }
                // A page needs no more than one picture a second.
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private static func payload(_ changes: ChangeBoard.Changes) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if let head = changes.items.last(where: { $0.kind == "head" })?.value.object { members = head }
        members["images"] = .array(changes.items.filter { $0.kind == "image" }.map(\.value))
        return .object(members)
    }
}
