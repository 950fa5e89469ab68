import Glibc

/// How a profile wants to log in.
package enum LoginWay: Sendable, Hashable {
    /// Reading only.
    case anonymous
    /// One PEM file with certificate and key.
    case certificate(path: String)
    /// A name and a password; neither stands in the files.
    case password
    /// Without a principal, the default one of the ticket cache. A keytab comes only together with a principal.
    case kerberos(principal: String?, keytab: String?)
}

extension KojiProfile {
    /// The way to log in, chosen as the koji program does.
    ///
    /// `authtype` decides where it is set. Else the certificate if its file is there, else a password if a user is
    /// given, else Kerberos.
    ///
    /// - Parameters:
    ///   - hasUser: whether the caller was given a user's name (for koji: `--user`).
    ///   - isFile: whether a regular file is there.
    /// - Throws: ``KojiFailure`` of kind `profile` that says what to change where.
    package func loginWay(
        hasUser: Bool = false, isFile: (String) -> Bool = { ProfileFiles.kind($0) == S_IFREG }
    ) throws(KojiFailure) -> LoginWay {
        switch authtype {
        case "noauth": return .anonymous
        case "ssl": return .certificate(path: try certificateInUse(isFile))
        case "password": return .password
        case "kerberos": return try kerberos()
        case nil:
            if let certificate, isFile(certificate) { return .certificate(path: certificate) }
            return hasUser ? .password : try kerberos()
        case .some(let word): throw refusal("authtype", word, Self.advice(word))
        }
    }

    private func certificateInUse(_ isFile: (String) -> Bool) throws(KojiFailure) -> String {
        guard let certificate else {
            throw refusal(
                "authtype", "ssl",
                "there is no certificate: name its file by cert, or put it at ~/.koji/client.crt (one PEM file with"
                    + " certificate and key)")
        }
        guard isFile(certificate) else {
            throw refusal("cert", certificate, "there is no such file, and authtype = ssl needs it")
        }
        return certificate
    }

    private func kerberos() throws(KojiFailure) -> LoginWay {
        guard let principal else { return .kerberos(principal: nil, keytab: nil) }
        if let keytab, keytab.hasPrefix("~") {
            throw refusal("keytab", keytab, "koji does not expand ~ in this key: write the whole path")
        }
        return .kerberos(principal: principal, keytab: keytab)
    }

    private func refusal(_ key: String, _ value: String, _ advice: String) -> KojiFailure {
        .profile("\(origin(of: key).map { "\($0)" } ?? "profile \(shown(name))"): \(key) = \(shown(value)): \(advice)")
    }

    private static func advice(_ word: String) -> String {
        let words = "noauth, ssl, password and kerberos"
        return switch word.lowercased() {
        case "": "it is empty; koji knows \(words): remove the line to let koji choose"
        case "gssapi", "gss", "krb", "krb5", "krbv", "spnego", "negotiate":
            "koji does not know this word: write authtype = kerberos, which means GSSAPI"
        case "cert", "certificate", "tls", "x509": "koji does not know this word: write authtype = ssl"
        case "none", "anonymous", "no": "koji does not know this word: write authtype = noauth"
        case let small where ["noauth", "ssl", "password", "kerberos"].contains(small):
            "koji knows this word in small letters only: write authtype = \(small)"
        default: "koji knows \(words)"
        }
    }
}
