import Foundation
import Testing

@testable import Koji

/// One suite, one process-wide identity: the tests know that nothing else here enters one.
@Suite("The process's Kerberos identity", .serialized)
struct KerberosIdentityTests {
    @Test("a keytab that cannot be read is said before anything is asked, and is not entered")
    func unreadable() {
        let identity = KerberosIdentity(principal: "a@E", keytab: "/nonexistent/a.keytab")
        let failure = #expect(throws: KojiFailure.self) { try identity.enter() }
        #expect(failure?.kind == .profile)
        #expect(failure?.message.contains("/nonexistent/a.keytab: No such file") == true)
    }

    @Test("a process has one identity; the same one may be entered again, another is refused")
    func one() throws {
        // Without keytab and cache nothing of the environment is touched.
        let mine = KerberosIdentity(principal: "a@E")
        try mine.enter()
        try mine.enter()
        let failure = #expect(throws: KojiFailure.self) { try KerberosIdentity(principal: "b@E").enter() }
        #expect(failure?.message.contains("already logs in with a Kerberos ticket of a@E") == true)
        #expect(failure?.message.contains("two processes") == true)
        #expect(failure?.isHubUnusable == true)
    }

    @Test("it is shown by what it is made of")
    func shown() {
        #expect(KerberosIdentity().description == "a Kerberos ticket")
        #expect(KerberosIdentity(cache: "FILE:/c").description == "a Kerberos ticket, from the cache FILE:/c")
        #expect(
            KerberosIdentity(principal: "a@E", keytab: "/k").description
                == "a Kerberos ticket of a@E, by the keytab /k")
    }
}
