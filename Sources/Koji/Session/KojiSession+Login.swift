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
        _ = try? await observed("logout", nil) { () async throws(KojiFailure) in
            if case .none(let trouble) = await exchange.send("logout", bytes, old, callnum: nil) {
                throw trouble.failure
            }
        }
    }

    /// The session's credentials, by a login if there are none; nil for an anonymous user.
    func loggedIn(for method: String) async throws(KojiFailure) -> HubExchange.Credentials? {
        if case .anonymous = login { return nil }
        if let credentials { return credentials }
        return try await credentials(insteadOf: nil, after: nil, for: method)
    }

    /// What to go on with when the hub does not take `old` any more.
    ///
    /// Of many calls that meet the same refusal one logs in, and the others take what it got. A session that has only
    /// expired (fault 1007) is renewed: it keeps its id, and the hub keeps the number of the last changing call, so that
    /// one whose answer was lost may still be repeated. Else a new session begins, and its numbers with it.
    func credentials(
        insteadOf old: HubExchange.Credentials?, after fault: XMLRPCFault?, for method: String
    ) async throws(KojiFailure) -> HubExchange.Credentials {
        if let credentials, credentials != old { return credentials }
        let before = logins.count
        guard await loginTurn.take() else { throw cancelled(method) }
        defer { loginTurn.giveBack() }
        if let credentials, credentials != old { return credentials }
        if logins.count > before, let failure = logins.failure { throw failure }
        do {
            let fresh: HubExchange.Credentials
            if let old, fault?.code == FaultCode.authExpired, let renewed = try await renewed(old) {
                fresh = renewed
            } else {
                fresh = try await newSession()
                nextCallnum = 0
            }
            credentials = fresh
            logins = (logins.count + 1, nil)
            return fresh
        } catch {
            // A login that was only given up is no answer for those who still wait.
            if error.kind != .cancelled { logins = (logins.count + 1, error) }
            throw error
        }
    }

    /// The same session with a new key; nil if the hub will not have it.
    ///
    /// Without a callnum: with one, the renewal would take the number of the call that waits for it.
    private func renewed(_ old: HubExchange.Credentials) async throws(KojiFailure) -> HubExchange.Credentials? {
        guard let request = LoginCall(login, proxyUser: proxyUser, server: hub.server, isRenewal: true) else {
            return nil
        }
        switch try await answer(to: request, as: old) {
        case .fault: return nil
        case .value(let value):
            let renewed = try credentials(of: value)
            return renewed.id == old.id ? renewed : nil
        }
    }

    private func newSession() async throws(KojiFailure) -> HubExchange.Credentials {
        guard let request = LoginCall(login, proxyUser: proxyUser, server: hub.server, isRenewal: false) else {
            throw failure(.loginNotOffered, "this session is anonymous", "login")
        }
        if case .password = login, proxyUser != nil {
            throw failure(.loginNotOffered, "only a certificate or a ticket can log in another user", "login")
        }
        let fresh: HubExchange.Credentials
        switch try await answer(to: request, as: nil) {
        case .fault(let fault): throw refusal.failure(fault)
        case .value(let value): fresh = try credentials(of: value)
        }
        try await checkPrincipal(fresh)
        return fresh
    }

    /// GSS-API chooses among the identities that it finds; the profile may have named another.
    private func checkPrincipal(_ fresh: HubExchange.Credentials) async throws(KojiFailure) {
        guard case .kerberos(let identity) = login, let wanted = identity.principal, proxyUser == nil else { return }
        let bytes = try body(XMLRPCCall(method: "getLoggedInUser", params: []))
        guard case .value(.object(let user)) = await exchange.send("getLoggedInUser", bytes, fresh, callnum: nil),
            case .array(let items)? = user["krb_principals"], case .string(let name)? = user["name"]
        else { return }
        let principals = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
        guard !principals.isEmpty, !principals.contains(wanted) else { return }
        if let bytes = try? body(XMLRPCCall(method: "logout", params: [])) {
            _ = await exchange.send("logout", bytes, fresh, callnum: nil)
        }
        throw refusal.failure(wrongUser: name, principals: principals, wanted: wanted)
    }

    /// The hub's word on a login, by as many tries as the budget allows.
    private func answer(
        to request: LoginCall, as old: HubExchange.Credentials?
    ) async throws(KojiFailure) -> XMLRPCResponse {
        try checkMeans()
        let bytes = try body(request.call)
        let url = hub.server
        return try await observed(
            request.call.method, nil,
            refusal: { answer in
                guard case .fault(let fault) = answer else { return nil }
                return KojiFailure(fault, method: request.call.method, url: url)
            },
            { () async throws(KojiFailure) in try await answer(to: request, bytes, as: old) })
    }

    private func answer(
        to request: LoginCall, _ bytes: [UInt8], as old: HubExchange.Credentials?
    ) async throws(KojiFailure) -> XMLRPCResponse {
        let method = request.call.method
        var budget = RetryBudget(retry, seconds: retry.readBudget)
        var repeatsAtOnce = 1
        while true {
            if Task.isCancelled { throw cancelled(method) }
            let failure: KojiFailure
            switch await exchange.send(method, bytes, old, callnum: nil, login: request) {
            case .value(let value):
                return .value(value)
            case .fault(let fault) where fault.code == FaultCode.offline:
                failure = KojiFailure(fault, method: method, url: hub.server)
            case .fault(let fault):
                return .fault(fault)
            case .none(let trouble):
                if trouble.failure.kind == .cancelled || Task.isCancelled { throw cancelled(method) }
                if let refused = refused(trouble.cause) { throw refused }
                switch trouble.repeat {
                case .never: throw trouble.failure
                case .onceAtOnce where repeatsAtOnce > 0, .atOnceThenLater where repeatsAtOnce > 0:
                    // A login that took effect unseen leaves a session behind that nobody uses: no harm.
                    repeatsAtOnce -= 1
                    tellRepeat(after: trouble.failure.message)
                    continue
                case .onceAtOnce: throw trouble.failure
                case .later, .atOnceThenLater: failure = trouble.failure
                }
            }
            guard await wait(&budget, after: failure) else { throw Task.isCancelled ? cancelled(method) : failure }
        }
    }

    /// What can be seen from here before anybody is asked.
    private nonisolated func checkMeans() throws(KojiFailure) {
        switch login {
        case .certificate(let path):
            do {
                _ = try CertificateFile.inspect(path)
            } catch {
                throw refusal.failure(local: error.reason)
            }
        case .kerberos:
            guard CurlTransport.hasTickets else {
                throw refusal.failure(local: "this machine's libcurl was built without GSS-API")
            }
        case .anonymous, .password: break
        }
    }

    /// A refusal by the web server, which will not change by waiting.
    private nonisolated func refused(_ cause: HubExchange.Cause) -> KojiFailure? {
        switch cause {
        case .answer(let response) where response.status == 401 || response.status == 403:
            refusal.failure(status: response.status, ticketTrouble: response.ticketTrouble)
        case .noAnswer(let http) where http.kind == .tls: refusal.failure(http)
        case .answer, .noAnswer: nil
        }
    }

    private nonisolated var refusal: LoginRefusal {
        LoginRefusal(login: login, proxyUser: proxyUser, server: hub.server)
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
