import Koji
import Testing

@testable import RehearsalHub

/// Logins by certificate and ticket, as a web server in front tells of them. What is expected was recorded of a real hub.
@Suite("Logins behind a web server")
struct FrontTests {
    private static let users = [
        RehearsalUser(name: "imguser", principals: ["imguser@EXAMPLE.COM"]),
        RehearsalUser(name: "kojiweb", principals: ["HTTP/web@EXAMPLE.COM"], mayLogInOthers: true),
        RehearsalUser(name: "blockeduser", principals: ["blocked@EXAMPLE.COM"], isBlocked: true),
    ]

    private func hub() -> HubState {
        var settings = RehearsalSettings(root: "/nowhere")
        settings.users = Self.users
        return HubState(settings: settings, keySeed: 1, now: HubTime(microseconds: 0))
    }

    private func login(
        _ hub: inout HubState, _ visitor: Visitor?, _ keywords: [String: XMLRPCValue] = ["proxyuser": .null],
        session: SessionClaim? = nil
    ) -> XMLRPCResponse {
        hub.answer(XMLRPCCall(method: "sslLogin", args: [], keywords: keywords), claim: session, visitor: visitor)
    }

    private func claim(_ response: XMLRPCResponse) throws -> SessionClaim {
        guard case .value(let value) = response else { throw XMLRPCFault.generic("\(response)") }
        return SessionClaim(
            id: value["session-id"].wholeNumber ?? 0, key: value["session-key"].textValue ?? "", callnum: nil)
    }

    @Test(
        "a certificate logs in its CN, a ticket the user of the principal",
        arguments: [
            (Visitor(verification: "SUCCESS", commonName: "imguser"), 2),
            (Visitor(principal: "imguser@EXAMPLE.COM"), 3),
            // A ticket goes first.
            (Visitor(principal: "imguser@EXAMPLE.COM", verification: "SUCCESS", commonName: "kojiweb"), 3),
        ])
    func good(_ visitor: Visitor, _ type: Int) throws {
        var hub = hub()
        let session = try claim(login(&hub, visitor))
        let answer = hub.answer(XMLRPCCall(method: "getLoggedInUser", params: []), claim: session)
        guard case .value(let user) = answer else { throw XMLRPCFault.generic("\(answer)") }
        #expect(user["name"].textValue == "imguser")
        #expect(user["authtype"].wholeNumber == type)
        #expect(user["krb_principals"] == .array([.string("imguser@EXAMPLE.COM")]))
        #expect(user["krb_principal"].textValue == "imguser@EXAMPLE.COM")
    }

    static let refusals: [(Visitor?, [String: XMLRPCValue], String)] = [
        (Visitor(), [:], "could not verify client: NONE"),
        (
            Visitor(verification: "FAILED:certificate has expired"), [:],
            "could not verify client: FAILED:certificate has expired"
        ),
        (Visitor(verification: "SUCCESS", commonName: "nosuchuser"), [:], "Unknown user: nosuchuser"),
        (Visitor(principal: "stranger@EXAMPLE.COM"), [:], "Unknown user: stranger@EXAMPLE.COM"),
        (Visitor(verification: "SUCCESS", commonName: "blockeduser"), [:], "logins by blockeduser are not allowed"),
        (
            Visitor(principal: "imguser@EXAMPLE.COM"), ["proxyuser": .string("kojiweb")],
            "imguser@EXAMPLE.COM is not authorized to login other users"
        ),
        (
            Visitor(principal: "HTTP/web@EXAMPLE.COM"), ["proxyuser": .string("nobody")], "Unknown user: nobody"
        ),
        (nil, [:], "could not verify client: the rehearsal hub knows passwords only (authtype = password)"),
    ]

    @Test("who is not let in is told why", arguments: refusals)
    func refused(_ visitor: Visitor?, _ keywords: [String: XMLRPCValue], _ text: String) {
        var hub = hub()
        #expect(login(&hub, visitor, keywords) == .fault(XMLRPCFault(code: 1002, text: text)))
    }

    @Test("a trusted user logs in another one")
    func proxy() throws {
        var hub = hub()
        let visitor = Visitor(principal: "HTTP/web@EXAMPLE.COM")
        let session = try claim(login(&hub, visitor, ["proxyuser": .string("imguser")]))
        let answer = hub.answer(XMLRPCCall(method: "getLoggedInUser", params: []), claim: session)
        guard case .value(let user) = answer else { throw XMLRPCFault.generic("\(answer)") }
        #expect(user["name"].textValue == "imguser")
    }

    @Test("a renewal keeps the session and its number, and gives another key")
    func renewal() throws {
        var hub = hub()
        let visitor = Visitor(principal: "imguser@EXAMPLE.COM")
        let old = try claim(login(&hub, visitor))
        #expect(login(&hub, visitor, session: old) == .fault(XMLRPCFault(code: 1002, text: "Already logged in")))
        let submit = XMLRPCCall(
            method: "imageBuilderBuild",
            args: [.string("t"), .array([]), .array([.string("minimal-raw-xz")]), .string("N"), .string("1")])
        let numbered = SessionClaim(id: old.id, key: old.key, callnum: "4")
        guard case .value = hub.answer(submit, claim: numbered) else { throw XMLRPCFault.generic("not submitted") }
        hub.expireSessions()
        let renewed = try claim(login(&hub, visitor, ["renew": .bool(true), "exclusive": .bool(false)], session: old))
        #expect(renewed.id == old.id)
        #expect(renewed.key != old.key)
        let again = hub.answer(submit, claim: SessionClaim(id: renewed.id, key: renewed.key, callnum: "4"))
        guard case .fault(let fault) = again else { throw XMLRPCFault.generic("done twice") }
        #expect(fault.code == 1009)
        #expect(hub.imageBuilds.count == 1)
    }

    @Test("over HTTP who came is believed only together with the secret, and only at the URL of logins")
    func secret() async throws {
        try await withDirectory { root in
            let settings = quickSettings(root) {
                $0.users = Self.users
                $0.frontSecret = "s3cret"
            }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let body = try XMLRPCCall(method: "sslLogin", params: []).encoded()
                for (path, secret, isGood) in [
                    ("/kojihub/ssllogin", "s3cret", true), ("/kojihub/ssllogin", "guess", false),
                    ("/kojihub", "s3cret", false),
                ] {
                    let answer = try await Loopback.send(
                        "POST", path, port: hub.port,
                        headers: ["Rehearsal-Front": secret, "Rehearsal-Remote-User": "imguser@EXAMPLE.COM"], body: body
                    )
                    let response = try XMLRPCResponse.decode(answer.body)
                    if case .value = response { #expect(isGood) } else { #expect(!isGood) }
                }
            }
        }
    }

    // MARK: Generations

    @Test("each generation looks for the number where it did", arguments: HubGeneration.allCases)
    func callnums(_ generation: HubGeneration) async throws {
        try await withDirectory { root in
            let settings = quickSettings(root) { $0.generation = generation }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let session = try await Loopback.login(hub)
                let body = try XMLRPCCall(
                    method: "imageBuilderBuild",
                    args: [.string("t"), .array([]), .array([.string("minimal-raw-xz")]), .string("N"), .string("1")]
                ).encoded()
                for names in [["Koji-Session-Callnum"], ["Koji-Session-Callnum", "Koji-Callnum"]] {
                    for _ in 0..<2 {
                        var headers = ["Koji-Session-Id": "\(session.id)", "Koji-Session-Key": session.key]
                        for name in names { headers[name] = "\(names.count)" }
                        let answer = try await Loopback.send(
                            "POST", "/kojihub", port: hub.port, headers: headers, body: body)
                        #expect((answer.headers["koji-version"] == nil) == (generation == .v1_33))
                    }
                }
                // One header doubles the submit on released hubs; both protect it on every one.
                #expect(await hub.imageBuilds.count == (generation == .newest ? 2 : 3))
            }
        }
    }

    @Test("what came later is not there before")
    func older() {
        var settings = RehearsalSettings(root: "/nowhere")
        settings.generation = .v1_33
        var hub = HubState(settings: settings, keySeed: 1, now: HubTime(microseconds: 0))
        _ = hub.answer(XMLRPCCall(method: "getBuildTarget", args: [.string("t")]), claim: nil)
        guard case .value(let repo) = hub.answer(XMLRPCCall(method: "getRepo", args: [.string("t-build")]), claim: nil)
        else {
            Issue.record("no repo")
            return
        }
        #expect(
            Set(repo.members?.keys.map { $0 } ?? []) == [
                "id", "state", "create_event", "creation_time", "create_ts", "dist", "task_id",
            ])
        let missing = hub.answer(XMLRPCCall(method: "getUserPermsInheritance", args: [.string("x")]), claim: nil)
        #expect(missing == .fault(XMLRPCFault(code: 1000, text: "Invalid method: getUserPermsInheritance")))
    }
}
