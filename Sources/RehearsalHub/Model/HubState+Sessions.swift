import Koji

/// Logins and the rules that every call of a session passes first.
extension HubState {
    /// Methods that pass with an expired session.
    static let loginMethods: Set<String> = ["login", "sslLogin"]
    /// Methods that pass while another session of the user is exclusive.
    private static let lockFreeMethods: Set<String> = ["login", "sslLogin", "logout", "exclusiveSession"]

    /// Who makes this call. The order of the checks is the hub's: session, expiry, number, exclusive lock.
    ///
    /// - Throws: 1 for a number that is none, 1002, 1006, 1007, 1008 or 1009.
    mutating func identify(
        _ claim: SessionClaim?, front: FrontClaim? = nil, method: String
    ) throws(XMLRPCFault) -> HubCaller {
        guard let claim else { return HubCaller(user: nil, session: nil, callnum: nil, front: front) }
        guard let session = sessions[claim.id], session.key == claim.key, let user = user(id: session.user) else {
            throw .auth("Invalid session or bad credentials")
        }
        let isExpired = session.isExpired || clock >= session.expires(after: settings.sessionLifetime)
        if isExpired, !Self.loginMethods.contains(method) {
            throw .authExpired("session \"\(session.id)\" has expired")
        }
        var callnum: Int?
        if let text = claim.callnum {
            guard let number = Int(text) else {
                throw .unforeseen("<class 'ValueError'>: invalid literal for int() with base 10: '\(text)'")
            }
            try session.check(callnum: number, method: method)
            callnum = number
        }
        if !session.isExclusive, !Self.lockFreeMethods.contains(method),
            sessions.values.contains(where: { $0.user == session.user && $0.isExclusive })
        {
            throw .authLock("User locked by another session")
        }
        sessions[session.id]?.updated = clock
        // An expired session is nobody's until it is renewed; its id tells which one to renew.
        return HubCaller(user: isExpired ? nil : user, session: session.id, callnum: callnum, front: front)
    }

    /// A new session of `user`, or with `renewing` the same one with a new key; the stored number stays then.
    mutating func openSession(
        user: HubUser, type: AuthType, renewing: Int? = nil, master: Int? = nil
    ) -> XMLRPCValue {
        let key = newSessionKey(user: user)
        if let renewing, var session = sessions[renewing], session.user == user.id {
            session.key = key
            session.renewed = clock
            session.isExpired = false
            sessions[renewing] = session
            return session.login
        }
        lastSession += 1
        let session = HubSession(
            id: lastSession, key: key, user: user.id, type: type, master: master, started: clock, updated: clock)
        sessions[session.id] = session
        return session.login
    }

    /// Makes a session the only one of its user that is served.
    ///
    /// - Parameter force: closes another one that is exclusive.
    /// - Throws: 1006 if another one is and `force` is off.
    mutating func makeExclusive(_ id: Int, force: Bool) throws(XMLRPCFault) {
        let others = sessions.values.filter {
            $0.user == sessions[id]?.user && $0.id != id && $0.isExclusive
        }
        guard others.isEmpty || force else { throw .authLock("Cannot get exclusive session") }
        for other in others { closeSession(other.id) }
        sessions[id]?.isExclusive = true
    }

    /// Closes a session and its subsessions.
    mutating func closeSession(_ id: Int) {
        sessions = sessions.filter { $0.key != id && $0.value.master != id }
    }

    /// Notes that a call which changed something was committed under this number.
    mutating func commit(_ caller: HubCaller) {
        guard let id = caller.session, let callnum = caller.callnum else { return }
        sessions[id]?.callnum = callnum
    }

    /// `USERID-` and 19 letters or digits, as the hub's keys look.
    private mutating func newSessionKey(user: HubUser) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let key = (0..<19).map { _ in letters[Int(keys.next() % UInt64(letters.count))] }
        return "\(user.id)-" + String(key)
    }
}

/// Who makes a call.
package struct HubCaller: Sendable {
    /// Nil for anonymous calls.
    let user: HubUser?
    let session: Int?
    let callnum: Int?
    /// Who came by ticket or certificate; at the login's path only.
    let front: FrontClaim?

    /// How faults name the caller.
    var loggedInAs: String { user.map { "logged in as \($0.name)" } ?? "user not logged in" }

    func has(_ permission: String) -> Bool { user?.permissions.contains(permission) ?? false }

    /// - Throws: 1004 unless the caller has the permission, or `admin`.
    func require(_ permission: String) throws(XMLRPCFault) {
        guard has(permission) || has("admin") else {
            throw .notAllowed("\(permission) permission required (\(loggedInAs))")
        }
    }
}
