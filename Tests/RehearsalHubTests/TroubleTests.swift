import Foundation
import Koji
import Testing

@testable import RehearsalHub

@Suite("Trouble on the wire", .timeLimit(.minutes(1)))
struct TroubleTests {
    private static let build: [XMLRPCValue] = [
        .string("f43"), .array([]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"), .string("43"),
        .object(["scratch": .bool(true), "release": .string("20261122.0")]),
    ]

    /// A hub, a session of it, and its log.
    private func withHub(
        _ change: (inout RehearsalSettings) -> Void = { _ in },
        _ operation: (RunningHub, SessionClaim, LogLines) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let log = LogLines()
            try await RehearsalHub.withHub(settings: quickSettings(directory, change), log: log.append) { hub in
                let session = try await Loopback.login(hub)
                try await operation(hub, SessionClaim(id: session.id, key: session.key, callnum: "1"), log)
            }
        }
    }

    /// The header fields and the body of what came, even if something is missing at the end.
    private func received(_ outcome: Loopback.Outcome) throws -> Loopback.Answer {
        switch outcome {
        case .refused: throw Loopback.Failure(text: "refused")
        case .ended(let bytes), .reset(let bytes): return try Loopback.parse(bytes)
        }
    }

    @Test("a reset is a real one, and the repeat of a submit tells whether it was carried out")
    func resets() async throws {
        for (trouble, again, name) in [(Trouble.reset, nil, "reset"), (.resetAfter, 1009, "resetAfter")] {
            try await withHub { hub, session, log in
                await hub.add(TroubleRule(trouble, method: "imageBuilderBuild"))
                #expect(
                    try await Loopback.outcome(hub, "imageBuilderBuild", Self.build, session: session) == .reset([]))
                #expect(await hub.imageBuilds.count == (again == nil ? 0 : 1))
                let repeated = try received(
                    try await Loopback.outcome(hub, "imageBuilderBuild", Self.build, session: session))
                #expect(try XMLRPCResponse.decode(repeated.body).faultCode == again)
                let made = await hub.imageBuilds
                #expect(made.map(\.release) == ["20261122.0"])
                #expect(log.all.count { $0.hasSuffix("trouble \(name) at request 2 (imageBuilderBuild)") } == 1)
                #expect(await hub.requests == 3)
            }
        }
    }

    @Test("a cut answer has all its headers, the first half of its body, and a reset")
    func cutAnswer() async throws {
        try await withHub { hub, session, _ in
            let whole = try received(try await Loopback.outcome(hub, "system.listMethods"))
            await hub.add(TroubleRule(.cutAnswer))
            let outcome = try await Loopback.outcome(hub, "system.listMethods")
            guard case .reset = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let half = try received(outcome)
            #expect(half.status == 200 && half.headers["koji-version"] == "1.35.3")
            #expect(half.headers["content-length"] == "\(whole.body.count)")
            #expect(half.body == Array(whole.body.prefix(whole.body.count / 2)))
        }
    }

    @Test("truncated XML is a complete answer that cannot be read")
    func truncated() async throws {
        try await withHub { hub, session, _ in
            let whole = try received(try await Loopback.outcome(hub, "system.listMethods"))
            await hub.add(TroubleRule(.truncated))
            let outcome = try await Loopback.outcome(hub, "system.listMethods")
            guard case .ended = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let half = try received(outcome)
            #expect(half.body == Array(whole.body.prefix(whole.body.count / 2)))
            #expect(half.headers["content-length"] == "\(half.body.count)")
            #expect(throws: (any Error).self) { try XMLRPCResponse.decode(half.body) }
        }
    }

    @Test("a proxy's page has its status, is HTML and names no version")
    func pages() async throws {
        try await withHub { hub, session, _ in
            let cases: [(trouble: Trouble, status: Int, text: String, tasks: Int)] = [
                (.page(status: 502), 502, "Bad Gateway", 0),
                (.page(status: 503, html: "<p>back soon</p>"), 503, "back soon", 0),
                (.pageAfter(status: 504), 504, "Gateway Timeout", 1), (.page(status: 99), 502, "Bad Gateway", 1),
            ]
            for example in cases {
                await hub.add(TroubleRule(example.trouble))
                let answer = try received(
                    try await Loopback.outcome(hub, "imageBuilderBuild", Self.build, session: session))
                #expect(answer.status == example.status)
                #expect(answer.headers["koji-version"] == nil)
                #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
                #expect(answer.text.contains(example.text))
                #expect(await hub.imageBuilds.count == example.tasks)
            }
        }
    }

    @Test("a slow answer arrives whole, after its pauses")
    func slow() async throws {
        try await withHub { hub, session, _ in
            let whole = try received(try await Loopback.outcome(hub, "getLoggedInUser", session: session))
            await hub.add(TroubleRule(.slow(piece: 100, pause: .milliseconds(20))))
            let begin = ContinuousClock.now
            let answer = try received(try await Loopback.outcome(hub, "getLoggedInUser", session: session))
            #expect(answer.body == whole.body)
            let pauses = (whole.body.count - 1) / 100
            #expect(pauses > 3 && ContinuousClock.now - begin >= .milliseconds(20 * pauses))
        }
    }

    @Test("a huge answer has the size it was told and is made while it is sent")
    func huge() async throws {
        try await withHub { hub, session, _ in
            await hub.add(TroubleRule(.huge(bytes: 3_000_000)))
            let answer = try received(try await Loopback.outcome(hub, "getAPIVersion"))
            #expect(answer.body.count == 3_000_000 && answer.headers["content-length"] == "3000000")
            let value = try XMLRPCResponse.decode(answer.body)
            guard case .value(.string(let text)) = value else {
                Issue.record("no text")
                return
            }
            #expect(text.utf8.allSatisfy { $0 == UInt8(ascii: "x") } && text.utf8.count > 2_999_000)
            // A size that no memory holds: only the beginning is asked for.
            await hub.add(TroubleRule(.huge(bytes: 1 << 50)))
            let beginning = try received(try await Loopback.outcome(hub, "getAPIVersion", most: 1_000_000))
            #expect(beginning.headers["content-length"] == "\(1 << 50)" && beginning.body.count > 900_000)
            await hub.add(TroubleRule(.huge(bytes: 1)))
            #expect(try received(try await Loopback.outcome(hub, "getAPIVersion")).body.count < 200)
            #expect(try await Loopback.call(hub, "getAPIVersion") == .number(1))
        }
    }

    @Test("faults of sessions and of an offline hub come over the wire")
    func faults() async throws {
        try await withHub { hub, session, _ in
            func code(_ session: SessionClaim?) async throws -> Int? {
                let answer = try received(try await Loopback.outcome(hub, "getAPIVersion", session: session))
                return try XMLRPCResponse.decode(answer.body).faultCode
            }
            await hub.add(TroubleRule(.fault(1014), times: 2))
            #expect(try await code(session) == 1014)
            #expect(try await code(nil) == 1014)
            await hub.add(TroubleRule(.fault(1007)))
            #expect(try await code(nil) == nil)
            #expect(try await code(session) == 1007)
            let other = try await Loopback.login(hub)
            await hub.add(TroubleRule(.fault(1002)))
            #expect(try await code(other) == 1002)
            #expect(try await code(other) == 1002)
            await hub.goOffline(for: .seconds(3600))
            #expect(try await code(nil) == 1014)
        }
    }

    @Test("requests that are no calls meet trouble too, and rules can be taken away")
    func noCalls() async throws {
        try await withHub({ $0.troubles = [TroubleRule(.reset, at: 2)] }) { hub, _, _ async throws in
            #expect(try await Loopback.outcome("GET", "/kojihub", port: hub.port) == .reset([]))
            #expect(try await Loopback.send("GET", "/kojihub", port: hub.port).status == 405)
            await hub.add(TroubleRule(.reset, times: nil))
            // Files and pages are not of the hub's URL.
            #expect(try await Loopback.send("GET", "/koji", port: hub.port).status == 200)
            #expect(try await Loopback.outcome(hub, "getAPIVersion") == .reset([]))
            await hub.removeTroubles()
            #expect(try await Loopback.call(hub, "getAPIVersion") == .number(1))
        }
    }
}

@Suite("A port that refuses", .timeLimit(.minutes(1)))
struct RefusalTests {
    @Test("refuses connections, closes the open ones, and listens again on the same port")
    func door() async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings(directory)) { hub in
                let session = try await Loopback.login(hub)
                for _ in 0..<3 {
                    // A connection that waits for its next request.
                    let call = String(
                        decoding: try XMLRPCCall(method: "getAPIVersion", args: []).encoded(), as: UTF8.self)
                    let idle = Task {
                        try await Loopback.outcome(
                            "POST", "/kojihub", port: hub.port, headers: ["Connection": "keep-alive"],
                            body: Array(call.utf8))
                    }
                    let before = await hub.requests
                    while await hub.requests == before { await Task.yield() }
                    await hub.stopListening()
                    await hub.stopListening()
                    for _ in 0..<20 { #expect(try await Loopback.outcome(hub, "getAPIVersion") == .refused) }
                    #expect(try Loopback.isFree(port: hub.port) == false)
                    guard case .ended = try await idle.value else {
                        Issue.record("the open connection was reset")
                        return
                    }
                    await hub.listen()
                    await hub.listen()
                    #expect(try await Loopback.call(hub, "getAPIVersion", session: session) == .number(1))
                }
            }
        }
    }

    @Test("a rule makes it refuse for a while: the request is reset, nothing is lost in the hub")
    func rule() async throws {
        try await withDirectory { directory in
            let log = LogLines()
            try await RehearsalHub.withHub(settings: quickSettings(directory), log: log.append) { hub in
                let session = try await Loopback.login(hub)
                await hub.add(TroubleRule(.refuse(for: .milliseconds(700)), method: "getLoggedInUser"))
                #expect(try await Loopback.outcome(hub, "getLoggedInUser", session: session) == .reset([]))
                let begin = ContinuousClock.now
                var refused = 0
                while try await Loopback.outcome(hub, "getLoggedInUser", session: session) == .refused {
                    refused += 1
                    if ContinuousClock.now - begin > .seconds(30) { break }
                }
                #expect(refused > 0)
                #expect(try await Loopback.call(hub, "getLoggedInUser", session: session) != .null)
                #expect(log.all.count { $0.hasSuffix("trouble refuse at request 2 (getLoggedInUser)") } == 1)
            }
        }
    }

    @Test("a hub whose port refuses ends as any other")
    func end() async throws {
        try await withDirectory { directory in
            let port = try await RehearsalHub.withHub(settings: quickSettings(directory)) { hub in
                await hub.stopListening()
                return hub.port
            }
            try await RehearsalHub.withHub(settings: quickSettings(directory) { $0.port = port }) { hub async throws in
                #expect(hub.port == port)
                #expect(try await Loopback.call(hub, "getAPIVersion") == .number(1))
                await hub.refuseConnections(for: .seconds(3600))
            }
        }
    }
}
