/// How a profile says that one logs in.
package enum LoginWay: Sendable, Hashable {
    case anonymous
    /// A PEM file with certificate and key.
    case certificate(path: String)
    /// A name and a password, which stand in no file.
    case password
    case kerberos(principal: String?, keytab: String?)
}

extension KojiProfile {
    /// How to log in, as the koji program decides: by `authtype`; where that is not set, with the certificate if its file
    /// is there, with a password if a user is given, else by Kerberos. A keytab counts only together with a principal.
    ///
    /// - Parameters:
    ///   - hasUser: whether the command line or the environment names a user with a password.
    ///   - exists: whether a path is a file.
    /// - Throws: ``KojiFailure`` of kind `profile` for a word that is none of koji's.
    package func loginWay(
        hasUser: Bool, exists: (String) -> Bool = ProfileFile.exists
    ) throws(KojiFailure) -> LoginWay {
        let kerberos = LoginWay.kerberos(principal: principal, keytab: principal == nil ? nil : keytab)
        switch authtype {
        case "noauth": return .anonymous
        case "ssl":
            guard let certificate else {
                throw failure(
                    "profile \(name) logs in by certificate, and names none: set cert to a PEM file with certificate"
                        + " and key")
            }
            return .certificate(path: certificate)
        case "password": return .password
        case "kerberos": return kerberos
        case nil:
            if let certificate, exists(certificate) { return .certificate(path: certificate) }
            return hasUser ? .password : kerberos
        case let word?:
            let hint = word.lowercased().hasPrefix("gss") ? "; for GSSAPI write authtype = kerberos" : ""
            throw failure(
                "profile \(name): authtype is '\(ShownURL.printable(word))', and koji knows noauth, ssl, password and"
                    + " kerberos\(hint)")
        }
    }
}
