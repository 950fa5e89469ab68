import Koji

/// What `sslLogin` was asked for.
struct SSLLoginRequest: Sendable {
    let proxyUser: String?
    let proxyAuthType: Int?
    let renews: Bool
    let wantsExclusive: Bool
}

/// Who logs in by ticket or certificate, before it is known whether there is such a user.
private struct Comer {
    var name: String
    var type: AuthType
    /// How faults name the one who came: the principal, or the subject of the certificate.
    let subject: String
}

/// Logins by ticket or certificate.
extension HubState {
    /// The hub's `sslLogin`.
    ///
    /// - Throws: 1002 in the hub's words, 1006 if another session is exclusive and this one should be.
    mutating func sslLogin(_ request: SSLLoginRequest, _ caller: HubCaller) throws(XMLRPCFault) -> XMLRPCValue {
        if caller.user != nil, !request.renews { throw .auth("Already logged in") }
        var comer = try comer(caller.front)
        if let proxied = request.proxyUser {
            guard user(of: comer)?.mayLogInOthers == true else {
                throw .auth("\(comer.subject) is not authorized to login other users")
            }
            comer.name = proxied
            if let number = request.proxyAuthType { comer.type = try proxyType(number, of: comer) }
        }
        guard let user = user(of: comer) else { throw .auth("Unknown user: \(comer.name)") }
        return try open(user, comer.type, request, caller)
    }

    private mutating func open(
        _ user: HubUser, _ type: AuthType, _ request: SSLLoginRequest, _ caller: HubCaller
    ) throws(XMLRPCFault) -> XMLRPCValue {
        try checkLoginAllowed(user)
        let login = openSession(user: user, type: type, renewing: request.renews ? caller.session : nil)
        if request.wantsExclusive, let id = login["session-id"].wholeNumber {
            do throws(XMLRPCFault) {
                try makeExclusive(id, force: false)
            } catch {
                // The hub rolls the login back.
                if id != caller.session { closeSession(id) }
                throw error
            }
        }
        return login
    }

    /// A ticket goes before a certificate, as on the real hub.
    private func comer(_ front: FrontClaim?) throws(XMLRPCFault) -> Comer {
        guard settings.frontSecret != nil else {
            throw .auth("could not verify client: the rehearsal hub knows passwords only (authtype = password)")
        }
        // At any other path than the login's a web server asks for no certificate and no ticket.
        guard let front else { throw .auth("could not verify client: NONE") }
        if let principal = front.remoteUser, !principal.isEmpty {
            return Comer(name: principal, type: .ticket, subject: principal)
        }
        guard front.clientVerify == "SUCCESS" else {
            throw .auth("could not verify client: \(front.clientVerify ?? "None")")
        }
        guard let name = front.clientName, !name.isEmpty else {
            throw .auth("unable to get user information (CN) from client certificate")
        }
        return Comer(name: name, type: .certificate, subject: front.clientSubject ?? "CN=\(name)")
    }

    private func user(of comer: Comer) -> HubUser? {
        if comer.type == .ticket, comer.name.contains("@") {
            return users.first { $0.principals.contains(comer.name) }
        }
        return user(named: comer.name)
    }

    /// The kind of session that one who logs in another asks for.
    private func proxyType(_ number: Int, of comer: Comer) throws(XMLRPCFault) -> AuthType {
        guard settings.allowsProxyAuthType || number == comer.type.rawValue else {
            throw .auth(
                "Proxy must use same auth mechanism as hub (behaviour can be overriden via AllowProxyAuthType hub option)"
            )
        }
        guard let type = AuthType(rawValue: number), type != .password else {
            throw .auth("Proxied authtype \(number) is not valid for sslLogin")
        }
        return type
    }

    /// - Throws: 1002 for a blocked user.
    func checkLoginAllowed(_ user: HubUser) throws(XMLRPCFault) {
        if user.isBlocked { throw .auth("logins by \(user.name) are not allowed") }
    }
}
