import Koji
import Testing

@Suite("The way to log in")
struct LoginWayTests {
    private func way(_ keys: String, hasUser: Bool = false, there: Bool = true) throws -> LoginWay {
        let files = ["etc/koji.conf": "[koji]\n\(keys)\n"]
        return try ProfileFixture.load("koji", files).get().loginWay(hasUser: hasUser) { _ in there }
    }

    private func refusal(_ keys: String, there: Bool = true) throws -> String? {
        do {
            _ = try way(keys, there: there)
            return nil
        } catch let failure as KojiFailure {
            #expect(failure.kind == .profile)
            return failure.message
        }
    }

    @Test("authtype decides where it is set")
    func authtype() throws {
        #expect(try way("authtype = noauth\ncert = /c") == .anonymous)
        #expect(try way("authtype = ssl\ncert = /c") == .certificate(path: "/c"))
        #expect(try way("authtype = password\ncert = /c") == .password)
        #expect(try way("authtype = kerberos\ncert = /c", hasUser: true) == .kerberos(principal: nil, keytab: nil))
    }

    @Test("without authtype it is the certificate, else a password, else Kerberos")
    func chosen() throws {
        #expect(try way("cert = /c", hasUser: true) == .certificate(path: "/c"))
        #expect(try way("cert = /c", hasUser: true, there: false) == .password)
        #expect(try way("cert = /c", there: false) == .kerberos(principal: nil, keytab: nil))
        #expect(try way("cert =") == .kerberos(principal: nil, keytab: nil))
    }

    @Test("a keytab counts only together with a principal")
    func keytab() throws {
        #expect(try way("principal = p@R\nkeytab = /k") == .kerberos(principal: "p@R", keytab: "/k"))
        #expect(try way("principal = p@R") == .kerberos(principal: "p@R", keytab: nil))
        #expect(try way("keytab = /k") == .kerberos(principal: nil, keytab: nil))
        let alone = try ProfileFixture.load("koji", ["etc/koji.conf": "[koji]\nkeytab = /k\n"]).get()
        #expect(
            alone.notes.count == 1 && alone.notes.allSatisfy { $0.contains("koji.conf:2") && $0.contains("principal") })
    }

    @Test(
        "what cannot work says where, and what to write",
        arguments: [
            ("authtype = gssapi", "write authtype = kerberos, which means GSSAPI"),
            ("authtype = GSSAPI", "write authtype = kerberos"), ("authtype = SSL", "write authtype = ssl"),
            ("authtype = certificate", "write authtype = ssl"), ("authtype = none", "write authtype = noauth"),
            ("authtype =", "remove the line"), ("authtype = other", "noauth, ssl, password and kerberos"),
            ("authtype = ssl", "~/.koji/client.crt"), ("authtype = ssl\ncert = /c", "no such file"),
            ("principal = p\nkeytab = ~/k", "write the whole path"),
        ])
    func refused(keys: String, advice: String) throws {
        let message = try #require(try refusal(keys, there: false))
        #expect(message.contains(advice))
        #expect(message.contains("koji.conf:2: ") || message.contains("koji.conf:3: "))
    }
}
