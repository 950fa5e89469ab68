import Koji
import Testing

@testable import RehearsalHub

@Suite("Sessions and call numbers")
struct SessionTests {
    @Test("a login gives a session that later calls carry")
    func login() throws {
        var hub = StepHub()
        #expect(hub.fault("login", [.string("rehearsal"), .string("wrong")]) == .auth("invalid username or password"))
        #expect(try hub.call("getLoggedInUser") == .null)
        try hub.logIn()
        #expect(try hub.call("getLoggedInUser")["name"] == .string("rehearsal"))
        #expect(hub.fault("login", [.string("rehearsal"), .string("rehearsal")]) == .auth("Already logged in"))
        #expect(hub.fault("sslLogin")?.code == 1002)
        _ = try hub.call("logout")
        #expect(hub.fault("getLoggedInUser") == .auth("Invalid session or bad credentials"))
    }

    @Test("a user without a password cannot log in")
    func hosts() {
        var hub = StepHub()
        #expect(
            hub.fault("login", [.string("rehearsal-builder-1.invalid"), .null])
                == .auth("invalid username or password"))
    }

    @Test("a wrong key and an unknown session are the same fault")
    func wrongKey() throws {
        var hub = StepHub()
        let good = try hub.login()
        for claim in [
            SessionClaim(id: good.id, key: "2-x", callnum: nil), SessionClaim(id: 99, key: good.key, callnum: nil),
        ] {
            #expect(hub.fault("getAPIVersion", as: claim) == .auth("Invalid session or bad credentials"))
        }
    }

    private static let build: [XMLRPCValue] = [
        .string("f43"), .array([]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"), .string("43"),
        .object(["scratch": .bool(true)]),
    ]

    @Test("a call that changed something is not done twice under its number")
    func callnum() throws {
        var hub = StepHub()
        try hub.logIn()
        let id = hub.claim?.id ?? 0
        #expect(try hub.call("imageBuilderBuild", Self.build, callnum: "5") == .number(1))
        #expect(
            hub.fault("imageBuilderBuild", Self.build, callnum: "5")
                == XMLRPCFault(
                    code: 1009, text: "unable to retry call 5 (method imageBuilderBuild) for session \(id)"))
        #expect(hub.fault("getAPIVersion", callnum: "5")?.code == 1009)
        #expect(hub.fault("getAPIVersion", callnum: "4") == XMLRPCFault(code: 1008, text: "5 > 4 (session \(id))"))
        #expect(
            hub.fault("getAPIVersion", callnum: "abc")
                == XMLRPCFault(
                    code: 1, text: "<class 'ValueError'>: invalid literal for int() with base 10: 'abc'"))
        #expect(try hub.call("imageBuilderBuild", Self.build) == .number(2))
        #expect(try hub.call("imageBuilderBuild", Self.build, callnum: "9") == .number(3))
        #expect(hub.state.tasks.count == 3)
    }

    @Test("reading and refused calls leave no number behind, a multiCall always does")
    func whatCounts() throws {
        var hub = StepHub()
        try hub.logIn()
        for _ in 0..<2 {
            _ = try hub.call("getLoggedInUser", callnum: "3")
            #expect(hub.fault("imageBuilderBuild", [.string("f43")], callnum: "3")?.code == 1019)
            _ = try hub.call("cancelTask", [.number(try hub.submit())])
        }
        let reads: [XMLRPCValue] = [
            .array([.object(["methodName": .string("getAPIVersion"), "params": .array([])])])
        ]
        #expect(try hub.call("multiCall", reads, callnum: "3") == .array([.array([.number(1)])]))
        #expect(hub.fault("multiCall", reads, callnum: "3")?.code == 1009)
    }

    @Test("a session expires, and a renewal keeps its id and its number")
    func expiry() throws {
        var hub = StepHub { $0.sessionLifetime = .seconds(60) }
        try hub.logIn()
        _ = try hub.call("imageBuilderBuild", Self.build, callnum: "1")
        hub.wait(61)
        let old = try #require(hub.claim)
        #expect(hub.fault("getAPIVersion") == XMLRPCFault(code: 1007, text: "session \"\(old.id)\" has expired"))
        let renewed = try hub.call(
            "login", [.string("rehearsal"), .string("rehearsal")], ["renew": .bool(true), "opts": .null])
        #expect(renewed["session-id"] == .number(old.id))
        let key = try #require(renewed["session-key"].textValue)
        #expect(key != old.key)
        hub.claim = SessionClaim(id: old.id, key: key, callnum: nil)
        #expect(hub.fault("getAPIVersion", callnum: "1")?.code == 1009)
        #expect(try hub.call("getAPIVersion", callnum: "2") == .number(1))
    }

    @Test("an exclusive session locks the user's others out")
    func exclusive() throws {
        var hub = StepHub()
        let (one, other) = (try hub.login(), try hub.login())
        _ = try hub.call("exclusiveSession", as: one)
        #expect(hub.fault("getAPIVersion", as: other) == .authLock("User locked by another session"))
        #expect(hub.fault("exclusiveSession", as: other) == .authLock("Cannot get exclusive session"))
        _ = try hub.call("sharedSession", as: one)
        #expect(try hub.call("getAPIVersion", as: other) == .number(1))
        _ = try hub.call("exclusiveSession", as: one)
        _ = try hub.call("exclusiveSession", [], ["force": .bool(true)], as: other)
        #expect(hub.fault("getAPIVersion", as: one)?.code == 1002)
    }

    @Test("subsessions end with their master")
    func subsessions() throws {
        var hub = StepHub()
        try hub.logIn()
        let sub = try hub.call("subsession")
        let claim = SessionClaim(
            id: try #require(sub["session-id"].wholeNumber), key: try #require(sub["session-key"].textValue),
            callnum: nil)
        #expect(try hub.call("getAPIVersion", as: claim) == .number(1))
        _ = try hub.call("logout")
        #expect(hub.fault("getAPIVersion", as: claim)?.code == 1002)
    }

    @Test("an offline hub says so for as many calls as it was told")
    func offline() throws {
        var hub = StepHub { $0.offlineCalls = 2 }
        #expect(hub.fault("getAPIVersion")?.code == 1014)
        #expect(hub.fault("login", [.string("rehearsal"), .string("rehearsal")])?.code == 1014)
        #expect(try hub.call("getAPIVersion") == .number(1))
    }

    @Test("without the permission a build is refused before its parameters are looked at")
    func permission() throws {
        var hub = StepHub { $0.hasImagePermission = false }
        #expect(
            hub.fault("imageBuilderBuild", Self.build)
                == .notAllowed("image permission required (user not logged in)"))
        try hub.logIn()
        #expect(
            hub.fault("imageBuilderBuild", [.number(1), .null, .null, .null, .null])
                == .notAllowed("image permission required (logged in as rehearsal)"))
        #expect(try hub.call("hasPerm", [.string("image")]) == .bool(false))
    }

    @Test("a disabled channel takes nothing")
    func channel() throws {
        var hub = StepHub { $0.isImageChannelEnabled = false }
        try hub.logIn()
        #expect(hub.fault("imageBuilderBuild", Self.build) == .generic("Channel image is disabled."))
    }
}
