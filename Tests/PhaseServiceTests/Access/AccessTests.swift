import Foundation
import PhaseStore
import Testing

@testable import PhaseService

@Suite("Who may do what")
struct AccessTests {
    /// A store in a directory that is gone at the end.
    static func withStore(_ body: (ServiceStore) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try ServiceStore(path: directory.appendingPathComponent("service.sqlite").path)
        try await body(store)
        store.close()
    }

    private static let token = Secret.token()
    private static let expired = Secret.token()
    private static let stranger = Secret.token()

    struct Case: CustomTestStringConvertible, Sendable {
        let title: String
        var authorization: String?
        var cookie: String?
        var proxyUser: [String] = []
        var address: String? = "127.0.0.1"
        /// `NAME ROLE VIA`, or the status of the refusal.
        let expected: String
        var testDescription: String { title }
    }

    static let cases = [
        Case(title: "nobody says who he is", expected: "anonymous read anonymous"),
        Case(title: "a token", authorization: "Bearer \(token)", expected: "kevin operate token"),
        Case(
            title: "a token, the scheme in small letters", authorization: "bearer \(token)",
            expected: "kevin operate token"),
        Case(title: "a token that is none", authorization: "Bearer \(stranger)", expected: "401"),
        Case(title: "a token that has expired", authorization: "Bearer \(expired)", expected: "401"),
        Case(
            title: "the digest of a token is no token", authorization: "Bearer \(Secret.digest(token))", expected: "401"
        ),
        Case(title: "another scheme", authorization: "Basic a2V2aW46eA==", expected: "401"),
        Case(title: "an empty header", authorization: "", expected: "401"),
        Case(title: "a page's cookie", cookie: "a=b; phase_runner_session=\(token)", expected: "kevin operate session"),
        Case(
            title: "a cookie of another name", cookie: "xphase_runner_session=\(token)",
            expected: "anonymous read anonymous"),
        Case(
            title: "a cookie with an expired token is nobody's", cookie: "phase_runner_session=\(expired)",
            expected: "anonymous read anonymous"),
        Case(
            title: "a bad token beside a good cookie", authorization: "Bearer \(stranger)",
            cookie: "phase_runner_session=\(token)", expected: "401"),
        Case(title: "a proxy's user", proxyUser: ["ralph"], address: "10.1.2.3", expected: "ralph admin proxy"),
        Case(
            title: "a proxy's user without a role of his own", proxyUser: ["alice"], address: "10.1.2.3",
            expected: "alice read proxy"),
        Case(
            title: "the proxy's header from elsewhere says nothing", proxyUser: ["ralph"], address: "10.2.2.3",
            expected: "anonymous read anonymous"),
        Case(
            title: "the proxy's header over the socket, which is not named", proxyUser: ["ralph"], address: nil,
            expected: "anonymous read anonymous"),
        Case(title: "the proxy's header twice", proxyUser: ["ralph", "alice"], address: "10.1.2.3", expected: "401"),
        Case(title: "the proxy's header, empty", proxyUser: [""], address: "10.1.2.3", expected: "401"),
        Case(
            title: "a token goes before the proxy", authorization: "Bearer \(token)", proxyUser: ["ralph"],
            address: "10.1.2.3", expected: "kevin operate token"),
    ]

    @Test("is told by token, cookie, proxy, in this order", arguments: cases)
    func caller(_ row: Case) async throws {
        var settings = AccessSettings()
        settings.proxy = ProxyTrust(
            header: "X-Remote-User", addresses: try AddressSet(["10.1.0.0/16"]), roles: ["ralph": .admin])
        var credentials = Credentials()
        credentials.authorization = row.authorization
        credentials.cookies = row.cookie.map { [$0] } ?? []
        credentials.proxyUser = row.proxyUser
        credentials.address = row.address
        try await Self.withStore { store in
            try await store.add(
                StoredToken(name: "kevin", role: "operate", digest: Secret.digest(Self.token), made: 1))
            try await store.add(
                StoredToken(name: "old", role: "admin", digest: Secret.digest(Self.expired), made: 1, expires: 999))
            let desk = AccessDesk(store, now: { 1000 })
            var found: String
            do {
                let caller = try await desk.caller(credentials, settings)
                found = "\(caller.name) \(caller.role.rawValue) \(caller.via.rawValue)"
            } catch let problem as Problem {
                found = "\(problem.status)"
                #expect(!problem.detail.contains(Self.stranger))
            }
            #expect(found == row.expected)
        }
    }

    @Test("a revoked token lets nobody in, at once")
    func revoked() async throws {
        try await Self.withStore { store in
            try await store.add(
                StoredToken(name: "kevin", role: "admin", digest: Secret.digest(Self.token), made: 1))
            let desk = AccessDesk(store, now: { 1000 })
            var credentials = Credentials()
            credentials.authorization = "Bearer \(Self.token)"
            #expect(try await desk.caller(credentials, AccessSettings()).role == .admin)
            #expect(try await store.revokeToken("kevin"))
            #expect(try await !store.revokeToken("kevin"))
            await #expect(throws: Problem.self) { try await desk.caller(credentials, AccessSettings()) }
        }
    }

    @Test("a page proves that it is ours before it changes anything, a token needs not")
    func pages() async throws {
        try await Self.withStore { store in
            try await store.add(
                StoredToken(name: "kevin", role: "operate", digest: Secret.digest(Self.token), made: 1))
            let desk = AccessDesk(store, now: { 1000 })
            var settings = AccessSettings()
            settings.anonymous = .operate
            settings.proxy = ProxyTrust(
                header: "X-Remote-User", addresses: try AddressSet(["127.0.0.1"]), otherwise: .operate)
            func caller(_ change: (inout Credentials) -> Void) async throws -> Caller {
                var credentials = Credentials()
                credentials.address = "127.0.0.1"
                change(&credentials)
                return try await desk.caller(credentials, settings)
            }
            let byToken = try await caller { $0.authorization = "Bearer \(Self.token)" }
            let byCookie = try await caller { $0.cookies = ["phase_runner_session=\(Self.token)"] }
            let byProxy = try await caller { $0.proxyUser = ["ralph"] }
            let nobody = try await caller { _ in }
            #expect(byToken.pageKey == nil)
            try desk.check(byToken, may: .operate, isChange: true, pageKey: nil)
            let keys = [byCookie, byProxy, nobody].map(\.pageKey)
            #expect(Set(keys).count == 3 && !keys.contains(nil))
            for caller in [byCookie, byProxy, nobody] {
                try desk.check(caller, may: .operate, isChange: true, pageKey: caller.pageKey)
                try desk.check(caller, may: .read, isChange: false, pageKey: nil)
                for wrong in [nil, "", "x"] + keys.filter({ $0 != caller.pageKey }) {
                    #expect(throws: Problem.self) {
                        try desk.check(caller, may: .operate, isChange: true, pageKey: wrong)
                    }
                }
            }
            #expect(throws: Problem.self) { try desk.check(byToken, may: .admin, isChange: false, pageKey: nil) }
        }
    }

    @Test(
        "addresses and networks, old and new",
        arguments: [
            (["127.0.0.1"], "127.0.0.1", true), (["127.0.0.1"], "127.0.0.2", false),
            (["127.0.0.0/8"], "127.9.9.9", true), (["10.0.0.0/9"], "10.127.0.1", true),
            (["10.0.0.0/9"], "10.128.0.1", false), (["0.0.0.0/0"], "8.8.8.8", true), (["0.0.0.0/0"], "::1", false),
            (["::1"], "::1", true), (["fd00::/8"], "fd12::1", true), (["fd00::/8"], "fe00::1", false),
            (["127.0.0.1"], "::ffff:127.0.0.1", true), (["unix"], nil, true), (["127.0.0.1"], nil, false),
            (["unix"], "127.0.0.1", false), ([], "127.0.0.1", false), (["127.0.0.1"], "nonsense", false),
        ] as [([String], String?, Bool)])
    func addresses(_ set: [String], _ address: String?, _ isIn: Bool) throws {
        #expect(try AddressSet(set).contains(address) == isIn)
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "localhost", "1.2.3", "1.2.3.4/33", "::1/129", "1.2.3.4/", "1.2.3.4/-1", "Unix"])
    func malformed(_ text: String) throws {
        #expect(throws: AddressSet.Malformed.self) { try AddressSet([text]) }
    }

    @Test("a client may ask so often, and no other client suffers")
    func rate() {
        var limit = RateLimit()
        var passed = 0
        for _ in 0..<100 where limit.take("a", perMinute: 60, at: 0) == nil { passed += 1 }
        #expect(passed == 15)
        #expect(limit.take("b", perMinute: 60, at: 0) == nil)
        #expect(limit.take("a", perMinute: 60, at: 0) == 1)
        #expect(limit.take("a", perMinute: 60, at: 1) == nil)
        #expect(limit.take("a", perMinute: 60, at: 1) != nil)
        // A clock that goes back gives nothing and takes nothing.
        #expect(limit.take("a", perMinute: 60, at: 0.5) != nil)
        for number in 0..<30_000 { _ = limit.take("client \(number)", perMinute: 60, at: 2) }
    }
}
