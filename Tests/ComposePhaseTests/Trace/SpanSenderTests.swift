import Koji
import ProductMD
import Synchronization
import Testing

@testable import ComposePhase

@Suite("Sending spans", .timeLimit(.minutes(1)))
struct SpanSenderTests {
    /// A collector that answers as the test says, and keeps what it got.
    final class Collector: HTTPTransport {
        private let state = Mutex<(bodies: [JSONValue], headers: [[HTTPHeader]], spans: Int)>(([], [], 0))
        private let answer: @Sendable (Int) async throws(HTTPFailure) -> Int

        /// - Parameter answer: the status for the n-th request, from 1.
        init(_ answer: @escaping @Sendable (Int) async throws(HTTPFailure) -> Int) { self.answer = answer }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            let body = (try? JSONReader.read(request.body ?? [], name: "body")) ?? .null
            let number = state.withLock { state in
                state.bodies.append(body)
                state.headers.append(request.headers)
                return state.bodies.count
            }
            let status = try await answer(number)
            if status == 200 { state.withLock { $0.spans += Self.spans(body).count } }
            return HTTPResponse(status: status)
        }

        func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
            throw HTTPFailure(kind: .other, url: "", message: "no")
        }

        static func spans(_ body: JSONValue) -> [JSONValue] {
            body["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array ?? []
        }

        var requests: [Int] { state.withLock { $0.bodies.map { Self.spans($0).count } } }
        var taken: Int { state.withLock(\.spans) }
        var headers: [HTTPHeader] { state.withLock { $0.headers.first ?? [] } }
    }

    /// A sender, and what it warned of.
    final class World: Sendable {
        let said = Mutex<[String]>([])
        let collector: Collector

        init(_ answer: @escaping @Sendable (Int) async throws(HTTPFailure) -> Int) { collector = Collector(answer) }

        func sender(room: Int = 2048, batch: Int = 512, delay: Double = 600, timeout: Double = 10) -> SpanSender {
            var pace = SpanSender.Pace()
            pace.room = room
            pace.batch = batch
            pace.delay = delay
            return SpanSender(
                to: .init(
                    url: "http://user:s3cr3t@c/v1/traces", headers: [HTTPHeader("authorization", "s3cr3t")],
                    encoding: .json, timeout: timeout),
                resource: ["service.name": "x"], version: "1", transport: collector, pace: pace,
                warn: { text in self.said.withLock { $0.append(text) } })
        }

        func send(_ count: Int, by sender: SpanSender) async throws {
            let trace = try #require(TraceID("0af7651916cd43dd8448eb211c80319c"))
            let id = try #require(SpanID("b7ad6b7169203331"))
            for number in 0..<count {
                sender.take(Span(trace: trace, id: id, parent: nil, name: "\(number)", start: Instant(seconds: 1)))
            }
            await sender.finish()
        }

        var warnings: [String] {
            let said = said.withLock { $0 }
            #expect(!said.joined().contains("s3cr3t"))
            return said
        }
    }

    @Test("all that was taken is sent at the end, in batches, with the headers that were named")
    func batches() async throws {
        let world = World { _ in 200 }
        try await world.send(1200, by: world.sender())
        #expect(world.collector.taken == 1200)
        #expect(world.collector.requests.allSatisfy { $0 <= 512 })
        #expect(world.collector.headers.contains(HTTPHeader("authorization", "s3cr3t")))
        #expect(world.collector.headers.contains(HTTPHeader("Content-Type", "application/json")))
        #expect(world.warnings == [])
    }

    @Test("nothing is sent where nothing was taken")
    func nothing() async throws {
        let world = World { _ in 200 }
        try await world.send(0, by: world.sender())
        #expect(world.collector.requests == [])
    }

    @Test("more than there is room for is dropped, counted and said once")
    func full() async throws {
        let world = World { _ in 200 }
        try await world.send(100, by: world.sender(room: 10))
        // Whoever sends while spans come makes room.
        let taken = world.collector.taken
        #expect(taken >= 10)
        #expect(world.warnings.count == 1 && world.warnings[0].hasPrefix("\(100 - taken) spans "), "\(world.warnings)")
    }

    @Test(
        "a collector that takes nothing is one warning, and a count at the end",
        arguments: [500, 503, 429, 404, 400, 301, 0])
    func refused(status: Int) async throws {
        let world = World { _ throws(HTTPFailure) in
            guard status > 0 else {
                throw HTTPFailure(kind: .cannotConnect, url: "http://c", message: "no one at http://c")
            }
            return status
        }
        try await world.send(7, by: world.sender())
        #expect(world.collector.requests == [7])
        #expect(world.warnings.count == 2, "\(world.warnings)")
        #expect(world.warnings.first?.contains(status > 0 ? "status \(status)" : "no one at") == true)
        #expect(world.warnings.last?.contains("7 spans of the run's trace did not reach") == true)
    }

    @Test("after bad luck the same spans are sent again")
    func again() async throws {
        let world = World { number in number == 1 ? 503 : 200 }
        let sender = world.sender(batch: 3, delay: 0.05)
        let trace = try #require(TraceID("0af7651916cd43dd8448eb211c80319c"))
        let id = try #require(SpanID("b7ad6b7169203331"))
        for _ in 0..<3 { sender.take(Span(trace: trace, id: id, parent: nil, name: "x", start: Instant(seconds: 1))) }
        while world.collector.requests.count < 2 { await Task.yield() }
        await sender.finish()
        #expect(world.collector.taken == 3)
        #expect(world.warnings.count == 1, "nothing was lost in the end: \(world.warnings)")
    }

    @Test("a collector that never answers holds up the end of the run no longer than the timeout")
    func hanging() async throws {
        let world = World { _ throws(HTTPFailure) in
            do { try await Task.sleep(for: .seconds(600)) } catch {
                throw HTTPFailure(kind: .cancelled, url: "http://c", message: "cancelled")
            }
            return 200
        }
        let start = ContinuousClock.now
        try await world.send(5, by: world.sender(timeout: 0.3))
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(world.warnings.last?.hasPrefix("5 spans ") == true, "\(world.warnings)")
    }
}
