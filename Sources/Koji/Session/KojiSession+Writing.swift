extension KojiSession {
    /// A call that may change something. Logs in if need be; waits until the changing calls before it are through.
    ///
    /// When the answer is lost the same bytes are sent again with the same number until an answer comes: the hub does
    /// nothing twice.
    ///
    /// - Throws: ``KojiFailure``; of kind `alreadyDone` when the call was carried out and its answer is lost, of kind
    ///   `answerLost` when that cannot be told. After any other kind nothing was changed.
    package func write(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:]
    ) async throws(KojiFailure) -> XMLRPCValue {
        try await write(XMLRPCCall(method: method, args: args, keywords: keywords))
    }

    /// Many changing calls in one request; the answers in the same order. A fault of one does not disturb the others.
    package func writeAll(_ calls: [XMLRPCCall]) async throws(KojiFailure) -> [XMLRPCResponse] {
        guard !calls.isEmpty else { return [] }
        return try results(try await write(MultiCall.call(calls)), calls.count)
    }

    private func write(_ call: XMLRPCCall) async throws(KojiFailure) -> XMLRPCValue {
        let bytes = try body(call)
        guard await turn.take() else { throw cancelled(call.method) }
        defer { turn.giveBack() }
        return try await observed(call.method, call.params) { () async throws(KojiFailure) in
            try await write(call.method, bytes, as: try await loggedIn(for: call.method))
        }
    }

    /// Sends a changing call until it is answered, always with the same number.
    private func write(
        _ method: String, _ bytes: [UInt8], as first: HubExchange.Credentials?
    ) async throws(KojiFailure) -> XMLRPCValue {
        var user = first
        var callnum = takeCallnum()
        var budget = RetryBudget(retry, seconds: retry.writeBudget)
        var repeatsAtOnce = 1
        var logins = 1
        var mayBeDone = false
        func ended(_ failure: KojiFailure) -> KojiFailure {
            guard mayBeDone else { return failure }
            return self.failure(
                .answerLost, "whether \(method) was carried out cannot be told: \(failure.message)", method)
        }
        while true {
            if Task.isCancelled { throw ended(cancelled(method)) }
            switch await exchange.send(method, bytes, user, callnum: callnum) {
            case .value(let value):
                return value
            case .fault(let fault):
                let failure = KojiFailure(fault, method: method, url: hub.server)
                if fault.code == FaultCode.offline {
                    // The hub is in maintenance and has not looked at the call.
                    guard await wait(&budget, after: failure) else {
                        throw ended(Task.isCancelled ? cancelled(method) : failure)
                    }
                } else if FaultCode.asksForLogin(fault.code), let old = user, logins > 0 {
                    // Said before anything is done, so the call may be sent again: with the number that it had where
                    // the session is the same one, renewed. In another session the hub would not know it again.
                    logins -= 1
                    let fresh: HubExchange.Credentials
                    do {
                        fresh = try await credentials(insteadOf: old, after: fault, for: method)
                    } catch {
                        throw ended(error)
                    }
                    if fresh.id != old.id {
                        if mayBeDone { throw ended(failure) }
                        callnum = takeCallnum()
                    }
                    user = fresh
                } else {
                    // These say nothing of an earlier try; any other fault means that it was not carried out.
                    throw FaultCode.asksForLogin(fault.code) || fault.code == FaultCode.authLock
                        ? ended(failure) : failure
                }
            case .none(let trouble):
                mayBeDone = mayBeDone || trouble.mayBeDone
                let failure = Task.isCancelled ? cancelled(method) : trouble.failure
                // Without a session there is no number, so nothing keeps the hub from doing it twice.
                if failure.kind == .cancelled || mayBeDone && user == nil { throw ended(failure) }
                switch trouble.repeat {
                case .never:
                    throw ended(failure)
                case .atOnceThenLater where repeatsAtOnce > 0, .onceAtOnce where repeatsAtOnce > 0:
                    repeatsAtOnce -= 1
                    tellRepeat(after: failure.message)
                case .later, .atOnceThenLater, .onceAtOnce:
                    guard await wait(&budget, after: failure) else {
                        throw ended(Task.isCancelled ? cancelled(method) : failure)
                    }
                }
            }
        }
    }

    private func takeCallnum() -> Int {
        defer { nextCallnum += 1 }
        return nextCallnum
    }
}
