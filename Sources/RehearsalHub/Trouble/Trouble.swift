/// Something that goes wrong with a request to the hub's URL.
///
/// What is not carried out leaves no trace in the hub; what is carried out does, and only the answer suffers.
package enum Trouble: Sendable, Hashable {
    /// The connection is reset (a real RST) instead of an answer; the call is not carried out.
    case reset
    /// The call is carried out, then the connection is reset instead of an answer. The same call again with its number
    /// gets the real fault 1009 if it changed something.
    case resetAfter
    /// The call is carried out; headers and the first half of the body go out, then the connection is reset.
    case cutAnswer
    /// A proxy's page with this status and without `Koji-Version`; the call is not carried out. Nil is a page of the
    /// usual kind.
    case page(status: Int, html: String? = nil)
    /// The same page, but the call is carried out: the proxy gave up waiting.
    case pageAfter(status: Int, html: String? = nil)
    /// A fault. 1007: the request's session really expires. 1002: it really is closed. Both concern only requests of a
    /// session other than logins. Any other number is answered as it is, and the call is not carried out.
    case fault(Int)
    /// All sessions expire; the request is carried out after that, so one of a session gets the real fault 1007.
    case expired
    /// All sessions are closed; the request is carried out after that, so one of a session gets the real fault 1002.
    case closed
    /// Fault 1014 for this request; the call is not carried out.
    case offline
    /// This request and all that come within so much of the hub's time are answered with fault 1014.
    case maintenance(for: Duration)
    /// The call is carried out; the body of its answer drips: so many bytes, a pause (real time), so many bytes, ...
    case slow(piece: Int, pause: Duration)
    /// The call is carried out; a complete HTTP answer holds the first half of the XML.
    case truncated
    /// The call is carried out; instead of its answer comes one of so many bytes, a string of them. It is made while it
    /// is sent.
    case huge(bytes: Int)
    /// The connection is reset, and all others are closed; the port refuses connections for so long (real time). The
    /// call is not carried out.
    case refuse(for: Duration)

    /// Whether the call gets as far as the rules of the hub itself, which may still refuse it.
    var reachesHub: Bool {
        switch self {
        case .resetAfter, .cutAnswer, .pageAfter, .slow, .truncated, .huge, .expired, .closed, .maintenance: true
        case .fault(let code): Self.sessionFaults.contains(code)
        case .reset, .page, .offline, .refuse: false
        }
    }

    /// Faults that come of what happened to the session.
    private static let sessionFaults: Set = [1002, 1007]

    /// Whether only requests of a session can be concerned.
    var needsSession: Bool {
        if case .fault(let code) = self { Self.sessionFaults.contains(code) } else { false }
    }

    /// One word for counting, with its number where there is one.
    package var name: String {
        switch self {
        case .reset: "reset"
        case .resetAfter: "resetAfter"
        case .cutAnswer: "cutAnswer"
        case .page(let status, _): "page \(status)"
        case .pageAfter(let status, _): "pageAfter \(status)"
        case .fault(let code): "fault \(code)"
        case .expired: "expired"
        case .closed: "closed"
        case .offline: "offline"
        case .maintenance: "maintenance"
        case .slow: "slow"
        case .truncated: "truncated"
        case .huge: "huge"
        case .refuse: "refuse"
        }
    }
}
