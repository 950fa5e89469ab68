/// A Python regular expression that is searched anywhere in a text, as Python 3.11's `re.search`.
///
/// It is the language of ``VariantPattern`` with the same limits; only where it may match differs.
package struct SearchPattern: Sendable {
    /// The pattern as written.
    package let text: String
    private let handle: PatternHandle

    /// What came of a search.
    package enum Outcome: Sendable, Hashable {
        case found, notFound
        /// The search took too many steps, and was ended.
        case givenUp
    }

    /// How often a search may branch: some milliseconds. Logs are many lines, so it is far less than for a variant's uid.
    private static let matchLimit: UInt32 = 20_000

    /// Compiles a pattern.
    package init(_ text: String) throws(PatternFailure) {
        handle = try PatternHandle(pattern: text, anchored: false, matchLimit: Self.matchLimit)
        self.text = text
    }

    /// Whether the pattern matches anywhere in `line`.
    package func search(_ line: String) -> Outcome {
        switch handle.match(line) {
        case .matched: .found
        case .notMatched: .notFound
        case .failed: .givenUp
        }
    }
}

extension SearchPattern: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
