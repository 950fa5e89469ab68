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
            try state.checkLoginAllowed(user)
            return state.openSession(user: user, type: .password, renewing: isRenewal ? caller.session : nil)
        },
        HubCall("sslLogin", ["proxyuser=None", "proxyauthtype=None", "renew=False", "exclusive=None"]) {
            state, arguments, caller throws(XMLRPCFault) in
            let request = SSLLoginRequest(
                proxyUser: arguments.isTrue("proxyuser") ? try arguments.text("proxyuser") : nil,
                proxyAuthType: try arguments.optionalNumber("proxyauthtype"), renews: arguments.isTrue("renew"),
                wantsExclusive: arguments.isTrue("exclusive"))
            return try state.sslLogin(request, caller)
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
            let type = caller.session.flatMap { state.sessions[$0]?.type }
            return state.openSession(user: user, type: type ?? .password, master: caller.session)
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
            try state.makeExclusive(own, force: arguments.isTrue("force"))
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
