import Koji

extension HubCalls {
    /// Logging in and out.
    static let sessions: [HubCall] = [
        HubCall("login", ["user", "password", "opts=None", "renew=False", "exclusive=False"]) {
            state, arguments, caller throws(XMLRPCFault) in
            let isRenewal = arguments.isTrue("renew")
            if caller.user != nil, !isRenewal { throw .auth("Already logged in") }
            guard let user = state.user(named: try arguments.text("user")), let password = user.password,
                password == arguments["password"].textValue
            else { throw .auth("invalid username or password") }
            guard !user.isBlocked else { throw .auth("logins by \(user.name) are not allowed") }
            return state.openSession(user: user, by: .password, renewing: isRenewal ? caller.session : nil)
        },
        HubCall("sslLogin", ["proxyuser=None", "proxyauthtype=None", "renew=False", "exclusive=None"]) {
            state, arguments, caller throws(XMLRPCFault) in
            let isRenewal = arguments.isTrue("renew")
            if caller.user != nil, !isRenewal { throw .auth("Already logged in") }
            let (visitor, type) = try state.visitor(caller.visitor)
            guard arguments["proxyuser"].isNil else {
                let name = try arguments.text("proxyuser")
                guard visitor.mayLogInOthers else {
                    throw .auth(
                        "\(caller.visitor?.principal ?? "CN=\(visitor.name)") is not authorized to login other users")
                }
                guard let user = state.user(named: name) else { throw .auth("Unknown user: \(name)") }
                return state.openSession(user: user, by: type, renewing: isRenewal ? caller.session : nil)
            }
            return state.openSession(user: visitor, by: type, renewing: isRenewal ? caller.session : nil)
        },
        HubCall("logout", ["session_id=None"]) { state, arguments, caller throws(XMLRPCFault) in
            guard let own = caller.session else { throw .auth("Not logged in") }
            let id = try arguments.optionalNumber("session_id") ?? own
            guard let session = state.sessions[id], session.user == caller.user?.id else {
                throw .notAllowed("no such session of this user: \(id)")
            }
            state.closeSession(id)
            return .null
        },
        HubCall("subsession") { state, _, caller throws(XMLRPCFault) in
            guard let user = caller.user else { throw .auth("Not logged in") }
            return state.openSession(user: user, by: .password, master: caller.session)
        },
        HubCall("logoutChild", ["session_id"]) { state, arguments, caller throws(XMLRPCFault) in
            let id = try arguments.number("session_id")
            guard let session = state.sessions[id], session.master == caller.session, caller.session != nil else {
                throw .auth("Cannot find session: \(id)")
            }
            state.closeSession(id)
            return .null
        },
        HubCall("exclusiveSession", ["force=False"]) { state, arguments, caller throws(XMLRPCFault) in
            guard let own = caller.session else { throw .auth("Not logged in") }
            let others = state.sessions.values.filter {
                $0.user == caller.user?.id && $0.id != own && $0.isExclusive
            }
            guard others.isEmpty || arguments.isTrue("force") else { throw .authLock("Cannot get exclusive session") }
            for other in others { state.closeSession(other.id) }
            state.sessions[own]?.isExclusive = true
            state.hasChanged = true
            return .null
        },
        HubCall("sharedSession") { state, _, caller throws(XMLRPCFault) in
            guard let own = caller.session else { throw .auth("Not logged in") }
            state.sessions[own]?.isExclusive = false
            state.hasChanged = true
            return .null
        },
        HubCall("getSessionInfo", ["details=False", "user_id=None"]) { state, _, caller in
            guard let session = caller.session.flatMap({ state.sessions[$0] }) else { return .null }
            return .object([
                "authtype": .number(session.type.rawValue), "callnum": .optional(session.callnum),
                "exclusive": session.isExclusive ? .bool(true) : .null, "expired": .bool(false),
                "master": .optional(session.master), "renew_time": .time(session.renewed),
                "renew_ts": .timestamp(session.renewed), "start_time": .time(session.started),
                "start_ts": .timestamp(session.started), "update_time": .time(session.updated),
                "update_ts": .timestamp(session.updated), "user_id": .number(session.user),
            ])
        },
        HubCall("showSession") { _, _, caller in
            .string(caller.session.map { "session \($0) (rehearsal)" } ?? "no session (rehearsal)")
        },
    ]
}

extension HubState {
    /// The user that a certificate or a ticket belongs to. A ticket goes before a certificate, as behind a real server.
    fileprivate func visitor(_ visitor: Visitor?) throws(XMLRPCFault) -> (HubUser, AuthType) {
        let user: HubUser?
        let type: AuthType
        let name: String
        if let principal = visitor?.principal, !principal.isEmpty {
            (user, type, name) = (users.first { $0.principals.contains(principal) }, .ticket, principal)
        } else if let visitor, visitor.verification == "SUCCESS" {
            name = visitor.commonName ?? ""
            (user, type) = (self.user(named: name), .certificate)
        } else if let visitor {
            throw .auth("could not verify client: \(visitor.verification)")
        } else {
            throw .auth("could not verify client: the rehearsal hub knows passwords only (authtype = password)")
        }
        guard let user else { throw .auth("Unknown user: \(name)") }
        guard !user.isBlocked else { throw .auth("logins by \(user.name) are not allowed") }
        return (user, type)
    }
}
