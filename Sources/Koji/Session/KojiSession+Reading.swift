extension KojiSession {
    /// A call that changes nothing. Runs beside others, with the session's credentials once there is a login.
    ///
    /// A broken connection is repeated at once, then after growing waits within the read budget; an expired or unknown
    /// session is renewed once.
    package func read(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:]
    ) async throws(KojiFailure) -> XMLRPCValue {
        try await read(XMLRPCCall(method: method, args: args, keywords: keywords))
    }

    /// Many reading calls in one request; the answers in the same order. A fault of one does not disturb the others.
    package func readAll(_ calls: [XMLRPCCall]) async throws(KojiFailure) -> [XMLRPCResponse] {
        guard !calls.isEmpty else { return [] }
        return try results(try await read(MultiCall.call(calls)), calls.count)
    }

    nonisolated func results(_ value: XMLRPCValue, _ count: Int) throws(KojiFailure) -> [XMLRPCResponse] {
        do {
            return try MultiCall.results(value, count: count)
        } catch {
            throw failure(.badAnswer, error.description, "multiCall")
        }
    }

    private func read(_ call: XMLRPCCall) async throws(KojiFailure) -> XMLRPCValue {
        let bytes = try body(call)
        return try await observed(call.method, call.params) { () async throws(KojiFailure) in
            try await read(call.method, bytes)
        }
    }

    /// Sends a reading call until it is answered.
    private func read(_ method: String, _ bytes: [UInt8]) async throws(KojiFailure) -> XMLRPCValue {
        var budget = RetryBudget(retry, seconds: retry.readBudget)
        var repeatsAtOnce = 1
        var logins = 1
        while true {
            if Task.isCancelled { throw cancelled(method) }
            let used = credentials
            switch await exchange.send(method, bytes, used, callnum: nil) {
            case .value(let value):
                hasAnswered = true
                return value
            case .fault(let fault):
                hasAnswered = true
                let failure = KojiFailure(fault, method: method, url: hub.server)
                // The fault that a task failed with comes as this call's fault, and its number means nothing here.
                if method == "getTaskResult" { throw failure }
                if FaultCode.asksForLogin(fault.code), used != nil, logins > 0 {
                    logins -= 1
                    _ = try await credentials(insteadOf: used, after: fault, for: method)
                    continue
                }
                guard fault.code == FaultCode.offline, await wait(&budget, after: failure) else { throw failure }
            case .none(let trouble):
                if trouble.failure.kind == .cancelled || Task.isCancelled { throw cancelled(method) }
                switch trouble.repeat {
                case .never:
                    throw trouble.failure
                case .atOnceThenLater where repeatsAtOnce > 0, .onceAtOnce where repeatsAtOnce > 0:
                    repeatsAtOnce -= 1
                    tellRepeat(after: trouble.failure.message)
                // Nobody at this URL has ever answered as a hub does, so the URL may be wrong.
                case .onceAtOnce where !hasAnswered:
                    throw trouble.failure
                case .later, .atOnceThenLater, .onceAtOnce:
                    guard await wait(&budget, after: trouble.failure) else {
                        throw Task.isCancelled ? cancelled(method) : trouble.failure
                    }
                }
            }
        }
    }
}
