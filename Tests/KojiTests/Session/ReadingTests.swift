import Koji
import Testing

@Suite("Reading calls of a session", .timeLimit(.minutes(1)))
struct ReadingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var login = Login.anonymous
        let replies: [Reply]
        let sent: [String]
        var waits = 0
        let kind: String

        var testDescription: String { name }
    }

    private static let user = Login.password(user: "alice", password: "pa55word")

    static let cases = [
        Case(name: "a value", replies: [.one], sent: ["get"], kind: "ok"),
        Case(name: "a fault is final", replies: [.fault(1000, "no")], sent: ["get"], kind: "fault"),
        Case(name: "a refusal is final", replies: [.fault(1004, "no")], sent: ["get"], kind: "permission"),
        Case(
            name: "a broken connection is repeated at once, once", replies: [.none(.reset), .one],
            sent: ["get", "get"], kind: "ok"),
        Case(
            name: "the second broken connection waits", replies: [.none(.reset), .none(.reset), .one],
            sent: ["get", "get", "get"], waits: 1, kind: "ok"),
        Case(
            name: "a timeout waits", replies: [.none(.timeout), .one], sent: ["get", "get"], waits: 1, kind: "ok"),
        Case(
            name: "nobody there waits", replies: [.none(.cannotConnect), .none(.cannotResolve), .one],
            sent: ["get", "get", "get"], waits: 2, kind: "ok"),
        Case(name: "no trust is final", replies: [.none(.tls)], sent: ["get"], kind: "unreachable"),
        Case(
            name: "too large is asked for once more", replies: [.none(.tooLarge), .none(.tooLarge)],
            sent: ["get", "get"], kind: "unreachable"),
        Case(
            name: "maintenance waits", replies: [.offline, .offline, .one], sent: ["get", "get", "get"], waits: 2,
            kind: "ok"),
        Case(
            name: "a passing status waits", replies: [.page(502, isKoji: false), .page(503, isKoji: true), .one],
            sent: ["get", "get", "get"], waits: 2, kind: "ok"),
        Case(
            name: "a page with status 200 is asked for once more: the URL may be wrong",
            replies: [.page(200, isKoji: false), .page(200, isKoji: false)], sent: ["get", "get"], kind: "proxy"),
        Case(
            name: "a broken document is asked for once more", replies: [.rubbish, .one], sent: ["get", "get"],
            kind: "ok"),
        Case(
            name: "two broken documents are final", replies: [.rubbish, .rubbish], sent: ["get", "get"],
            kind: "badAnswer"),
        Case(
            name: "an anonymous session does not log in", replies: [.invalid], sent: ["get"], kind: "fault"),
        Case(
            name: "an expired session is renewed and the call repeated", login: user,
            replies: [.session(1), .expired, .renewal(1), .one],
            sent: ["login", "get s1", "login s1", "get s1'"], kind: "ok"),
        Case(
            name: "an invalid session is renewed and the call repeated", login: user,
            replies: [.session(1), .invalid, .session(2), .one],
            sent: ["login", "get s1", "login", "get s2"], kind: "ok"),
        Case(
            name: "it is renewed once only", login: user, replies: [.session(1), .invalid, .session(2), .expired],
            sent: ["login", "get s1", "login", "get s2"], kind: "fault"),
        Case(
            name: "a refused new login ends it", login: user, replies: [.session(1), .invalid, .invalid],
            sent: ["login", "get s1", "login"], kind: "loginRefused"),
    ]

    @Test("each misfortune has its own rule", arguments: cases)
    func rule(_ test: Case) async {
        let transport = ScriptedTransport(test.replies)
        let session = transport.session(test.login)
        if case .password = test.login { _ = await outcome { () throws(KojiFailure) in try await session.login() } }
        let result = await outcome { () throws(KojiFailure) in try await session.read("get") }
        #expect(result.kind == test.kind)
        #expect(transport.log == test.sent)
        #expect(transport.sleeps.count == test.waits)
        #expect(transport.left == 0)
    }

    @Test(
        "statuses of refusal are final, and the message tells who spoke",
        arguments: [400, 401, 403, 404, 405, 413, 301])
    func finalStatus(status: Int) async throws {
        for isKoji in [true, false] {
            let transport = ScriptedTransport([.page(status, isKoji: isKoji)])
            let session = transport.session(.anonymous)
            let failure = try #require(
                await outcome { () throws(KojiFailure) in try await session.read("getTaskInfo") }.failure)
            #expect(failure.kind == .proxy)
            #expect(failure.isHubUnusable)
            #expect(failure.url == "https://hub.example.org/kojihub")
            #expect(failure.message.contains("\(status)"))
            #expect(failure.message.contains("a proxy answered") == !isKoji)
            #expect(failure.message.contains("getTaskInfo"))
            #expect(failure.message.contains("https://hub.example.org/kojihub"))
            #expect(!failure.message.contains("private"))
            #expect(!failure.message.contains("hidden"))
            #expect(transport.sent.count == 1)
        }
    }

    @Test("waits double to a minute and end with the budget")
    func budget() async throws {
        let transport = ScriptedTransport(Array(repeating: .none(.cannotConnect), count: 100))
        let session = transport.session(.anonymous)
        let result = await outcome { () throws(KojiFailure) in try await session.read("get") }
        #expect(result.kind == "unreachable")
        #expect(result.failure?.isHubUnusable == true)
        let expected = [2.0, 4, 8, 16, 32]
        for (index, wait) in transport.sleeps.enumerated() {
            let middle = index < expected.count ? expected[index] : 60
            #expect((middle * 0.8 - 0.01...middle * 1.2 + 0.01).contains(wait))
        }
        let total = transport.sleeps.reduce(0, +)
        #expect((520...600).contains(total))
        #expect(transport.told.count == transport.sleeps.count)
        #expect(transport.told.first?.contains("https://hub.example.org/kojihub") == true)
    }

    @Test("maintenance that does not end is told as such")
    func offline() async {
        let transport = ScriptedTransport(Array(repeating: .offline, count: 100))
        let session = transport.session(.anonymous, retry: RetryPolicy(readBudget: 20))
        let result = await outcome { () throws(KojiFailure) in try await session.read("get") }
        #expect(result.kind == "offline")
        #expect(result.failure?.fault?.code == 1014)
    }

    @Test("the stored fault of a task is not taken for one of the session", arguments: [1002, 1007, 1014])
    func storedFault(code: Int) async {
        let transport = ScriptedTransport([.session(1), .fault(code, "the builder met this")])
        let session = transport.session()
        _ = await outcome { () throws(KojiFailure) in try await session.login() }
        let result = await outcome { () throws(KojiFailure) in try await session.read("getTaskResult", [.int(3)]) }
        #expect(result.failure?.fault?.code == code)
        #expect(transport.log == ["login", "getTaskResult s1"])
    }

    @Test("a hub that has answered before is waited for, whatever stands before it now says")
    func garbageInBetween() async throws {
        let transport = ScriptedTransport([
            .one, .page(200, isKoji: false), .rubbish, .page(200, isKoji: false), .rubbish, .one,
        ])
        let session = transport.session(.anonymous)
        _ = try await session.read("get")
        _ = try await session.read("get")
        #expect(transport.log.count == 6)
        #expect(transport.sleeps.count == 3)
        #expect(transport.told.allSatisfy { !$0.contains("private") })
    }

    @Test("of many reads that meet a session that has ended one logs in", arguments: [1002, 1007])
    func sharedLogin(_ code: Int) async {
        let count = 8
        let hub = ExpiringHub(code: code)
        let session = KojiSession(
            hub: HubAddress(server: "http://hub", weburl: "", topurl: ""),
            login: .password(user: "alice", password: "x"), transport: hub)
        _ = await outcome { () throws(KojiFailure) in try await session.login() }
        await hub.expire()
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<count {
                group.addTask {
                    await outcome { () throws(KojiFailure) in try await session.read("get") }.kind
                }
            }
            for await kind in group { #expect(kind == "ok") }
        }
        #expect(await hub.logins == 2)
    }

    @Test("many reads in one request keep their order and their faults apart")
    func readAll() async throws {
        let entry: XMLRPCValue = .object([
            "faultCode": .int(1000), "faultString": .string("no"), "traceback": .array([.string("x")]),
        ])
        let transport = ScriptedTransport([.value(.array([.array([.int(1)]), entry, .array([.null])]))])
        let session = transport.session(.anonymous)
        let calls = (0..<3).map { XMLRPCCall(method: "m\($0)", args: [.int($0)]) }
        let answers = try await session.readAll(calls)
        #expect(answers == [.value(.int(1)), .fault(XMLRPCFault(code: 1000, text: "no")), .value(.null)])
        #expect(transport.sent.first?.call == MultiCall.call(calls))
        #expect(try await session.readAll([]).isEmpty)
        #expect(transport.sent.count == 1)
    }

    @Test("a multiCall's answer of another length is a bad answer")
    func readAllShort() async {
        let transport = ScriptedTransport([.value(.array([]))])
        let session = transport.session(.anonymous)
        let result = await outcome { () throws(KojiFailure) in
            try await session.readAll([XMLRPCCall(method: "a", params: [])])
        }
        #expect(result.kind == "badAnswer")
    }

    @Test("a cancelled read ends at once")
    func cancelled() async {
        let transport = ScriptedTransport([.hang])
        let session = transport.session(.anonymous)
        let task = Task { await outcome { () throws(KojiFailure) in try await session.read("get") }.kind }
        for await _ in transport.arrivals { break }
        task.cancel()
        #expect(await task.value == "cancelled")
    }

    @Test("a value that XML cannot carry is told before anything is sent")
    func unwritable() async {
        let transport = ScriptedTransport([])
        let session = transport.session(.anonymous)
        let result = await outcome { () throws(KojiFailure) in try await session.read("get", [.string("a\u{0}b")]) }
        #expect(result.kind == "badAnswer")
        #expect(transport.sent.isEmpty)
    }
}

/// Knows one key at a time; a login with a session renews that one.
private actor ExpiringHub: HTTPTransport {
    private(set) var logins = 0
    /// The fault for a key that is not known.
    private let code: Int
    private var valid = -1

    init(code: Int) { self.code = code }

    func expire() { valid = -1 }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        // Others come in between.
        for _ in 0..<5 { await Task.yield() }
        let call = try? XMLRPCCall.decode(request.body ?? [])
        let id = request.headers.first { $0.name == "Koji-Session-Id" }.flatMap { Int64($0.value) }
        let response: XMLRPCResponse
        if call?.method == "login" {
            logins += 1
            valid = logins
            response = .value(
                .object([
                    "session-id": .int(id ?? Int64(logins)), "session-key": .string("\(logins)"),
                    "header-auth": .bool(true),
                ]))
        } else if request.headers.contains(HTTPHeader("Koji-Session-Key", "\(valid)")) {
            response = .value(.int(1))
        } else {
            response = .fault(XMLRPCFault(code: code, text: "ended"))
        }
        return HTTPResponse(
            status: 200, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/xml")]),
            body: (try? response.encoded()) ?? [])
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        HTTPDownloadResult(status: 404, bytes: 0)
    }
}
