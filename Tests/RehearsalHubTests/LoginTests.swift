import Koji
import TestSupport
import Testing

@testable import RehearsalHub

extension FrontClaim {
    /// A good certificate, as the front tells of it.
    static func certificate(_ name: String) -> FrontClaim {
        FrontClaim(clientVerify: "SUCCESS", clientName: name, clientSubject: "CN=\(name),O=Example")
    }

    static func ticket(_ principal: String) -> FrontClaim { FrontClaim(remoteUser: principal, clientVerify: "NONE") }
}

extension RehearsalSettings {
    /// The people of the recordings.
    mutating func invitePeople() {
        frontSecret = "between us"
        users = [
            RehearsalUser(name: "imguser", password: "imgpw", principals: ["imguser@EXAMPLE.COM"]),
            RehearsalUser(name: "blockeduser", password: "pw", principals: ["blocked@EXAMPLE.COM"], isBlocked: true),
            RehearsalUser(
                name: "kojiweb", principals: ["HTTP/web@EXAMPLE.COM"], permissions: [], mayLogInOthers: true),
        ]
    }
}

@Suite("Logins behind a web server")
struct LoginTests {
    private func hub(_ change: (inout RehearsalSettings) -> Void = { _ in }) -> StepHub {
        StepHub {
            $0.invitePeople()
            change(&$0)
        }
    }

    struct Welcome: Sendable, CustomStringConvertible {
        let front: FrontClaim
        var keywords: [String: XMLRPCValue] = [:]
        let user: String
        let type: Int
        var description: String { "\(front) \(keywords)" }
    }

    static let welcomes = [
        Welcome(front: .certificate("imguser"), user: "imguser", type: 2),
        Welcome(front: .ticket("imguser@EXAMPLE.COM"), user: "imguser", type: 3),
        // A ticket goes before a certificate, and a principal without a realm is a name.
        Welcome(
            front: FrontClaim(remoteUser: "imguser@EXAMPLE.COM", clientVerify: "SUCCESS", clientName: "kojiweb"),
            user: "imguser", type: 3),
        Welcome(front: .ticket("imguser"), user: "imguser", type: 3),
        Welcome(
            front: FrontClaim(remoteUser: "", clientVerify: "SUCCESS", clientName: "imguser"), user: "imguser", type: 2),
        Welcome(front: .certificate("rehearsal"), user: "rehearsal", type: 2),
        Welcome(
            front: .certificate("kojiweb"), keywords: ["proxyuser": .string("imguser")], user: "imguser", type: 2),
        Welcome(
            front: .ticket("HTTP/web@EXAMPLE.COM"), keywords: ["proxyuser": .string("imguser@EXAMPLE.COM")],
            user: "imguser", type: 3),
        Welcome(
            front: .ticket("HTTP/web@EXAMPLE.COM"),
            keywords: ["proxyuser": .string("imguser"), "proxyauthtype": .number(3)], user: "imguser", type: 3),
    ]

    @Test("who comes with a ticket or a good certificate is let in as the right user", arguments: welcomes)
    func welcome(_ example: Welcome) throws {
        var hub = hub()
        hub.claim = try hub.sslLogin(example.front, example.keywords)
        let user = try hub.call("getLoggedInUser")
        #expect(user["name"] == .string(example.user))
        #expect(user["authtype"] == .number(example.type))
        #expect(try hub.call("getSessionInfo")["authtype"] == .number(example.type))
        if example.user == "imguser" {
            #expect(user["krb_principal"] == .string("imguser@EXAMPLE.COM"))
            #expect(user["krb_principals"] == .strings(["imguser@EXAMPLE.COM"]))
        }
    }

    struct Refusal: Sendable, CustomStringConvertible {
        var front: FrontClaim?
        var keywords: [String: XMLRPCValue] = [:]
        let text: String
        var description: String { "\(keywords) \(text)" }
    }

    static let refusals = [
        Refusal(front: nil, text: "could not verify client: NONE"),
        Refusal(front: FrontClaim(), text: "could not verify client: None"),
        Refusal(front: FrontClaim(clientVerify: "NONE"), text: "could not verify client: NONE"),
        Refusal(
            front: FrontClaim(clientVerify: "FAILED:expired", clientName: "imguser"),
            text: "could not verify client: FAILED:expired"),
        Refusal(
            front: FrontClaim(clientVerify: "SUCCESS"),
            text: "unable to get user information (CN) from client certificate"),
        Refusal(front: .certificate("nosuchuser"), text: "Unknown user: nosuchuser"),
        Refusal(front: .ticket("stranger@EXAMPLE.COM"), text: "Unknown user: stranger@EXAMPLE.COM"),
        Refusal(front: .certificate("blockeduser"), text: "logins by blockeduser are not allowed"),
        Refusal(front: .ticket("blocked@EXAMPLE.COM"), text: "logins by blockeduser are not allowed"),
        Refusal(
            front: .certificate("imguser"), keywords: ["proxyuser": .string("kojiweb")],
            text: "CN=imguser,O=Example is not authorized to login other users"),
        Refusal(
            front: FrontClaim(clientVerify: "SUCCESS", clientName: "imguser"),
            keywords: ["proxyuser": .string("kojiweb")], text: "CN=imguser is not authorized to login other users"),
        Refusal(
            front: .ticket("imguser@EXAMPLE.COM"), keywords: ["proxyuser": .string("kojiweb")],
            text: "imguser@EXAMPLE.COM is not authorized to login other users"),
        Refusal(
            front: .certificate("kojiweb"), keywords: ["proxyuser": .string("nobody")], text: "Unknown user: nobody"),
        Refusal(
            front: .certificate("kojiweb"), keywords: ["proxyuser": .string("blockeduser")],
            text: "logins by blockeduser are not allowed"),
        Refusal(
            front: .certificate("kojiweb"),
            keywords: ["proxyuser": .string("imguser"), "proxyauthtype": .number(3)],
            text:
                "Proxy must use same auth mechanism as hub (behaviour can be overriden via AllowProxyAuthType hub option)"
        ),
    ]

    @Test("who cannot be let in is told why in the hub's words", arguments: refusals)
    func refusal(_ example: Refusal) {
        var hub = hub()
        #expect(hub.fault("sslLogin", [], example.keywords, from: example.front) == .auth(example.text))
        #expect(hub.state.sessions.isEmpty)
    }

    @Test("with proxyauthtype allowed a session is marked as another kind, but never as one of a password")
    func proxyAuthType() throws {
        var hub = hub { $0.allowsProxyAuthType = true }
        let keywords: [String: XMLRPCValue] = ["proxyuser": .string("imguser"), "proxyauthtype": .number(3)]
        hub.claim = try hub.sslLogin(.certificate("kojiweb"), keywords)
        #expect(try hub.call("getLoggedInUser")["authtype"] == .number(3))
        hub.claim = nil
        let password: [String: XMLRPCValue] = ["proxyuser": .string("imguser"), "proxyauthtype": .number(0)]
        #expect(
            hub.fault("sslLogin", [], password, from: .certificate("kojiweb"))
                == .auth("Proxied authtype 0 is not valid for sslLogin"))
    }

    @Test("without a secret nobody is believed, whatever the front says")
    func noSecret() {
        var hub = hub { $0.frontSecret = nil }
        let fault = hub.fault("sslLogin", from: .certificate("imguser"))
        #expect(fault?.code == 1002 && fault?.text.contains("passwords only") == true)
    }

    @Test("a live session logs in no more, an expired one is renewed with a new key and its number stays")
    func renewal() throws {
        var hub = hub { $0.sessionLifetime = .seconds(60) }
        let old = try hub.sslLogin(.certificate("imguser"))
        hub.claim = old
        #expect(hub.fault("sslLogin", from: .certificate("imguser")) == .auth("Already logged in"))
        _ = try hub.call("imageBuilderBuild", Self.build, callnum: "1")
        hub.wait(61)
        #expect(hub.fault("getLoggedInUser", callnum: "4")?.code == 1007)
        let renews: [String: XMLRPCValue] = ["proxyuser": .null, "renew": .bool(true), "exclusive": .bool(false)]
        let numbered = SessionClaim(id: old.id, key: old.key, callnum: "5")
        let new = try hub.sslLogin(.certificate("imguser"), renews, as: numbered)
        #expect(new.id == old.id && new.key != old.key)
        #expect(hub.fault("getLoggedInUser")?.code == 1002)
        hub.claim = new
        #expect(
            hub.fault("getLoggedInUser", callnum: "0")
                == XMLRPCFault(code: 1008, text: "1 > 0 (session \(old.id))"))
        #expect(hub.fault("getLoggedInUser", callnum: "1")?.code == 1009)
        #expect(try hub.call("getLoggedInUser", callnum: "6")["authtype"] == .number(2))
        #expect(try hub.call("getSessionInfo")["renew_ts"] != .null)
    }

    @Test("a fresh login with or without the headers of an expired session gives another session")
    func freshLogin() throws {
        var hub = hub { $0.sessionLifetime = .seconds(60) }
        let old = try hub.sslLogin(.certificate("imguser"))
        hub.wait(61)
        #expect(try hub.sslLogin(.certificate("imguser"), [:], as: old).id != old.id)
        #expect(try hub.sslLogin(.certificate("imguser")).id != old.id)
    }

    @Test("another user's renewal does not take a session over")
    func foreignRenewal() throws {
        var hub = hub()
        let old = try hub.sslLogin(.certificate("imguser"))
        hub.state.expireSessions()
        let other = try hub.sslLogin(.certificate("kojiweb"), ["renew": .bool(true)], as: old)
        #expect(other.id != old.id)
    }

    @Test("an exclusive login locks out, and is refused as a whole while another session is exclusive")
    func exclusive() throws {
        var hub = hub()
        let first = try hub.sslLogin(.certificate("imguser"), ["exclusive": .bool(true)])
        #expect(
            hub.fault("sslLogin", [], ["exclusive": .bool(true)], from: .certificate("imguser"))
                == .authLock("Cannot get exclusive session"))
        #expect(hub.state.sessions.count == 1)
        let second = try hub.sslLogin(.certificate("imguser"))
        #expect(hub.fault("getAPIVersion", as: second)?.code == 1006)
        #expect(try hub.call("getAPIVersion", as: first) == .number(1))
    }

    @Test("a subsession has the kind of its master, and a blocked user's password is no use")
    func others() throws {
        var hub = hub()
        #expect(
            hub.fault("login", [.string("blockeduser"), .string("pw")])
                == .auth("logins by blockeduser are not allowed"))
        hub.claim = try hub.sslLogin(.ticket("imguser@EXAMPLE.COM"))
        let sub = try hub.call("subsession")
        hub.claim = SessionClaim(
            id: try #require(sub["session-id"].wholeNumber), key: try #require(sub["session-key"].textValue),
            callnum: nil)
        #expect(try hub.call("getLoggedInUser")["authtype"] == .number(3))
    }

    @Test("a user of the settings may take the place of one that is there, and keeps the password")
    func replacement() throws {
        var hub = hub { $0.users.append(RehearsalUser(name: "rehearsal", principals: ["me@EXAMPLE.COM"])) }
        #expect(try hub.call("getUser", [.string("rehearsal")])["id"] == .number(2))
        _ = try hub.login()
        hub.claim = try hub.sslLogin(.ticket("me@EXAMPLE.COM"))
        #expect(try hub.call("getLoggedInUser")["name"] == .string("rehearsal"))
        #expect(try hub.call("getUser", [.string("blockeduser")])["status"] == .number(1))
    }

    private static let build: [XMLRPCValue] = [
        .string("f43"), .array([]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"), .string("43"),
        .object(["scratch": .bool(true)]),
    ]

    struct Recorded: Sendable, CustomStringConvertible {
        let file: String
        let name: String
        var front: FrontClaim?
        var method = "sslLogin"
        var isLoggedIn = false
        var description: String { "\(file)/\(name)" }
    }

    static let recorded = [
        Recorded(file: "03-login-ssl", name: "ok", front: .certificate("imguser")),
        Recorded(
            file: "03-login-ssl", name: "getLoggedInUser", front: .certificate("imguser"), method: "getLoggedInUser",
            isLoggedIn: true),
        Recorded(
            file: "03-login-ssl", name: "getSessionInfo", front: .certificate("imguser"), method: "getSessionInfo",
            isLoggedIn: true),
        Recorded(file: "03-login-ssl", name: "login-again", front: .certificate("imguser"), isLoggedIn: true),
        Recorded(file: "03-login-ssl", name: "no-cert", front: FrontClaim(clientVerify: "NONE")),
        Recorded(file: "03-login-ssl", name: "unknown-user", front: .certificate("nosuchuser")),
        Recorded(file: "03-login-ssl", name: "blocked-user", front: .certificate("blockeduser")),
        Recorded(file: "03-login-ssl", name: "proxyuser-ok", front: .certificate("kojiweb")),
        Recorded(file: "03-login-ssl", name: "proxyuser-refused", front: .certificate("imguser")),
        Recorded(file: "03-login-ssl", name: "password-ok", method: "login"),
        Recorded(file: "03-login-ssl", name: "password-wrong", method: "login"),
        Recorded(file: "04-login-gssapi", name: "ok", front: .ticket("imguser@EXAMPLE.COM")),
        Recorded(
            file: "04-login-gssapi", name: "session", front: .ticket("imguser@EXAMPLE.COM"), method: "getSessionInfo",
            isLoggedIn: true),
        Recorded(file: "04-login-gssapi", name: "unknown-principal", front: .ticket("stranger@EXAMPLE.COM")),
        Recorded(file: "04-login-gssapi", name: "proxyuser-ok", front: .ticket("HTTP/web@EXAMPLE.COM")),
    ]

    @Test("the recorded logins get the recorded answers", .needsShared, arguments: recorded)
    func likeTheRecordings(_ example: Recorded) throws {
        let exchange = try #require(
            try Transcript.exchanges(of: example.file).first {
                $0.name == example.name && $0.call.method == example.method
            })
        var hub = hub()
        if example.isLoggedIn { hub.claim = try hub.sslLogin(try #require(example.front)) }
        let answer = hub.state.answer(exchange.call, claim: hub.claim, front: example.front)
        switch (answer, exchange.answer) {
        case (.fault(let ours), .fault(let theirs)): #expect(ours == theirs)
        case (.value(let ours), .value(let theirs)):
            #expect(Set((ours.members ?? [:]).keys) == Set((theirs.members ?? [:]).keys))
            for name in ["authtype", "name", "krb_principal", "krb_principals", "callnum", "exclusive", "expired"] {
                #expect(ours[name] == theirs[name], "\(name)")
            }
        default: Issue.record("\(answer) instead of \(exchange.answer)")
        }
    }
}
