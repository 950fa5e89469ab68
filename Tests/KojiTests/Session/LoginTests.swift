import Testing

@testable import Koji

@Suite("Logins", .timeLimit(.minutes(1)))
struct LoginTests {
    private static let ticket = Login.kerberos(KerberosIdentity(principal: "releng@EXAMPLE.ORG"))

    // MARK: What is sent

    @Test("name and password go to the hub's own URL, without any proof")
    func password() throws {
        let login = Login.password(user: "alice", password: "x")
        let call = try #require(LoginCall(login, proxyUser: nil, server: "http://h/kojihub", isRenewal: false))
        #expect(call.url == "http://h/kojihub")
        #expect(call.proof == nil)
        #expect(call.call == XMLRPCCall(method: "login", args: [.string("alice"), .string("x")]))
    }

    @Test(
        "certificates and tickets go to the URL of logins",
        arguments: [
            (Login.certificate(path: "/c.pem"), IdentityProof.certificate(path: "/c.pem")),
            (ticket, IdentityProof.ticket),
        ])
    func shown(_ login: Login, _ proof: IdentityProof) throws {
        for server in ["https://h/kojihub", "https://h/kojihub/"] {
            let call = try #require(LoginCall(login, proxyUser: nil, server: server, isRenewal: false))
            #expect(call.url == "https://h/kojihub/ssllogin")
            #expect(call.proof == proof)
            // As the koji library sends it, recorded: a proxyuser that is none, and nothing else.
            #expect(call.call == XMLRPCCall(method: "sslLogin", args: [], keywords: ["proxyuser": .null]))
        }
        let other = try #require(LoginCall(login, proxyUser: "bob", server: "https://h", isRenewal: true))
        #expect(
            other.call
                == XMLRPCCall(
                    method: "sslLogin", args: [],
                    keywords: ["proxyuser": .string("bob"), "renew": .bool(true), "exclusive": .bool(false)]))
    }

    @Test("an anonymous user has no login")
    func anonymous() {
        #expect(LoginCall(.anonymous, proxyUser: nil, server: "https://h", isRenewal: false) == nil)
    }

    @Test("with a ticket every call goes by https, and only the login shows the ticket")
    func https() async throws {
        let transport = ScriptedTransport([.session(1), .value(Self.user(["releng@EXAMPLE.ORG"])), .one, .one])
        let session = transport.session(Self.ticket, server: "http://hub.example.org:8080/kojihub")
        _ = try await session.write("do")
        _ = try await session.read("get")
        #expect(session.hub.server == "https://hub.example.org:8080/kojihub")
        #expect(transport.log == ["sslLogin", "getLoggedInUser s1", "do s1 #0", "get s1"])
        #expect(transport.sent.map(\.request.proof) == [.ticket, nil, nil, nil])
        #expect(
            transport.sent.map(\.request.url)
                == ["https://hub.example.org:8080/kojihub/ssllogin"]
                + Array(repeating: "https://hub.example.org:8080/kojihub", count: 3))
        #expect(transport.sent.first?.request.silence == 60)
    }

    @Test("a password stays on the scheme of the profile")
    func plain() async throws {
        let transport = ScriptedTransport([.session(1)])
        let session = transport.session(server: "http://127.0.0.1:1/kojihub")
        try await session.login()
        #expect(transport.sent.map(\.request.url) == ["http://127.0.0.1:1/kojihub"])
    }

    // MARK: Who it is

    private static func user(_ principals: [String]) -> XMLRPCValue {
        .object(["id": .int(1), "name": .string("bob"), "krb_principals": .array(principals.map { .string($0) })])
    }

    @Test("another principal than the profile's is not used, and its session is closed")
    func otherPrincipal() async {
        let transport = ScriptedTransport([.session(1), .value(Self.user(["bob@EXAMPLE.ORG"])), .value(.null)])
        let session = transport.session(Self.ticket)
        let result = await outcome { () throws(KojiFailure) in try await session.login() }
        #expect(result.kind == "loginRefused")
        #expect(result.failure?.message.contains("bob (bob@EXAMPLE.ORG)") == true)
        #expect(result.failure?.message.contains("kswitch -p releng@EXAMPLE.ORG") == true)
        #expect(transport.log == ["sslLogin", "getLoggedInUser s1", "logout s1"])
    }

    @Test("logged in for another user, nobody's principal is compared")
    func forAnother() async throws {
        let transport = ScriptedTransport([.session(1)])
        try await transport.session(Self.ticket, proxyUser: "bob").login()
        #expect(transport.log == ["sslLogin"])
    }

    @Test("a password cannot log in another user")
    func passwordForAnother() async {
        let transport = ScriptedTransport([])
        let session = transport.session(proxyUser: "bob")
        let result = await outcome { () throws(KojiFailure) in try await session.login() }
        #expect(result.kind == "loginNotOffered")
        #expect(transport.log.isEmpty)
    }

    // MARK: Refusals

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        var login = ticket
        let reply: Reply
        /// Parts of the message.
        let says: [String]

        var testDescription: String { name }
    }

    static let refusals = [
        Refusal(
            name: "a user that the hub does not know", reply: .fault(1002, "Unknown user: bob@EXAMPLE.ORG"),
            says: ["Unknown user: bob@EXAMPLE.ORG", "koji add-user", "--add-krb"]),
        Refusal(
            name: "a blocked user", reply: .fault(1002, "logins by bob are not allowed"),
            says: ["has blocked this user"]),
        Refusal(
            name: "a user that may not log in others",
            reply: .fault(1002, "Kerberos principal bob@E is not authorized to login other users"),
            says: ["ProxyPrincipals"]),
        Refusal(
            name: "a server that does not ask for tickets", reply: .fault(1002, "could not verify client: NONE"),
            says: ["did not ask for a ticket", "authtype = ssl"]),
        Refusal(
            name: "a wrong password", login: .password(user: "a", password: "b-secret"),
            reply: .fault(1002, "invalid username or password b-secret"), says: ["KOJI_PASSWORD", "password …"]),
        Refusal(
            name: "no ticket", reply: .ticketless("No credentials were supplied"),
            says: ["kinit releng@EXAMPLE.ORG", "No credentials were"]),
        Refusal(
            name: "a keytab that gives no ticket",
            login: .kerberos(KerberosIdentity(principal: "a@E", keytab: "/k.tab")), reply: .ticketless("No key"),
            says: ["kinit -k -t /k.tab a@E", "(No key)"]),
        Refusal(
            name: "an unknown service", reply: .ticketless("Server HTTP/hub@REALM not found in Kerberos database."),
            says: ["HTTP@hub.example.org", "rdns = false"]),
        Refusal(name: "an old ticket", reply: .ticketless("Ticket expired"), says: ["has expired; run: kinit"]),
        Refusal(name: "a ticket that the server does not take", reply: .page(401, isKoji: false), says: ["klist"]),
        Refusal(
            name: "a certificate's server that wants tickets", login: .certificate(path: certificates.good),
            reply: .page(401, isKoji: false), says: ["authtype = kerberos"]),
        Refusal(
            name: "a password's server that wants more", login: .password(user: "a", password: "b"),
            reply: .page(403, isKoji: false), says: ["authtype = ssl or kerberos"]),
    ]

    @Test("a refusal says what to do", arguments: refusals)
    func refusal(_ test: Refusal) async {
        let transport = ScriptedTransport([test.reply])
        let session = transport.session(test.login)
        let result = await outcome { () throws(KojiFailure) in try await session.login() }
        #expect(result.kind == "loginRefused")
        let message = result.failure?.message ?? ""
        for part in test.says { #expect(message.contains(part), "\(message)") }
        for secret in ["b-secret", "hidden", "private"] { #expect(!message.contains(secret)) }
        #expect(transport.left == 0)
        #expect(transport.sleeps.isEmpty)
        #expect(result.failure?.isHubUnusable == true)
    }

    // MARK: Certificate files

    static let certificates = CertificateFixtures()

    @Test("a good certificate is shown, with its key")
    func goodCertificate() async throws {
        let file = try CertificateFile.inspect(Self.certificates.good)
        #expect(file.commonName == "alice")
        let transport = ScriptedTransport([.session(1)])
        try await transport.session(.certificate(path: Self.certificates.good)).login()
        #expect(transport.sent.first?.request.proof == .certificate(path: Self.certificates.good))
    }

    static let badFiles: [(String, String)] = [
        (certificates.expired, "of alice expired on 2020-02-01 00:00:00 UTC"),
        (certificates.early, "is not valid before 2120-01-01 00:00:00 UTC"),
        (certificates.withoutKey, "no private key"),
        (certificates.locked, "without a password"),
        (certificates.otherKey, "is not the certificate's"),
        (certificates.keyOnly, "holds no certificate"),
        (certificates.empty, "is empty"),
        (certificates.directory, "cannot read the certificate"),
        ("/nonexistent.pem", "No such file"),
    ]

    @Test("a file that no server would take is not shown to any", arguments: badFiles)
    func badCertificate(_ path: String, _ says: String) async {
        let transport = ScriptedTransport([])
        let session = transport.session(.certificate(path: path))
        let result = await outcome { () throws(KojiFailure) in try await session.login() }
        #expect(result.kind == "loginRefused")
        #expect(result.failure?.message.contains(says) == true, "\(result.failure?.message ?? "")")
        #expect(result.failure?.message.contains("PRIVATE KEY") == false)
        #expect(transport.log.isEmpty)
    }
}
