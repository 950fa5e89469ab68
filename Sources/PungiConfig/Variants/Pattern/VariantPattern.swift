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

    private static let lengthLimit = 4000

    /// Compiles a pattern.
    package init(_ text: String) throws(PatternFailure) {
        guard text.unicodeScalars.count <= Self.lengthLimit else {
            throw PatternFailure(
                pattern: text, position: nil, reason: "the pattern has more than \(Self.lengthLimit) characters")
        }
        let (syntax, flags) = try PatternParser.parse(text)
        do {
            handle = try PatternHandle(try PatternTranslation.text(of: syntax, flags: flags))
        } catch let failure as PatternTranslation.PatternObstacle {
            throw PatternFailure(pattern: text, position: nil, reason: failure.reason)
        } catch let failure as PatternHandle.CompileFailure {
            throw PatternFailure(
                pattern: text, position: nil, reason: "not supported by PCRE2: \(failure.reason)")
        } catch {
            throw PatternFailure(pattern: text, position: nil, reason: "\(error)")
        }
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
