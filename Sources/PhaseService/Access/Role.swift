/// What somebody may do with the service. Each role may do all that the one before it may.
package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Nothing at all.
    case none
    /// Look at runs, schedules, history and logs.
    case read
    /// Start, cancel and retry runs; pause schedules.
    case operate
    /// Make and revoke tokens, read the audit log.
    case admin

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
