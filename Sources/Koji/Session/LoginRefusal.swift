/// Why a hub does not let one in, and what to do about it.
///
/// The facts behind each sentence are the refusals that real hubs were seen to give to certificates and tickets.
struct LoginRefusal: Sendable {
    let login: Login
    let proxyUser: String?
    /// The hub's URL.
    let server: String

    // MARK: What the hub says

    func failure(_ fault: XMLRPCFault) -> KojiFailure {
        var text = fault.text
        // The hub's own words, but for the password in case they should hold it.
        if case .password(_, let password) = login, !password.isEmpty { text = text.replacing(password, with: "…") }
        let shown = XMLRPCFault(code: fault.code, text: text)
        var failure = failure("\(shown.summary)\(remedy(text).map { "; \($0)" } ?? "")")
        failure.fault = shown
        return failure
    }

    private func remedy(_ text: String) -> String? {
        if text.contains("Unknown user") {
            return "the hub has no such user; its administrator adds one with: koji add-user NAME"
                + (isTicket ? ", and the principal with: koji edit-user --add-krb=PRINCIPAL NAME" : "")
        }
        if text.contains("are not allowed") { return "the hub's administrator has blocked this user" }
        if text.contains("is not authorized to login other users") {
            return "only users that the hub's configuration names may log in others (ProxyPrincipals, ProxyDNs)"
        }
        if text.contains("could not verify client") {
            switch login {
            case .certificate(let path):
                return "the web server did not accept, or did not ask for, the certificate \(path); if this hub wants"
                    + " Kerberos, set authtype = kerberos in the profile"
            case .kerberos:
                return
                    "the web server did not ask for a ticket; if this hub wants a certificate, set authtype = ssl and"
                    + " cert in the profile"
            case .anonymous, .password: return nil
            }
        }
        if text.contains("invalid username or password") { return "check KOJI_USER and KOJI_PASSWORD" }
        return nil
    }

    // MARK: What the web server says

    /// - Parameters:
    ///   - status: 401 or 403.
    ///   - ticketTrouble: what GSS-API said when it could not make a token.
    func failure(status: Int, ticketTrouble: String?) -> KojiFailure {
        let who = "the web server answers \(status)"
        switch login {
        case .kerberos(let identity):
            guard let ticketTrouble else {
                return failure(
                    "\(who): it does not accept the Kerberos ticket; look at it with klist, or with kvno"
                        + " HTTP@\(host) for the service's")
            }
            return failure("no Kerberos token for HTTP@\(host): \(Self.remedy(ticketTrouble, identity))")
        case .certificate(let path):
            let hint =
                status == 401
                ? "it seems to want Kerberos: set authtype = kerberos in the profile"
                : "it does not accept the certificate \(path)"
            return failure("\(who): \(hint)")
        case .anonymous, .password:
            return failure("\(who): it wants a certificate or a ticket; set authtype = ssl or kerberos in the profile")
        }
    }

    private static func remedy(_ trouble: String, _ identity: KerberosIdentity) -> String {
        let principal = identity.principal ?? "USER@REALM"
        // MIT Kerberos names the server in the middle: "Server HTTP/host@REALM not found in Kerberos database".
        if trouble.contains("Server "), trouble.contains("not found in Kerberos database") {
            return "the realm knows no such service; usually the host's name is made canonical in another way: set"
                + " rdns = false and dns_canonicalize_hostname = false in krb5.conf (\(trouble))"
        }
        if trouble.contains("Clock skew") { return "this machine's clock differs from the realm's (\(trouble))" }
        if trouble.contains("Cannot contact any KDC") || trouble.contains("Cannot find KDC")
            || trouble.contains("Cannot resolve network address for KDC")
        {
            return "the realm does not answer; see which servers krb5.conf names, and whether they can be reached from"
                + " here (\(trouble))"
        }
        if let keytab = identity.keytab {
            return "the keytab \(keytab) gives no ticket; see why with: kinit -k -t \(keytab) \(principal) (\(trouble))"
        }
        if trouble.contains("expired") { return "the ticket has expired; run: kinit \(principal) (\(trouble))" }
        return "there is no ticket; run: kinit \(principal) (\(trouble))"
    }

    // MARK: What TLS says

    func failure(_ http: HTTPFailure) -> KojiFailure {
        guard case .certificate(let path) = login else {
            // TLS 1.3 says what is missing; TLS 1.2 ends the handshake without a word.
            let hint =
                http.message.contains("certificate required")
                ? "; the web server wants a certificate: set authtype = ssl and cert in the profile" : ""
            return failure(http.message + hint)
        }
        if http.message.contains("unknown ca") {
            return failure("the web server does not know who issued the certificate \(path) (\(http.message))")
        }
        if http.message.contains("certificate expired") {
            return failure("the web server says that the certificate \(path) has expired (\(http.message))")
        }
        return failure(http.message)
    }

    /// Another user than the profile names.
    func failure(wrongUser user: String, principals: [String], wanted: String) -> KojiFailure {
        failure(
            "the ticket is not one of \(wanted) but makes the hub log in \(user)"
                + (principals.isEmpty ? "" : " (\(principals.joined(separator: ", ")))")
                + "; the first principal of a keytab counts, and the default one of a cache: use a keytab with"
                + " \(wanted) alone, or kswitch -p \(wanted)")
    }

    /// Nobody was asked.
    func failure(local reason: String) -> KojiFailure { failure(reason) }

    private var isTicket: Bool { if case .kerberos = login { true } else { false } }

    private var host: String {
        let server = ShownURL.text(server)
        let rest = server.firstRange(of: "://").map { server[$0.upperBound...] } ?? server[...]
        return String(rest.prefix { $0 != "/" && $0 != ":" })
    }

    private func failure(_ reason: String) -> KojiFailure {
        let other = proxyUser.map { " for user \($0)" } ?? ""
        return KojiFailure(
            kind: .loginRefused,
            message: "\(ShownURL.text(server)): login with \(login)\(other) is refused: \(reason)", method: "login",
            url: server)
    }
}
