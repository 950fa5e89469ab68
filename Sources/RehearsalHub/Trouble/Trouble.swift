/// Something that goes wrong between a client and a hub.
package enum Trouble: Sendable, Hashable {
    // Before the call is carried out.

    /// The connection breaks, and the call was not looked at.
    case reset
    /// A proxy answers with a page of its own.
    case page(status: Int)
    /// The hub is in maintenance: fault 1014.
    case offline
    /// All sessions have expired: fault 1007 until a renewal.
    case expired
    /// All sessions are gone: fault 1002 until a login.
    case closed

    // After the call was carried out.

    /// The connection breaks, and the answer is lost.
    case resetAfter
    /// The connection breaks in the middle of the answer.
    case cutAnswer
    /// A proxy that has passed the call on answers with a page of its own.
    case pageAfter(status: Int)
    /// The answer's document ends in its middle; the HTTP around it is whole.
    case truncated
    /// The answer comes in pieces of so many bytes with a pause after each.
    case slow(piece: Int, pause: Duration)
    /// An answer of so many bytes.
    case huge(bytes: Int)
}

/// When a trouble strikes.
package struct TroubleRule: Sendable, Hashable {
    /// The first request that it strikes, counted from 1 since the rule was given; requests for files do not count.
    package var request: Int
    /// How many requests in a row.
    package var times: Int
    package var trouble: Trouble

    package init(_ trouble: Trouble, at request: Int, times: Int = 1) {
        self.trouble = trouble
        self.request = request
        self.times = times
    }

    func strikes(_ number: Int) -> Bool { request <= number && number < request + times }
}

/// The troubles that are still to come. Pure: what is done about them is done elsewhere.
struct TroubleBook: Sendable {
    private var rules: [TroubleRule] = []
    /// Requests since the rules were given.
    private(set) var requests = 0

    init(_ rules: [TroubleRule] = []) { self.rules = rules }

    /// Counts a request and says what strikes it; of two rules the first one counts.
    mutating func next() -> Trouble? {
        requests += 1
        return rules.first { $0.strikes(requests) }?.trouble
    }
}
