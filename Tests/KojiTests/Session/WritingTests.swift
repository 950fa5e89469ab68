import Koji
import Testing

@Suite("Changing calls of a session", .timeLimit(.minutes(1)))
struct WritingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var login = Login.password(user: "alice", password: "pa55word")
        let replies: [Reply]
        let sent: [String]
        var waits = 0
        let kind: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "it logs in first and sends its number in both headers", replies: [.session(1), .one],
            sent: ["login", "do s1 #0"], kind: "ok"),
        Case(
            name: "a fault is final", replies: [.session(1), .fault(1019, "no")], sent: ["login", "do s1 #0"],
            kind: "fault"),
        Case(
            name: "a lost answer is repeated with the same number until the id comes",
            replies: [.session(1), .none(.reset), .none(.timeout), .one],
            sent: ["login", "do s1 #0", "do s1 #0", "do s1 #0"], waits: 1, kind: "ok"),
        Case(
            name: "or until the hub says that it was done", replies: [.session(1), .none(.reset), .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "alreadyDone"),
        Case(
            name: "also when something below repeated it unseen", replies: [.session(1), .doneBefore],
            sent: ["login", "do s1 #0"], kind: "alreadyDone"),
        Case(
            name: "a fault after a lost answer means that nothing was done",
            replies: [.session(1), .none(.reset), .fault(1004, "no")],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "permission"),
        Case(
            name: "an expired session is renewed, and the call keeps its number",
            replies: [.session(1), .expired, .renewal(1), .one],
            sent: ["login", "do s1 #0", "login s1", "do s1' #0"], kind: "ok"),
        Case(
            name: "one that the hub will not renew: a new login and the number of the new session",
            replies: [.session(1), .expired, .invalid, .session(2), .one],
            sent: ["login", "do s1 #0", "login s1", "login", "do s2 #0"], kind: "ok"),
        Case(
            name: "one that a renewal makes another: a new login",
            replies: [.session(1), .expired, .renewal(7), .session(2), .one],
            sent: ["login", "do s1 #0", "login s1", "login", "do s2 #0"], kind: "ok"),
        Case(
            name: "one renewal only", replies: [.session(1), .expired, .renewal(1), .expired],
            sent: ["login", "do s1 #0", "login s1", "do s1' #0"], kind: "fault"),
        Case(
            name: "an invalid session on the first try: the same",
            replies: [.session(1), .invalid, .session(2), .one],
            sent: ["login", "do s1 #0", "login", "do s2 #0"], kind: "ok"),
        Case(
            name: "one new login only", replies: [.session(1), .invalid, .session(2), .invalid],
            sent: ["login", "do s1 #0", "login", "do s2 #0"], kind: "fault"),
        Case(
            name: "after a lost answer the renewed session repeats it: its number is known",
            replies: [.session(1), .none(.reset), .expired, .renewal(1), .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0", "login s1", "do s1' #0"], kind: "alreadyDone"),
        Case(
            name: "after a lost answer no other session may repeat it: not renewed",
            replies: [.session(1), .none(.reset), .expired, .invalid, .session(2)],
            sent: ["login", "do s1 #0", "do s1 #0", "login s1", "login"], kind: "answerLost"),
        Case(
            name: "after a lost answer no other session may repeat it: invalid",
            replies: [.session(1), .none(.timeout), .invalid, .session(2)],
            sent: ["login", "do s1 #0", "do s1 #0", "login"], waits: 1, kind: "answerLost"),
        Case(
            name: "after a lost answer a login that fails leaves it unknown, too",
            replies: [.session(1), .none(.reset), .invalid, .invalid],
            sent: ["login", "do s1 #0", "do s1 #0", "login"], kind: "answerLost"),
        Case(
            name: "a connection that never stood loses nothing",
            replies: [.session(1), .none(.cannotConnect), .invalid, .session(2), .one],
            sent: ["login", "do s1 #0", "do s1 #0", "login", "do s2 #0"], waits: 1, kind: "ok"),
        Case(
            name: "maintenance waits and keeps the number", replies: [.session(1), .offline, .one],
            sent: ["login", "do s1 #0", "do s1 #0"], waits: 1, kind: "ok"),
        Case(
            name: "a final status on the first try: nothing was done",
            replies: [.session(1), .page(413, isKoji: false)],
            sent: ["login", "do s1 #0"], kind: "proxy"),
        Case(
            name: "a final status after a lost answer does not tell",
            replies: [.session(1), .none(.reset), .page(403, isKoji: false)],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "answerLost"),
        Case(
            name: "a gateway's timeout may hide a call that was carried out",
            replies: [.session(1), .page(504, isKoji: false), .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0"], waits: 1, kind: "alreadyDone"),
        Case(
            name: "a page with status 200 does not tell: the hub does",
            replies: [.session(1), .page(200, isKoji: false), .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "alreadyDone"),
        Case(
            name: "an answer that cannot be read is a lost one", replies: [.session(1), .rubbish, .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "alreadyDone"),
        Case(
            name: "an answer that is too large is a lost one", replies: [.session(1), .none(.tooLarge), .doneBefore],
            sent: ["login", "do s1 #0", "do s1 #0"], kind: "alreadyDone"),
        Case(
            name: "no trust loses nothing", replies: [.session(1), .none(.tls)], sent: ["login", "do s1 #0"],
            kind: "unreachable"),
        Case(
            name: "a login that is refused sends nothing", replies: [.invalid], sent: ["login"],
            kind: "loginRefused"),
        Case(
            name: "a login is repeated", replies: [.none(.reset), .offline, .session(1), .one],
            sent: ["login", "login", "login", "do s1 #0"], waits: 1, kind: "ok"),
        Case(
            name: "an anonymous one has no number", login: .anonymous, replies: [.fault(1004, "not logged in")],
            sent: ["do"], kind: "permission"),
        Case(
            name: "an anonymous one is never repeated after a lost answer", login: .anonymous,
            replies: [.none(.reset)], sent: ["do"], kind: "answerLost"),
    ]

    @Test("each misfortune has its own rule", arguments: cases)
    func rule(_ test: Case) async {
        let transport = ScriptedTransport(test.replies)
        let session = transport.session(test.login)
        let result = await outcome { () throws(KojiFailure) in try await session.write("do", [.int(1)]) }
        #expect(result.kind == test.kind)
        #expect(transport.log == test.sent)
        #expect(transport.sleeps.count == test.waits)
        #expect(transport.left == 0)
        let bodies = Set(transport.sent.filter { $0.call.method == "do" }.map(\.request.body))
        #expect(bodies.count <= 1)
        for text in transport.told + [result.failure?.message ?? ""] {
            for secret in ["pa55word", "hidden", "-KEY", "private"] { #expect(!text.contains(secret)) }
        }
    }

    @Test("only changing calls raise the number, and a refused one uses its number up")
    func numbers() async throws {
        let transport = ScriptedTransport([
            .session(1), .one, .one, .fault(1000, "no"), .one, .value(.array([.array([.null])])),
        ])
        let session = transport.session()
        _ = try await session.write("a")
        _ = try await session.read("b")
        _ = await outcome { () throws(KojiFailure) in try await session.write("c") }
        _ = try await session.write("d")
        _ = try await session.writeAll([XMLRPCCall(method: "e", params: [])])
        #expect(transport.log == ["login", "a s1 #0", "b s1", "c s1 #1", "d s1 #2", "multiCall s1 #3"])
    }

    @Test("changing calls go one at a time, in the order in which they came")
    func order() async throws {
        let hub = CountingHub()
        let session = KojiSession(
            hub: HubAddress(server: "http://hub", weburl: "", topurl: ""),
            login: .password(user: "alice", password: "x"), transport: hub)
        try await session.login()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { _ = try? await session.write("m\(number)") }
            }
        }
        #expect(await hub.most == 1)
        #expect(await hub.numbers == Array(0..<20))
    }

    @Test("a call that is cancelled while it waits for its turn is not sent, and the next one is")
    func cancelledInLine() async throws {
        let transport = ScriptedTransport([.session(1), .hang, .one])
        let session = transport.session()
        try await session.login()
        let first = Task { await outcome { () throws(KojiFailure) in try await session.write("first") }.kind }
        var arrivals = transport.arrivals.makeAsyncIterator()
        await arrivals.next()
        await arrivals.next()
        let second = Task { await outcome { () throws(KojiFailure) in try await session.write("second") }.kind }
        second.cancel()
        #expect(await second.value == "cancelled")
        first.cancel()
        // What was on its way when it was cancelled may have been done.
        #expect(await first.value == "answerLost")
        _ = try await session.write("third")
        #expect(transport.log == ["login", "first s1 #0", "third s1 #1"])
    }

    @Test("cancellations that come at any moment end the calls that wait")
    func cancelledAtOnce() async throws {
        let transport = ScriptedTransport([.session(1), .hang, .one])
        let session = transport.session()
        let first = Task { await outcome { () throws(KojiFailure) in try await session.write("first") }.kind }
        for await _ in transport.arrivals where transport.sent.count == 2 { break }
        let tasks = (0..<300).map { _ in
            Task { await outcome { () throws(KojiFailure) in try await session.write("waiting") }.kind }
        }
        for (index, task) in tasks.enumerated() {
            if index % 3 == 0 { await Task.yield() }
            task.cancel()
        }
        for task in tasks { #expect(await task.value == "cancelled") }
        first.cancel()
        _ = await first.value
        _ = try await session.write("last")
        #expect(transport.log == ["login", "first s1 #0", "last s1 #1"])
    }

    @Test("an unanswered call is given up when its time is used up")
    func budget() async {
        let transport = ScriptedTransport([.session(1)] + Array(repeating: .none(.timeout), count: 100))
        let session = transport.session(retry: RetryPolicy(writeBudget: 100))
        let result = await outcome { () throws(KojiFailure) in try await session.write("do") }
        #expect(result.kind == "answerLost")
        #expect(result.failure?.isHubUnusable == false)
        #expect((40...100).contains(transport.sleeps.reduce(0, +)))
    }

    @Test("logging out ends the session on the hub, and the next changing call logs in again")
    func logout() async throws {
        let transport = ScriptedTransport([.session(1), .none(.timeout), .session(2), .one])
        let session = transport.session()
        await session.logout()
        try await session.login()
        try await session.login()
        await session.logout()
        _ = try await session.write("do")
        #expect(transport.log == ["login", "logout s1", "login", "do s2 #0"])
    }

    @Test(
        "answers to a login that are no session",
        arguments: [
            (XMLRPCValue.null, "badAnswer"), (.object(["session-id": .int(1)]), "badAnswer"),
            (.object(["session-id": .int(1), "session-key": .string("k")]), "loginNotOffered"),
        ])
    func loginAnswer(value: XMLRPCValue, kind: String) async {
        let transport = ScriptedTransport([.value(value)])
        let session = transport.session()
        #expect(await outcome { () throws(KojiFailure) in try await session.login() }.kind == kind)
    }

    @Test("no secret is in what is printed of a login or a failure")
    func secrets() async throws {
        let login = Login.password(user: "alice", password: "pa55word")
        var dumped = ""
        dump(login, to: &dumped)
        #expect(!"\(login) \(String(reflecting: login)) \(dumped)".contains("pa55word"))
        let transport = ScriptedTransport([.fault(1002, "bad pa55word for alice")])
        let failure = try #require(
            await outcome { () throws(KojiFailure) in try await transport.session().login() }.failure)
        dump(failure, to: &dumped)
        #expect(!dumped.contains("pa55word"))
        #expect(failure.message.contains("alice"))
    }
}

/// Notes how many changing calls are under way at once, and their numbers.
private actor CountingHub: HTTPTransport {
    private(set) var most = 0
    private(set) var numbers: [Int] = []
    private var now = 0

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        var value = XMLRPCValue.object([
            "session-id": .int(1), "session-key": .string("k"), "header-auth": .bool(true),
        ])
        if let number = request.headers.first(where: { $0.name == "Koji-Callnum" }).flatMap({ Int($0.value) }) {
            now += 1
            most = max(most, now)
            numbers.append(number)
            for _ in 0..<3 { await Task.yield() }
            now -= 1
            value = .int(1)
        }
        return HTTPResponse(
            status: 200, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/xml")]),
            body: (try? XMLRPCResponse.value(value).encoded()) ?? [])
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        HTTPDownloadResult(status: 404, bytes: 0)
    }
}
