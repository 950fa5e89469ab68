/// A variant pattern of a phase's section: a Python regular expression, matched at the start of a variant's uid only,
/// as Python 3.11's `re.match`. So `^Server` and `Server` also take `Server-optional`; `^Server$` does not.
///
/// What `re` refuses is refused. Where PCRE2, which does the matching, cannot do what `re` does, the pattern is refused
/// too: `\N{NAME}`, more than 65,535 repetitions, nesting deeper than 100, more than 4,000 characters, a reference to a
/// group under the flags `a` and `i` together, and a few lookbehinds.
package struct VariantPattern: Sendable {
    /// The pattern as written.
    package let text: String
    private let handle: PatternHandle

    /// How often a match may branch: about a tenth of a second.
    private static let matchLimit: UInt32 = 1_000_000

    /// Compiles a pattern.
    package init(_ text: String) throws(PatternFailure) {
        handle = try PatternHandle(pattern: text, anchored: true, matchLimit: Self.matchLimit)
        self.text = text
    }

    /// Whether the pattern matches at the start of `uid`.
    ///
    /// Throws when the match takes more than a million steps: such a pattern backtracks without end (`(a*)*b`), and
    /// `re` would seem to hang.
    package func matches(_ uid: String) throws(PatternFailure) -> Bool {
        switch handle.match(uid) {
        case .matched: return true
        case .notMatched: return false
        case .failed(let reason):
            throw PatternFailure(
                pattern: text, position: nil,
                reason: "matching '\(uid)' was given up (\(reason)); simplify nested repetitions in the pattern")
        }
    }
}

extension VariantPattern: Equatable {
    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }
}
