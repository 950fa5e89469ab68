/// Why a variant pattern cannot be used, or why it cannot be matched.
package struct PatternFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The pattern as written.
    package let pattern: String
    /// Where in the pattern, from 0, in Unicode scalars, as Python's `re.error.pos`; nil for the pattern as a whole.
    package let position: Int?
    /// What is wrong. Plain words.
    package let reason: String

    package init(pattern: String, position: Int?, reason: String) {
        self.pattern = pattern
        self.position = position
        self.reason = reason
    }

    /// `REASON at position N`, as Python's messages end.
    package var description: String {
        guard let position else { return reason }
        return "\(reason) at position \(position)"
    }
}
