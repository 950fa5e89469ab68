extension KojiSession {
    /// Logs in, unless that was done. Calls that need a login do it by themselves; this is to learn early that it fails.
    ///
    /// - Throws: ``KojiFailure`` of kind `loginRefused`, `loginNotOffered`, or whatever keeps the hub from answering.
    package func login() async throws(KojiFailure) {
        _ = try await loggedIn(for: "login")
    }

    /// Ends the session on the hub. Whatever goes wrong does no harm: a hub forgets sessions by itself.
    package func logout() async {
        guard let old = credentials else { return }
        credentials = nil
        guard let bytes = try? body(XMLRPCCall(method: "logout", params: [])) else { return }
        _ = await exchange.send("logout", bytes, old, callnum: nil)
    }

    /// The session's credentials, by a login if there are none; nil for an anonymous user.
    func loggedIn(for method: String) async throws(KojiFailure) -> HubExchange.Credentials? {
        if case .anonymous = login { return nil }
        if let credentials { return credentials }
        return try await renew(nil, for: method)
    }

    /// A new session in the place of `old`, which the hub does not take any more.
    ///
    /// Of many calls that meet the same refusal one logs in, and the others take what it got.
    func renew(
        _ old: HubExchange.Credentials?, for method: String
    ) async throws(KojiFailure) -> HubExchange.Credentials {
        if let credentials, credentials != old { return credentials }
        let before = logins.count
        guard await loginTurn.take() else { throw cancelled(method) }
        defer { loginTurn.giveBack() }
        if let credentials, credentials != old { return credentials }
        if logins.count > before, let failure = logins.failure { throw failure }
        do {
            let fresh = try await newSession()
            credentials = fresh
            nextCallnum = 0
            logins = (logins.count + 1, nil)
            return fresh
        } catch {
            // A login that was only given up is no answer for those who still wait.
            if error.kind != .cancelled { logins = (logins.count + 1, error) }
            throw error
        }
    }

    private func newSession() async throws(KojiFailure) -> HubExchange.Credentials {
        let user: String
        let password: String
        switch login {
        case .password(let name, let secret):
            (user, password) = (name, secret)
        case .anonymous:
            throw failure(.loginNotOffered, "this session is anonymous", "login")
        case .notOffered(let authtype):
            throw failure(
                .loginNotOffered,
                "the profile wants a login by '\(authtype)'; this version offers password and anonymous only", "login")
        }
        let bytes = try body(XMLRPCCall(method: "login", params: [.string(user), .string(password)]))
        var budget = RetryBudget(retry, seconds: retry.readBudget)
        while true {
            if Task.isCancelled { throw cancelled("login") }
            let failure: KojiFailure
            switch await exchange.send("login", bytes, nil, callnum: nil) {
            case .value(let value):
                return try credentials(of: value)
            case .fault(let fault) where fault.code == FaultCode.offline:
                failure = KojiFailure(fault, method: "login", url: hub.server)
            case .fault(let fault):
                throw refused(fault, user: user, password: password)
            case .none(let trouble):
                if trouble.failure.kind == .cancelled || Task.isCancelled { throw cancelled("login") }
                if case .never = trouble.repeat { throw trouble.failure }
                failure = trouble.failure
            }
            guard await wait(&budget, after: failure) else {
                throw Task.isCancelled ? cancelled("login") : failure
            }
        }
    }

    /// The hub's own words, but for the password in case they should hold it.
    private nonisolated func refused(_ fault: XMLRPCFault, user: String, password: String) -> KojiFailure {
        let text = password.isEmpty ? fault.text : fault.text.replacing(password, with: "…")
        let shown = XMLRPCFault(code: fault.code, text: text)
        var failure = failure(.loginRefused, "login as \(user) was refused: \(shown.summary)", "login")
        failure.fault = shown
        return failure
    }

    private nonisolated func credentials(of value: XMLRPCValue) throws(KojiFailure) -> HubExchange.Credentials {
        guard case .object(let members) = value, case .int(let number)? = members["session-id"],
            let id = Int(exactly: number), case .string(let key)? = members["session-key"]
        else { throw failure(.badAnswer, "the answer to login holds no session-id and session-key", "login") }
        guard members["header-auth"]?.isTrue == true else {
            throw failure(
                .loginNotOffered, "the hub takes no sessions in headers; it is older than Koji 1.31", "login")
        }
        return HubExchange.Credentials(id: id, key: key)
    }
}
