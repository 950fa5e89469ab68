/// Writes a Python pattern as PCRE2 text of the same meaning.
///
/// PCRE2 knows most of Python's signs but means other things by some (`$`, `\Z`, `\B`, `\s`, `{,3}`, `^` with the flag
/// `m`). So nothing of the pattern is handed through: every part is written anew, characters as numbers and the
/// categories as sets. Flags of Python are resolved here, part by part; the only flag that PCRE2 sees is `i`.
struct PatternTranslation {
    /// The PCRE2 text of a whole pattern.
    static func text(of syntax: PatternSyntax, flags: PatternFlags) throws(PatternObstacle) -> String {
        try Self(flags: flags).text(of: syntax)
    }

    /// What has no translation.
    struct PatternObstacle: Error {
        let reason: String
    }

    private let flags: PatternFlags

    private var ignoresCase: Bool { flags.contains(.ignoreCase) }
    private var isASCII: Bool { flags.contains(.ascii) }

    private func text(of syntax: PatternSyntax) throws(PatternObstacle) -> String {
        switch syntax {
        case .literal(let value):
            return text(of: PatternSet(members: [.range(value, value)]))
        case .any:
            return flags.contains(.dotAll) ? "(?s:.)" : "[^\\x{a}]"
        case .set(let set):
            return text(of: set)
        case .anchor(let anchor):
            return text(of: anchor)
        case .sequence(let items):
            return try joined(items, with: "")
        case .choice(let items):
            return "(?:" + (try joined(items, with: "|")) + ")"
        case .repetition(let item, let least, let most, let mode):
            let bounds = "{\(least),\(most.map(String.init) ?? "")}"
            let sign = mode == .lazy ? "?" : mode == .possessive ? "+" : ""
            // Python gives nothing back from a round of a possessive repetition once it is over, PCRE2 only from the
            // whole of it: `(?:a{1,2}){2}+` does not match `aa` there.
            let open = mode == .possessive ? "(?>" : "(?:"
            return open + (try text(of: item)) + ")" + bounds + sign
        case .capture(_, let item):
            // The numbers are the same: both count the opening brackets of captures.
            return "(" + (try text(of: item)) + ")"
        case .scope(let on, let off, let item):
            return "(?:" + (try scoped(on: on, off: off).text(of: item)) + ")"
        case .atomic(let item):
            return "(?>" + (try text(of: item)) + ")"
        case .look(let ahead, let negated, let item):
            return "(?" + (ahead ? "" : "<") + (negated ? "!" : "=") + (try text(of: item)) + ")"
        case .backreference(let group):
            if ignoresCase, isASCII {
                throw PatternObstacle(reason: "a reference to a group under both flags a and i is not supported")
            }
            return ignoresCase ? "(?i:\\g{\(group)})" : "\\g{\(group)}"
        case .conditional(let group, let yes, let no):
            let other = try no.map { (no) throws(PatternObstacle) in "|" + (try text(of: no)) } ?? ""
            return "(?(\(group))" + (try text(of: yes)) + other + ")"
        }
    }

    private func joined(_ items: [PatternSyntax], with separator: String) throws(PatternObstacle) -> String {
        var texts: [String] = []
        for item in items { texts.append(try text(of: item)) }
        return texts.joined(separator: separator)
    }

    /// A flag for the kind of text replaces the other, as in Python.
    private func scoped(on: PatternFlags, off: PatternFlags) -> Self {
        var flags = flags
        if !on.isDisjoint(with: .kinds) { flags.subtract(.kinds) }
        return Self(flags: flags.union(on).subtracting(off))
    }

    // MARK: anchors

    private func text(of anchor: PatternSyntax.Anchor) -> String {
        let word = "[" + members(of: .word) + "]"
        let isMultiline = flags.contains(.multiline)
        switch anchor {
        case .start: return "\\A"
        case .end: return "\\z"
        // After every line feed, also the last: PCRE2's own `^` would leave that out.
        case .lineStart: return isMultiline ? "(?:\\A|(?<=\\x{a}))" : "\\A"
        case .lineEnd: return isMultiline ? "(?=\\x{a}|\\z)" : "(?=\\x{a}?\\z)"
        case .wordBoundary: return "(?:(?<=\(word))(?!\(word))|(?<!\(word))(?=\(word)))"
        // Python 3.11: never in an empty text.
        case .notWordBoundary:
            return "(?:(?!\\A\\z)(?:(?<=\(word))(?=\(word))|(?<!\(word))(?!\(word))))"
        }
    }

    // MARK: sets

    private func text(of set: PatternSet) -> String {
        var inside = ""
        var outside: [String] = []
        for member in set.members {
            switch member {
            case .range(let low, let high):
                for range in cases(low...high) { inside += Self.text(of: range) }
            case .category(let category, negated: false):
                inside += members(of: category)
            case .category(let category, negated: true):
                outside.append("[^" + members(of: category) + "]")
            }
        }
        // A surrogate is in no text, so a set of nothing else has no members.
        if inside.isEmpty, outside.isEmpty { return set.isNegated ? "(?s:.)" : "(?!)" }
        let text: String
        if outside.isEmpty {
            text = (set.isNegated ? "[^" : "[") + inside + "]"
        } else {
            let choices = (inside.isEmpty ? outside : outside + ["[" + inside + "]"]).joined(separator: "|")
            text = set.isNegated ? "(?:(?!" + choices + ")(?s:.))" : "(?:" + choices + ")"
        }
        return ignoresCase && !isASCII ? "(?i:" + text + ")" : text
    }

    /// The category as members of a set, as Python defines it for str.
    private func members(of category: PatternSet.Category) -> String {
        switch (category, isASCII) {
        case (.digit, false): "\\p{Nd}"
        case (.digit, true): "0-9"
        case (.word, false): "\\p{L}\\p{N}_"
        case (.word, true): "0-9A-Za-z_"
        case (.space, true): "\\x{9}-\\x{d}\\x{20}"
        // `str.isspace`: PCRE2's `\s` lacks the four separators from 1c and has U+180E more.
        case (.space, false):
            "\\x{9}-\\x{d}\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
                + "\\x{205f}\\x{3000}"
        }
    }

    /// A range with the other cases that PCRE2 would not find by itself.
    private func cases(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        guard ignoresCase else { return [range] }
        var ranges = [range]
        if isASCII {
            // Only A to Z have another case then, so PCRE2's flag, which knows all letters, cannot be used.
            let upper = range.clamped(to: 0x41...0x5A)
            let lower = range.clamped(to: 0x61...0x7A)
            if range.overlaps(0x41...0x5A) { ranges.append(upper.lowerBound + 32...upper.upperBound + 32) }
            if range.overlaps(0x61...0x7A) { ranges.append(lower.lowerBound - 32...lower.upperBound - 32) }
            return ranges
        }
        for same in Self.sameForPython where same.contains(where: range.contains) {
            ranges += same.map { $0...$0 }
        }
        return ranges
    }

    /// Letters that Python takes for cases of each other and PCRE2 does not: the i with and without dot, two accented
    /// Greek letters with their twins, two ligatures.
    private static let sameForPython: [[UInt32]] = [
        [0x49, 0x69, 0x130, 0x131], [0x390, 0x1FD3], [0x3B0, 0x1FE3], [0xFB05, 0xFB06],
    ]

    /// `\x{..}-\x{..}` without surrogates, which PCRE2 refuses.
    private static func text(of range: ClosedRange<UInt32>) -> String {
        let surrogates: ClosedRange<UInt32> = 0xD800...0xDFFF
        let low = surrogates.contains(range.lowerBound) ? surrogates.upperBound + 1 : range.lowerBound
        let high = surrogates.contains(range.upperBound) ? surrogates.lowerBound - 1 : range.upperBound
        guard low <= high else { return "" }
        let from = "\\x{" + String(low, radix: 16) + "}"
        return low == high ? from : from + "-\\x{" + String(high, radix: 16) + "}"
    }
}
