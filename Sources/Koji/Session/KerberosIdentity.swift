import Glibc
import Synchronization

/// Whose Kerberos tickets are shown.
///
/// libcurl lets GSS-API choose the identity, and GSS-API takes it from the process's environment. So there is one for a
/// process, it is entered before the first thread is started, and a second one is refused.
package struct KerberosIdentity: Sendable, Hashable, CustomStringConvertible {
    /// Who it must be, e.g. `releng/host@EXAMPLE.ORG`; nil takes whoever the ticket or the keytab names.
    package let principal: String?
    /// A file with the principal's key; nil uses tickets that somebody got by kinit.
    package let keytab: String?
    /// A ticket cache as `KRB5CCNAME` names it; nil is the user's own.
    package let cache: String?

    package init(principal: String? = nil, keytab: String? = nil, cache: String? = nil) {
        self.principal = principal
        self.keytab = keytab
        self.cache = cache
    }

    package var description: String {
        let whose = principal.map { " of \($0)" } ?? ""
        if let keytab { return "a Kerberos ticket\(whose), by the keytab \(keytab)" }
        return "a Kerberos ticket\(whose)" + (cache.map { ", from the cache \($0)" } ?? "")
    }

    private static let entered = Mutex<KerberosIdentity?>(nil)

    /// Makes this the process's identity. To be called before the first thread is started: the environment is not
    /// protected against readers of other threads.
    ///
    /// With a keytab tickets are kept in the process's memory, so that neither a cache with somebody else's ticket
    /// counts nor a cache of the user's is overwritten.
    ///
    /// - Throws: ``KojiFailure`` of kind `profile` when the process has another identity, or the keytab cannot be read.
    package func enter() throws(KojiFailure) {
        if let keytab {
            let path = keytab.hasPrefix("FILE:") ? String(keytab.dropFirst(5)) : keytab
            guard access(path, R_OK) == 0 else {
                throw .profile("cannot read the keytab \(keytab): \(String(cString: strerror(errno)))")
            }
        }
        let before = Self.entered.withLock { entered in
            defer { entered = entered ?? self }
            return entered
        }
        if let before {
            guard before == self else {
                throw .profile(
                    "this process already logs in with \(before); it cannot log in with \(self), too: use one profile,"
                        + " or two processes")
            }
            return
        }
        if let keytab {
            setenv("KRB5_CLIENT_KTNAME", keytab, 1)
            setenv("KRB5CCNAME", cache ?? "MEMORY:phase-runner", 1)
        } else if let cache {
            setenv("KRB5CCNAME", cache, 1)
        }
    }
}
