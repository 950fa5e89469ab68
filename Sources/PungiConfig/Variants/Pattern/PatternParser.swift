/// Reads a pattern as Python 3.11's `re` reads it, and refuses what `re` refuses.
///
/// Only the grammar is here. Groups are in `PatternParser+Groups.swift`, sets and escapes in
/// `PatternParser+Characters.swift`.
struct PatternParser {
    /// Deeper nesting is refused: parser, translation and PCRE2 all recurse. Python's own limit is its stack.
    static let depthLimit = 100

    var tokens: PatternTokens
    /// The flags set for the whole pattern by `(?i)` at its start.
    var flags: PatternFlags = []
    /// The width of each group by its number; nil while it is open. Group 0 is the whole pattern.
    var groups: [PatternWidth?] = [nil]
    var names: [String: Int] = [:]
    /// The number of groups when the outermost lookbehind that we are in began.
    var groupsBeforeLookbehind: Int?
    /// Conditions on numbers, and where each was first: they may stand before their group.
    var conditions: [Int: Int] = [:]
    var depth = 0

    /// The tree and the flags of the whole pattern.
    static func parse(_ pattern: String) throws(PatternFailure) -> (PatternSyntax, PatternFlags) {
        var parser = PatternParser(tokens: try PatternTokens(pattern))
        let syntax = try parser.choice(isVerbose: false, isTop: true)
        if parser.tokens.next != nil {
            throw parser.failure("unbalanced parenthesis", at: parser.tokens.position)
        }
        if parser.flags.isSuperset(of: .kinds) {
            throw parser.failure("the flags a and u are incompatible", at: 0)
        }
        for (group, position) in parser.conditions.sorted(by: { $0.key < $1.key }) where group >= parser.groups.count {
            throw parser.failure("invalid group reference \(group)", at: position)
        }
        try parser.checkWhole(syntax)
        return (syntax, parser.flags)
    }

    // MARK: alternatives and sequences

    /// `a|b|c`, up to a `)` or the end.
    mutating func choice(isVerbose: Bool, isTop: Bool = false) throws(PatternFailure) -> PatternSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw failure("groups are nested deeper than \(Self.depthLimit)", at: tokens.position)
        }
        var alternatives: [PatternSyntax] = []
        var isVerbose = isVerbose
        repeat {
            alternatives.append(try sequence(isVerbose: isVerbose, mayHaveFlags: isTop && alternatives.isEmpty))
            if isTop { isVerbose = flags.contains(.verbose) }
        } while tokens.take("|")
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    /// Items one after another, up to `|`, `)` or the end. `mayHaveFlags`: at the start of the whole pattern.
    mutating func sequence(isVerbose: Bool, mayHaveFlags: Bool = false) throws(PatternFailure) -> PatternSyntax {
        var items: [PatternSyntax] = []
        var isVerbose = isVerbose
        while let token = tokens.next, token.isEscaped || token.scalar != "|" && token.scalar != ")" {
            _ = tokens.take()
            if token.isEscaped {
                items.append(try escape(token))
                continue
            }
            if isVerbose, skipsInVerbose(token) { continue }
            switch token.scalar {
            case "[":
                items.append(try set(from: token))
            case "*", "+", "?", "{":
                try quantifier(token, items: &items)
            case ".":
                items.append(.any)
            case "^":
                items.append(.anchor(.lineStart))
            case "$":
                items.append(.anchor(.lineEnd))
            case "(":
                switch try group(from: token, isVerbose: isVerbose) {
                case .item(let item): items.append(item)
                case .comment: break
                case .flags(let on):
                    guard mayHaveFlags, items.isEmpty else {
                        throw failure("global flags not at the start of the expression", at: token.position)
                    }
                    flags.formUnion(on)
                    isVerbose = flags.contains(.verbose)
                }
            default:
                items.append(.literal(token.scalar.value))
            }
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    /// With the flag `x`, white space is nothing, and `#` begins a comment.
    private mutating func skipsInVerbose(_ token: PatternTokens.Token) -> Bool {
        if token.scalar.isPatternSpace { return true }
        guard token.scalar == "#" else { return false }
        while let next = tokens.take() {
            if !next.isEscaped, next.scalar == "\n" { break }
        }
        return true
    }

    // MARK: quantifiers

    private mutating func quantifier(
        _ token: PatternTokens.Token, items: inout [PatternSyntax]
    ) throws(PatternFailure) {
        var least = 0
        var most: Int?
        switch token.scalar {
        case "?": most = 1
        case "+": least = 1
        case "{":
            guard let bounds = try braces(from: token) else {
                items.append(.literal(token.scalar.value))
                return
            }
            (least, most) = bounds
        default: break
        }
        guard let item = items.last else { throw failure("nothing to repeat", at: token.position) }
        switch item {
        case .anchor: throw failure("nothing to repeat", at: token.position)
        case .repetition: throw failure("multiple repeat", at: token.position)
        default: break
        }
        let mode: PatternSyntax.Mode = tokens.take("?") ? .lazy : tokens.take("+") ? .possessive : .greedy
        items[items.count - 1] = .repetition(item, least: least, most: most, mode)
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}`, `{,}`; nil if the brace is a literal, as in `{}` or `{a`.
    private mutating func braces(
        from token: PatternTokens.Token
    ) throws(PatternFailure) -> (least: Int, most: Int?)? {
        let start = tokens.index
        guard !tokens.isNext("}") else { return nil }
        let low = tokens.take(upTo: .max, where: \.isPatternDigit)
        let hasComma = tokens.take(",")
        let high = hasComma ? tokens.take(upTo: .max, where: \.isPatternDigit) : low
        guard tokens.take("}") else {
            tokens.seek(start)
            return nil
        }
        let least = low.isEmpty ? 0 : try bound(low, at: token.position)
        let most = high.isEmpty ? nil : try bound(high, at: token.position)
        if let most, most < least {
            throw failure("min repeat greater than max repeat", at: token.position)
        }
        return (least, most)
    }

    /// PCRE2 repeats at most 65,535 times; Python's own limit is far beyond anything of use.
    private func bound(_ digits: String, at position: Int) throws(PatternFailure) -> Int {
        guard let number = Int(digits), number <= 65_535 else {
            throw failure("the repetition number is too large (at most 65535)", at: position)
        }
        return number
    }

    func failure(_ reason: String, at position: Int) -> PatternFailure { tokens.failure(reason, at: position) }
}

extension Unicode.Scalar {
    /// What the flag `x` skips.
    var isPatternSpace: Bool { self == " " || ("\t"..."\r").contains(self) }
}
