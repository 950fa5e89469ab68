/// When a trouble comes: at the Nth request, counted from when the rule is set, and at some after it.
package struct TroubleRule: Sendable, Hashable {
    package var trouble: Trouble
    /// Only requests that call this method; nil means every request to the hub's URL, even one that is no call.
    package var method: String?
    /// The first request that is hit: 1 is the next one. Only requests that the rule is about are counted.
    package var at: Int
    /// How many requests in a row are hit; nil means all from then on.
    package var times: Int?

    /// A rule that hits once unless told otherwise.
    package init(_ trouble: Trouble, method: String? = nil, at: Int = 1, times: Int? = 1) {
        self.trouble = trouble
        self.method = method
        self.at = at
        self.times = times
    }

    /// Whether the rule counts a request.
    func concerns(method: String?, hasSession: Bool) -> Bool {
        (self.method == nil || self.method == method) && (hasSession || !trouble.needsSession)
    }

    /// Whether the Nth request that the rule counts is hit.
    func hits(_ number: Int) -> Bool {
        guard number >= at else { return false }
        return times.map { number - max(at, 1) < $0 } ?? true
    }

    /// Whether nothing can be hit after the Nth request.
    func isSpent(after number: Int) -> Bool {
        guard let times else { return false }
        return number >= at && number - max(at, 1) >= times - 1
    }
}

/// The rules that are set, each with the number of requests it has counted.
struct TroubleBook: Sendable {
    private var entries: [(rule: TroubleRule, seen: Int)]

    init(_ rules: [TroubleRule]) { entries = rules.map { ($0, 0) } }

    /// Sets a rule; it counts from the next request on.
    mutating func add(_ rule: TroubleRule) { entries.append((rule, 0)) }

    mutating func removeAll() { entries.removeAll() }

    /// The rules that can still hit.
    var rules: [TroubleRule] { entries.map(\.rule) }

    /// Counts a request with all rules.
    ///
    /// - Parameters:
    ///   - method: nil if the request is no call.
    ///   - hasSession: whether it is of a session that is there, and no login.
    /// - Returns: the trouble of the first rule that hits; the others count on all the same.
    mutating func strike(method: String?, hasSession: Bool) -> Trouble? {
        var found: Trouble?
        for index in entries.indices where entries[index].rule.concerns(method: method, hasSession: hasSession) {
            entries[index].seen += 1
            if found == nil, entries[index].rule.hits(entries[index].seen) { found = entries[index].rule.trouble }
        }
        entries.removeAll { $0.rule.isSpent(after: $0.seen) }
        return found
    }
}
