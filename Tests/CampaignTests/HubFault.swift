import RehearsalHub

/// What goes wrong with one call of a run.
enum HubFault: String, Sendable, Hashable, CaseIterable {
    case refused = "connection refused"
    case reset = "reset before the answer, call not done"
    case resetAfter = "reset before the answer, call done (1009 on the repeat)"
    case cut = "reset in the middle of the answer"
    case proxy = "502 with HTML, call not done"
    case proxyAfter = "502 with HTML, call done"
    case offline = "1014 for a minute"
    case expired = "1007, session expired"
    case closed = "1002, session gone"
    case lostAndClosed = "answer lost, then 1002"
    case lostAndExpired = "answer lost, then 1007"
    case slow = "slow bytes"
    case truncated = "truncated XML"
    case huge = "a 100 MB answer"

    /// What the hub does; nil where the connection is to be refused.
    func rules(at call: Int) -> [TroubleRule]? {
        switch self {
        case .refused: nil
        case .reset: [TroubleRule(.reset, at: call)]
        case .resetAfter: [TroubleRule(.resetAfter, at: call)]
        case .cut: [TroubleRule(.cutAnswer, at: call)]
        case .proxy: [TroubleRule(.page(status: 502), at: call)]
        case .proxyAfter: [TroubleRule(.pageAfter(status: 502), at: call)]
        // The client waits 2, 4, 8, 16 and 32 seconds.
        case .offline: [TroubleRule(.offline, at: call, times: 5)]
        case .expired: [TroubleRule(.expired, at: call)]
        case .closed: [TroubleRule(.closed, at: call)]
        case .lostAndClosed: [TroubleRule(.resetAfter, at: call), TroubleRule(.closed, at: call + 1)]
        case .lostAndExpired: [TroubleRule(.resetAfter, at: call), TroubleRule(.expired, at: call + 1)]
        case .slow: [TroubleRule(.slow(piece: 200, pause: .milliseconds(2)), at: call)]
        case .truncated: [TroubleRule(.truncated, at: call)]
        case .huge: [TroubleRule(.huge(bytes: 100_000_000), at: call)]
        }
    }
}
