import Koji
import Testing

@testable import RehearsalHub

@Suite("Rules of trouble")
struct TroubleRuleTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let rules: [TroubleRule]
        /// The requests in order: methods; a star marks one of a session, a dash one that is no call.
        let requests: String
        /// The name of the trouble of each request; a dot where there is none.
        let expected: String
    }

    static let cases = [
        Case(description: "no rules", rules: [], requests: "a b", expected: ". ."),
        Case(description: "the next request", rules: [TroubleRule(.reset)], requests: "a b", expected: "reset ."),
        Case(
            description: "the third request", rules: [TroubleRule(.reset, at: 3)], requests: "a b c d",
            expected: ". . reset ."),
        Case(
            description: "two from the second on", rules: [TroubleRule(.cutAnswer, at: 2, times: 2)],
            requests: "a b c d", expected: ". cutAnswer cutAnswer ."),
        Case(
            description: "all from the second on", rules: [TroubleRule(.reset, at: 2, times: nil)],
            requests: "a b c", expected: ". reset reset"),
        Case(description: "none at all", rules: [TroubleRule(.reset, times: 0)], requests: "a b", expected: ". ."),
        Case(
            description: "numbers below one count as one", rules: [TroubleRule(.reset, at: -5, times: 2)],
            requests: "a b c", expected: "reset reset ."),
        Case(
            description: "numbers at the edge", rules: [TroubleRule(.reset, at: .max, times: .max)], requests: "a b",
            expected: ". ."),
        Case(
            description: "the second of a method", rules: [TroubleRule(.reset, method: "a", at: 2)],
            requests: "a b b a a", expected: ". . . reset ."),
        Case(
            description: "what is no call counts, but is of no method",
            rules: [TroubleRule(.reset, at: 2), TroubleRule(.cutAnswer, method: "a")], requests: "- - a",
            expected: ". reset cutAnswer"),
        Case(
            description: "the first rule hits, the second counts on",
            rules: [TroubleRule(.reset, at: 2), TroubleRule(.cutAnswer, at: 2, times: 2)], requests: "a a a a",
            expected: ". reset cutAnswer ."),
        Case(
            description: "what happens to a session happens to requests of one",
            rules: [TroubleRule(.fault(1007), at: 2), TroubleRule(.fault(1014), at: 5)],
            requests: "a a* a a* a*", expected: ". . . fault1007 fault1014"),
        Case(
            description: "the second request of a session", rules: [TroubleRule(.fault(1002), at: 2)],
            requests: "a a* - a*", expected: ". . . fault1002"),
    ]

    @Test("each request meets the first rule whose turn it is", arguments: cases)
    func rules(_ example: Case) {
        var book = TroubleBook(example.rules)
        let struck = example.requests.split(separator: " ").map { request in
            let method = request == "-" ? nil : String(request.filter { $0 != "*" })
            let trouble = book.strike(method: method, hasSession: request.hasSuffix("*"))
            return trouble.map { $0.name.filter { $0 != " " } } ?? "."
        }
        #expect(struck.joined(separator: " ") == example.expected)
    }

    @Test("a rule counts from when it is set, and is forgotten when it is spent")
    func lifetime() {
        var book = TroubleBook([])
        #expect(book.strike(method: "a", hasSession: false) == nil)
        book.add(TroubleRule(.reset, at: 2))
        #expect(book.strike(method: "a", hasSession: false) == nil)
        #expect(book.rules.count == 1)
        #expect(book.strike(method: "a", hasSession: false) == .reset)
        #expect(book.rules.isEmpty)
        book.add(TroubleRule(.reset, times: nil))
        book.removeAll()
        #expect(book.strike(method: "a", hasSession: false) == nil)
    }
}

@Suite("Rules of trouble in writing")
struct TroubleTextTests {
    static let good: [(text: String, rule: TroubleRule)] = [
        ("reset", TroubleRule(.reset)),
        ("reset@5", TroubleRule(.reset, at: 5)),
        ("resetx3", TroubleRule(.reset, times: 3)),
        ("resetx*", TroubleRule(.reset, times: nil)),
        ("reset-after:imageBuilderBuild@3x2", TroubleRule(.resetAfter, method: "imageBuilderBuild", at: 3, times: 2)),
        ("cut:getTaskInfo", TroubleRule(.cutAnswer, method: "getTaskInfo")),
        ("truncated:system.listMethodsx*", TroubleRule(.truncated, method: "system.listMethods", times: nil)),
        ("cut:index", TroubleRule(.cutAnswer, method: "index")),
        ("page=502@2", TroubleRule(.page(status: 502), at: 2)),
        ("page-after=504", TroubleRule(.pageAfter(status: 504))),
        ("fault=1007@10x2", TroubleRule(.fault(1007), at: 10, times: 2)),
        ("maintenance=90", TroubleRule(.maintenance(for: .seconds(90)))),
        ("offline@4x5", TroubleRule(.offline, at: 4, times: 5)),
        ("expired@2", TroubleRule(.expired, at: 2)),
        ("closed", TroubleRule(.closed)),
        ("maintenance=0.5", TroubleRule(.maintenance(for: .milliseconds(500)))),
        ("slow=100/0.25:getTaskInfo", TroubleRule(.slow(piece: 100, pause: .milliseconds(250)), method: "getTaskInfo")),
        ("huge=100000000", TroubleRule(.huge(bytes: 100_000_000))),
        ("refuse=3@7", TroubleRule(.refuse(for: .seconds(3)), at: 7)),
    ]

    @Test("are read as they are meant", arguments: good)
    func reads(_ text: String, _ rule: TroubleRule) throws {
        #expect(try TroubleRule(parsing: text) == rule)
    }

    @Test(
        "that mean nothing are refused with the way to write them",
        arguments: [
            "", "resett", "reset=1", "reset@", "reset@0", "reset@-1", "reset@x", "resetx0", "resetx-1", "reset:",
            "reset@99999999999999999999", "page", "page=", "page=99", "page=200", "page=600", "fault=",
            "fault=abc", "huge=0", "huge=-5", "maintenance=", "maintenance=abc", "maintenance=1e9", "maintenance=-1",
            "maintenance=nan",
            "maintenance=90000", "slow=100", "slow=/1", "slow=100/", "slow=1/2/3", "refuse=.", "@3", "x3",
            ":getTaskInfo",
        ])
    func refuses(_ text: String) throws {
        let failure = try #require(throws: HubFailure.self) { try TroubleRule(parsing: text) }
        #expect(failure.description.hasPrefix("`\(text)` is no trouble: write TROUBLE"))
    }
}

@Suite("What trouble does to the hub")
struct TroubleEffectTests {
    private static let build: [XMLRPCValue] = [
        .string("f43"), .array([]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"), .string("43"),
        .object(["scratch": .bool(true)]),
    ]

    struct Case: Sendable {
        let trouble: Trouble
        /// Whether the first submit makes a task.
        let isDone: Bool
        /// What is answered to the first submit; -1: no fault but the id; nil: nothing.
        let code: Int?
        /// What the same submit with the same number gets then: -1 the id, else a fault.
        let again: Int
    }

    static let cases = [
        Case(trouble: .reset, isDone: false, code: nil, again: -1),
        Case(trouble: .resetAfter, isDone: true, code: -1, again: 1009),
        Case(trouble: .cutAnswer, isDone: true, code: -1, again: 1009),
        Case(trouble: .page(status: 502), isDone: false, code: nil, again: -1),
        Case(trouble: .pageAfter(status: 504), isDone: true, code: -1, again: 1009),
        Case(trouble: .fault(1014), isDone: false, code: 1014, again: -1),
        Case(trouble: .fault(1007), isDone: false, code: 1007, again: 1007),
        Case(trouble: .fault(1002), isDone: false, code: 1002, again: 1002),
        Case(trouble: .offline, isDone: false, code: 1014, again: -1),
        Case(trouble: .expired, isDone: false, code: 1007, again: 1007),
        Case(trouble: .closed, isDone: false, code: 1002, again: 1002),
        Case(trouble: .fault(1), isDone: false, code: 1, again: -1),
        Case(trouble: .maintenance(for: .seconds(10)), isDone: false, code: 1014, again: 1014),
        Case(trouble: .slow(piece: 1, pause: .seconds(1)), isDone: true, code: -1, again: 1009),
        Case(trouble: .truncated, isDone: true, code: -1, again: 1009),
        Case(trouble: .huge(bytes: 5), isDone: true, code: -1, again: 1009),
        Case(trouble: .refuse(for: .seconds(1)), isDone: false, code: nil, again: -1),
    ]

    private func code(_ response: XMLRPCResponse?) -> Int? { response.map { $0.faultCode ?? -1 } }

    @Test("a submit is carried out or not, and its repeat tells which", arguments: cases)
    func submits(_ example: Case) throws {
        var hub = StepHub()
        let session = try hub.login()
        let claim = SessionClaim(id: session.id, key: session.key, callnum: "3")
        hub.state.troubles.add(TroubleRule(example.trouble))
        _ = hub.state.takeEffects()
        let call = XMLRPCCall(method: "imageBuilderBuild", args: Self.build)
        let first = hub.state.receive(call, claim: claim)
        #expect(first.trouble == example.trouble)
        #expect(code(first.response) == example.code)
        #expect(hub.state.imageBuilds.count == (example.isDone ? 1 : 0))
        let second = hub.state.receive(call, claim: claim)
        #expect(second.trouble == nil)
        #expect(code(second.response) == example.again)
        #expect(hub.state.imageBuilds.count == (example.isDone || example.again == -1 ? 1 : 0))
        #expect(hub.state.statistics.requests == 2)
        #expect(hub.state.statistics.troubles == [example.trouble.name: 1])
        let lines = hub.state.takeEffects().compactMap { if case .log(let line) = $0 { line } else { nil } }
        let expected = " trouble \(example.trouble.name) at request 1 (imageBuilderBuild)"
        #expect(lines.count { $0.hasSuffix(expected) } == 1)
    }

    @Test("a session that was ended by trouble is renewed or opened anew as after any other end")
    func sessions() throws {
        var hub = StepHub { $0.invitePeople() }
        let old = try hub.sslLogin(.certificate("imguser"))
        hub.state.troubles.add(TroubleRule(.fault(1007)))
        let read = XMLRPCCall(method: "getLoggedInUser", args: [])
        #expect(hub.state.receive(read, claim: old).response?.faultCode == 1007)
        let new = try hub.sslLogin(.certificate("imguser"), ["renew": .bool(true)], as: old)
        #expect(new.id == old.id)
        #expect(hub.state.receive(read, claim: new).response?.faultCode == nil)
        hub.state.troubles.add(TroubleRule(.fault(1002)))
        // Logins and requests without a session are not concerned.
        #expect(hub.state.receive(read, claim: nil).trouble == nil)
        #expect(hub.state.receive(XMLRPCCall(method: "sslLogin", args: []), claim: new).trouble == nil)
        #expect(
            hub.state.receive(read, claim: SessionClaim(id: new.id, key: "wrong", callnum: nil)).trouble == nil)
        #expect(
            hub.state.receive(read, claim: new).response
                == .fault(.auth("Invalid session or bad credentials")))
        #expect(hub.state.sessions.isEmpty)
    }

    @Test("offline lasts as long as it was told, by the hub's own time")
    func offline() throws {
        var hub = StepHub { $0.troubles = [TroubleRule(.maintenance(for: .seconds(30)), at: 2)] }
        let call = XMLRPCCall(method: "getAPIVersion", args: [])
        func ask() -> Int? { hub.state.receive(call, claim: nil).response?.faultCode }
        #expect(ask() == nil)
        #expect(ask() == 1014)
        hub.wait(29)
        #expect(ask() == 1014)
        hub.wait(1)
        #expect(ask() == nil)
        hub.state.goOffline(for: .seconds(5))
        hub.state.goOffline(for: .seconds(1))
        hub.wait(4)
        #expect(ask() == 1014)
        hub.wait(1)
        #expect(ask() == nil)
        #expect(hub.state.statistics.troubles == ["maintenance": 1])
    }

    @Test("expired and closed concern all sessions, whichever request they strike")
    func allSessions() throws {
        var hub = StepHub()
        let sessions = [try hub.login(), try hub.login()]
        let read = XMLRPCCall(method: "getAPIVersion", args: [])
        for (trouble, code) in [(Trouble.expired, 1007), (.closed, 1002)] {
            hub.state.expect([TroubleRule(trouble)])
            #expect(hub.state.receive(read, claim: nil).response == .value(.number(1)))
            for session in sessions { #expect(hub.state.receive(read, claim: session).response?.faultCode == code) }
            #expect(hub.state.requests == 3)
        }
        #expect(hub.state.statistics.requests == 6)
    }

    @Test("the builds that were submitted are told with what they build and how they stand")
    func imageBuilds() throws {
        var hub = StepHub()
        try hub.logIn()
        _ = try hub.submit(["release": .string("7")])
        hub.waitForEnd()
        _ = try hub.submit(arches: ["x86_64"], name: "Fedora-IoT", version: "44", [:])
        #expect(
            hub.state.imageBuilds == [
                RehearsedBuild(
                    task: TaskID(1), method: "imageBuilderBuild", owner: "rehearsal", name: "Fedora-Minimal",
                    version: "43", release: "7", arches: ["x86_64", "aarch64"], state: .closed),
                RehearsedBuild(
                    task: TaskID(5), method: "imageBuilderBuild", owner: "rehearsal", name: "Fedora-IoT", version: "44",
                    release: nil, arches: ["x86_64"], state: .free),
            ])
        hub.waitForEnd()
        #expect(hub.state.imageBuilds.last?.release == "1")
    }
}
