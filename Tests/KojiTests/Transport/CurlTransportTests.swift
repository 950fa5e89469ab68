import Foundation
import Koji
import Testing

@Suite("The libcurl transport on loopback", .timeLimit(.minutes(1)))
struct CurlTransportTests {
    /// The failure of an operation that must fail.
    private func failure(of operation: () async throws -> Void) async -> HTTPFailure? {
        do {
            try await operation()
            return nil
        } catch {
            return error as? HTTPFailure
        }
    }

    @Test("a POST carries its body and headers and leaves out what hubs do not want")
    func post() async throws {
        try await withLoopback(answering: { .respond(200, headers: ["X-Echo": " a "], body: $0.body) }) {
            server, transport in
            let body = [UInt8](repeating: 65, count: 3_000_000)
            let answer = try await transport.send(
                HTTPRequest(
                    url: server.url + "/hub", headers: [HTTPHeader("Koji-Session-Id", "4"), HTTPHeader("Empty", "")],
                    body: body))
            #expect(answer.status == 200)
            let isSame = answer.body == body
            #expect(isSame)
            #expect(answer.headers["x-echo"] == "a")
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.path == "/hub")
            #expect(request.headers["content-length"] == "3000000")
            #expect(request.headers["koji-session-id"] == "4")
            #expect(request.headers["empty"] == "")
            #expect(request.headers["expect"] == nil)
            #expect(request.headers["transfer-encoding"] == nil)
            #expect(request.headers["user-agent"] == "phase-runner/test")
            #expect(request.headers["accept-encoding"]?.contains("gzip") == true)
        }
    }

    @Test("an empty body is a POST, no body is a GET")
    func methods() async throws {
        try await withLoopback(answering: { _ in .respond(200) }) { server, transport in
            _ = try await transport.send(HTTPRequest(url: server.url, body: []))
            _ = try await transport.send(HTTPRequest(url: server.url))
            #expect(server.requests.map(\.method) == ["POST", "GET"])
            #expect(server.requests[0].headers["content-length"] == "0")
        }
    }

    @Test("any status is an answer, and a redirection is not followed", arguments: [301, 400, 404, 405, 500, 503])
    func statuses(status: Int) async throws {
        try await withLoopback(answering: { _ in .respond(status, headers: ["Location": "/other"], body: [1, 2]) }) {
            server, transport in
            let answer = try await transport.send(HTTPRequest(url: server.url, body: [0]))
            #expect(answer.status == status)
            #expect(answer.body == [1, 2])
            #expect(server.requests.count == 1)
        }
    }

    @Test("requests one after the other share a connection")
    func keepAlive() async throws {
        try await withLoopback(answering: { _ in .respond(200) }) { server, transport in
            for _ in 0..<5 { _ = try await transport.send(HTTPRequest(url: server.url, body: [0])) }
            #expect(server.connections == 1)
        }
    }

    @Test("many requests at once are all answered, over no more connections than allowed")
    func many() async throws {
        try await withLoopback(
            { $0.connectionsPerHost = 4 }, answering: { .respond(200, body: Array($0.path.utf8)) }
        ) { server, transport in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let answer = try await transport.send(HTTPRequest(url: "\(server.url)/\(index)"))
                        return answer.body == Array("/\(index)".utf8)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(server.requests.count == 200)
            #expect(server.connections <= 4)
        }
    }

    @Test("a request that waits for a free connection is not counted as connecting")
    func queue() async throws {
        try await withLoopback(
            {
                $0.connectionsPerHost = 1
                $0.connectMilliseconds = 150
            },
            answering: { _ in
                usleep(60_000)
                return .respond(200)
            }
        ) { server, transport in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await transport.send(HTTPRequest(url: server.url)).status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test("a connection that is cut on a first request is a reset that may be repeated")
    func cut() async throws {
        try await withLoopback(answering: { _ in .cut }) { server, transport in
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url, body: [0])) }
            #expect(failure?.kind == .reset)
            #expect(failure?.isRetryable == true)
            #expect(failure?.message.contains(server.url) == true)
        }
    }

    @Test(
        "libcurl repeats a request unseen over a new connection, but never one that is sent once",
        arguments: [(false, 3), (true, 2)])
    func unseenRepeat(_ isSentOnce: Bool, _ arrived: Int) async throws {
        try await withLoopback(answering: { $0.number == 2 ? .cut : .respond(200, body: $0.body) }) {
            server, transport in
            _ = try await transport.send(HTTPRequest(url: server.url, body: [1]))
            // Over the same connection, which ends when the server has taken the request in.
            let body = Array("submit".utf8)
            let request = HTTPRequest(url: server.url, body: body, isSentOnce: isSentOnce)
            let failure = await failure {
                let answer = try await transport.send(request)
                #expect(answer.body == body)
            }
            #expect(failure?.kind == (isSentOnce ? .reset : nil))
            #expect(server.requests.count == arrived)
            #expect(server.requests[1].body == body)
        }
    }

    @Test("a body that is sent once may have any length", arguments: [0, 1, 70_000, 1_000_000])
    func sentOnce(_ length: Int) async throws {
        try await withLoopback(answering: { .respond(200, body: $0.body) }) { server, transport in
            let body = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let answer = try await transport.send(HTTPRequest(url: server.url, body: body, isSentOnce: true))
            let isSame = answer.body == body
            #expect(isSame)
            #expect(server.requests.first?.headers["content-length"] == "\(length)")
        }
    }

    @Test("an answer that ends too early is a reset, not a short answer")
    func short() async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".utf8)
        try await withLoopback(answering: { _ in .raw(bytes) }) { server, transport in
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url, body: [0])) }
            #expect(failure?.kind == .reset)
        }
    }

    @Test("what is not HTTP is a failure that is not repeated")
    func foreign() async throws {
        try await withLoopback(answering: { _ in .raw(Array("220 smtp ready\r\n".utf8)) }) { server, transport in
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url)) }
            #expect(failure?.kind == .other)
            #expect(failure?.isRetryable == false)
        }
    }

    @Test("an interim answer's headers are not taken for those of the answer")
    func interim() async throws {
        let text = "HTTP/1.1 100 Continue\r\nX-Old: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-New: 2\r\n\r\nok"
        try await withLoopback(answering: { _ in .raw(Array(text.utf8)) }) { server, transport in
            let answer = try await transport.send(HTTPRequest(url: server.url, body: [0]))
            #expect(answer.headers["X-Old"] == nil)
            #expect(answer.headers["X-New"] == "2")
            #expect(answer.body == Array("ok".utf8))
        }
    }

    @Test("a body beyond the limit ends the request")
    func tooLarge() async throws {
        try await withLoopback(
            { $0.responseLimit = 1000 },
            answering: { .respond(200, body: Array(repeating: 1, count: Int($0.path.dropFirst()) ?? 0)) }
        ) { server, transport in
            let answer = try await transport.send(HTTPRequest(url: server.url + "/1000"))
            #expect(answer.body.count == 1000)
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url + "/1001")) }
            #expect(failure?.kind == .tooLarge)
            #expect(failure?.isRetryable == false)
        }
    }

    @Test("headers without end are refused")
    func headerFlood() async throws {
        let line = "X: " + String(repeating: "a", count: 60_000) + "\r\n"
        let text = "HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 30) + "\r\n"
        try await withLoopback(answering: { _ in .raw(Array(text.utf8)) }) { server, transport in
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url)) }
            #expect(failure != nil)
        }
    }

    @Test("cancelling a request that hangs ends it and its connection, and others go on")
    func cancellation() async throws {
        try await withLoopback(answering: { $0.path == "/hang" ? .hang : .respond(200) }) { server, transport in
            let task = Task { try await transport.send(HTTPRequest(url: server.url + "/hang")) }
            for await _ in server.arrivals { break }
            task.cancel()
            let failure = await failure { _ = try await task.value }
            #expect(failure?.kind == .cancelled)
            let answer = try await transport.send(HTTPRequest(url: server.url))
            #expect(answer.status == 200)
        }
    }

    @Test("a cancelled task sends nothing")
    func cancelledBefore() async throws {
        try await withLoopback(answering: { _ in .respond(200) }) { server, transport in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await transport.send(HTTPRequest(url: server.url))
            }
            let failure = await failure { _ = try await task.value }
            #expect(failure?.kind == .cancelled)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a cancellation that comes at any moment ends its request")
    func cancellationAtOnce() async throws {
        try await withLoopback(answering: { _ in .hang }) { server, transport in
            let tasks = (0..<400).map { _ in
                Task { await outcome(of: transport, server.url) }
            }
            for (index, task) in tasks.enumerated() {
                if index % 3 == 0 { await Task.yield() }
                task.cancel()
            }
            for task in tasks { #expect(await task.value == .cancelled) }
        }
    }

    private func outcome(of transport: CurlTransport, _ url: String) async -> HTTPFailure.Kind? {
        await failure { _ = try await transport.send(HTTPRequest(url: url)) }?.kind
    }

    @Test("closing ends what hangs, and later requests fail at once")
    func closing() async throws {
        try await withLoopback(answering: { _ in .hang }) { server, transport in
            let task = Task { try await transport.send(HTTPRequest(url: server.url)) }
            for await _ in server.arrivals { break }
            await transport.close()
            #expect(await failure { _ = try await task.value }?.kind == .cancelled)
            #expect(await failure { _ = try await transport.send(HTTPRequest(url: server.url)) }?.kind == .cancelled)
            await transport.close()
        }
    }

    @Test("a transport that is let go closes its connections, so its thread has ended")
    func letGo() async throws {
        let server = try LoopbackServer { _ in .respond(200) }
        defer { server.stop() }
        do {
            let transport = CurlTransport(options: TransportOptions(version: "x"))
            _ = try await transport.send(HTTPRequest(url: server.url))
        }
        while server.openConnections > 0 {
            // The time limit of the suite cancels this, should the connection stay for ever.
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(server.connections == 1)
    }

    @Test("silence ends a request as a timeout")
    func silence() async throws {
        try await withLoopback(answering: { _ in .hang }) { server, transport in
            let failure = await failure { _ = try await transport.send(HTTPRequest(url: server.url, silence: 1)) }
            #expect(failure?.kind == .timeout)
            #expect(failure?.isRetryable == true)
        }
    }

    @Test("nobody listening, no such host and no such URL are told apart")
    func nowhere() async throws {
        let server = try LoopbackServer { _ in .cut }
        let url = server.url
        let transport = CurlTransport(options: TransportOptions(version: "x", connectMilliseconds: 5000))
        // A port that was just in use and is closed now.
        server.stop()
        while await failure(of: { _ = try await transport.send(HTTPRequest(url: url)) })?.kind == .reset {}
        let refused = await failure { _ = try await transport.send(HTTPRequest(url: url)) }
        #expect(refused?.kind == .cannotConnect)
        #expect(refused?.isRetryable == true)
        let unknown = await failure {
            _ = try await transport.send(HTTPRequest(url: "http://user:secret@nowhere.invalid/x?key=secret"))
        }
        #expect(unknown?.kind == .cannotResolve)
        #expect(unknown?.message.contains("http://nowhere.invalid/x") == true)
        #expect(unknown.map { "\($0)" }?.contains("secret") == false)
        await transport.close()
    }

    @Test(
        "URLs and headers that cannot be sent are refused before anything is sent",
        arguments: [
            ("ftp://host/x", "A", "b"), ("file:///etc/passwd", "A", "b"), ("", "A", "b"), ("http://", "A", "b"),
            ("http:///x", "A", "b"), ("http://ho st/", "A", "b"), ("http://host/\r\nX: y", "A", "b"),
            ("http://127.0.0.1:1/", "A", "b\r\nX: y"), ("http://127.0.0.1:1/", "A: c\r\nB", "b"),
            ("http://127.0.0.1:1/", "", "b"),
        ])
    func refused(url: String, name: String, value: String) async {
        let transport = CurlTransport(options: TransportOptions(version: "x"))
        let failure = await failure {
            _ = try await transport.send(HTTPRequest(url: url, headers: [HTTPHeader(name, value)]))
        }
        #expect(failure?.kind == .badURL || failure?.kind == .other)
        #expect(failure?.isRetryable == false)
        #expect(failure?.message.contains { $0.isNewline } == false)
        await transport.close()
    }
}
