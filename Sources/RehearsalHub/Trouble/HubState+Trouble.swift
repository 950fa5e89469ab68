package import Koji

/// What became of a request: an answer, a trouble, or an answer that suffers from one.
package struct HubReception: Sendable {
    /// What goes wrong on the way back; nil if nothing does.
    package let trouble: Trouble?
    /// The answer; nil if the call was not carried out, or if the request was no call.
    package let response: XMLRPCResponse?
}

extension HubState {
    /// Counts a request to the hub's URL, asks the rules about it, and carries it out unless they say otherwise.
    ///
    /// The caller has advanced the state to now (``advance(to:)``).
    ///
    /// - Parameter call: nil if the request was none.
    package mutating func receive(
        _ call: XMLRPCCall?, claim: SessionClaim?, front: FrontClaim? = nil
    ) -> HubReception {
        statistics.requests += 1
        let session = claim.flatMap { sessions[$0.id] }.flatMap { $0.key == claim?.key ? $0 : nil }
        let isLogin = call.map { Self.loginMethods.contains($0.method) } ?? true
        let trouble = troubles.strike(method: call?.method, hasSession: session != nil && !isLogin)
        if let trouble {
            statistics.troubles[trouble.name, default: 0] += 1
            let method = call?.method ?? "no call"
            perform(.log("\(clock.text) trouble \(trouble.name) at request \(requests) (\(method))"))
            befall(trouble, session: session?.id)
        }
        guard let call, trouble?.reachesHub ?? true else {
            return HubReception(trouble: trouble, response: trouble?.fault.map { .fault($0) })
        }
        return HubReception(trouble: trouble, response: answer(call, claim: claim, front: front))
    }

    /// Requests to the hub's URL since the last rules were set all at once.
    package var requests: Int { statistics.requests - requestsBefore }

    /// Puts these rules in the place of all others and counts requests anew.
    package mutating func expect(_ rules: [TroubleRule]) {
        troubles = TroubleBook(rules)
        requestsBefore = statistics.requests
    }

    /// What a trouble does to the hub itself.
    private mutating func befall(_ trouble: Trouble, session: Int?) {
        switch trouble {
        case .fault(1002): if let session { closeSession(session) }
        case .expired: expireSessions()
        case .closed: sessions.removeAll()
        case .fault(1007): if let session { sessions[session]?.isExpired = true }
        case .maintenance(let duration): goOffline(for: duration)
        default: break
        }
    }

    /// All calls within `duration` are answered with fault 1014.
    mutating func goOffline(for duration: Duration) { offlineUntil = max(offlineUntil ?? clock, clock + duration) }
}

extension Trouble {
    /// The fault that comes instead of carrying the call out.
    fileprivate var fault: XMLRPCFault? {
        switch self {
        case .offline, .fault(1014): .offline("rehearsal: the hub is offline")
        case .fault(let code): XMLRPCFault(code: code, text: "rehearsal: trouble")
        default: nil
        }
    }
}
