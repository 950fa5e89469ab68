/// Who one is on a hub, and how one shows it.
package enum Login: Sendable, Hashable, CustomStringConvertible {
    /// Reading only.
    case anonymous
    /// A name and a password that the hub itself keeps; rehearsal hubs and test hubs offer it.
    case password(user: String, password: String)
    /// A TLS client certificate: one PEM file with certificate and key. The hub takes the subject's CN as the user.
    case certificate(path: String)
    /// A Kerberos ticket (HTTP Negotiate). The hub looks for the user that has the principal.
    case kerberos(KerberosIdentity)

    /// Never with the password.
    package var description: String {
        switch self {
        case .anonymous: "anonymous"
        case .password(let user, _): "user \(user), with a password"
        case .certificate(let path): "the certificate \(path)"
        case .kerberos(let identity): identity.description
        }
    }

    /// Whether the web server, and not the hub, checks who it is; that needs https, and a URL of its own.
    var isShownToServer: Bool {
        switch self {
        case .anonymous, .password: false
        case .certificate, .kerberos: true
        }
    }
}

extension Login: CustomReflectable {
    /// So that a dump does not show the password either.
    package var customMirror: Mirror { Mirror(self, children: ["login": description]) }
}
