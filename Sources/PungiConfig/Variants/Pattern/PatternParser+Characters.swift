/// Escapes and sets.
extension PatternParser {
    // MARK: escapes outside of sets

    mutating func escape(_ token: PatternTokens.Token) throws(PatternFailure) -> PatternSyntax {
        switch token.scalar {
        case "A": return .anchor(.start)
        case "Z": return .anchor(.end)
        case "b": return .anchor(.wordBoundary)
        case "B": return .anchor(.notWordBoundary)
        case "0":
            return .literal(try octal(token.scalar, upTo: 2, from: token))
        case "1"..."9":
            return try numbered(token)
        default: break
        }
        switch try character(token) {
        case .range(let value, _): return .literal(value)
        case .category(let category, let negated):
            return .set(PatternSet(members: [.category(category, negated: negated)]))
        }
    }

    /// A digit begins an octal escape if three octal digits stand there, else it names a group.
    private mutating func numbered(_ token: PatternTokens.Token) throws(PatternFailure) -> PatternSyntax {
        var digits = String(token.scalar) + tokens.take(upTo: 1, where: \.isPatternDigit)
        if digits.unicodeScalars.count == 2, digits.unicodeScalars.allSatisfy(\.isOctalDigit) {
            digits += tokens.take(upTo: 1, where: \.isOctalDigit)
            if digits.unicodeScalars.count == 3 {
                return .literal(try octalValue(digits, from: token))
            }
        }
        let group = Int(digits) ?? 0
        guard group < groups.count else {
            throw failure("invalid group reference \(group)", at: token.position + 1)
        }
        try checkReference(group, at: token.position)
        return .backreference(group)
    }

    // MARK: escapes that mean the same everywhere

    /// Escapes of one character and of categories.
    private mutating func character(_ token: PatternTokens.Token) throws(PatternFailure) -> PatternSet.Member {
        func single(_ value: UInt32) -> PatternSet.Member { .range(value, value) }
        switch token.scalar {
        case "a": return single(7)
        case "b": return single(8)
        case "f": return single(12)
        case "n": return single(10)
        case "r": return single(13)
        case "t": return single(9)
        case "v": return single(11)
        case "d": return .category(.digit, negated: false)
        case "D": return .category(.digit, negated: true)
        case "s": return .category(.space, negated: false)
        case "S": return .category(.space, negated: true)
        case "w": return .category(.word, negated: false)
        case "W": return .category(.word, negated: true)
        case "x": return single(try hexadecimal(2, from: token))
        case "u": return single(try hexadecimal(4, from: token))
        case "U": return single(try hexadecimal(8, from: token))
        case "N":
            throw failure(
                "\\N{NAME} is not supported here; write the character itself or \\uXXXX", at: token.position)
        default:
            guard !token.scalar.isASCIILetter, !token.scalar.isPatternDigit else {
                throw failure("bad escape \\\(token.scalar)", at: token.position)
            }
            return single(token.scalar.value)
        }
    }

    private mutating func hexadecimal(
        _ count: Int, from token: PatternTokens.Token
    ) throws(PatternFailure) -> UInt32 {
        let digits = tokens.take(upTo: count, where: \.isHexDigit)
        guard digits.utf8.count == count else {
            throw failure("incomplete escape \\\(token.scalar)\(digits)", at: token.position)
        }
        guard let value = UInt32(digits, radix: 16), value <= 0x10FFFF else {
            throw failure("bad escape \\\(token.scalar)\(digits)", at: token.position)
        }
        return value
    }

    private mutating func octal(
        _ first: Unicode.Scalar, upTo count: Int, from token: PatternTokens.Token
    ) throws(PatternFailure) -> UInt32 {
        try octalValue(String(first) + tokens.take(upTo: count, where: \.isOctalDigit), from: token)
    }

    private func octalValue(_ digits: String, from token: PatternTokens.Token) throws(PatternFailure) -> UInt32 {
        guard let value = UInt32(digits, radix: 8), value <= 0o377 else {
            throw failure("octal escape value \\\(digits) outside of range 0-0o377", at: token.position)
        }
        return value
    }

    // MARK: sets

    /// `[...]`; its `[` has been taken. `[:alpha:]` and set operations mean nothing to Python 3.11.
    mutating func set(from start: PatternTokens.Token) throws(PatternFailure) -> PatternSyntax {
        var set = PatternSet(isNegated: tokens.take("^"))
        while true {
            let token = try setToken(from: start)
            // A `]` at the very beginning is a member.
            if !token.isEscaped, token.scalar == "]", !set.members.isEmpty { return .set(set) }
            let low = try member(token)
            guard tokens.take("-") else {
                set.members.append(low)
                continue
            }
            let last = try setToken(from: start)
            if !last.isEscaped, last.scalar == "]" {
                // A `-` at the very end is a member.
                set.members.append(low)
                set.members.append(.range(0x2D, 0x2D))
                return .set(set)
            }
            guard case .range(let from, _) = low, case .range(let to, _) = try member(last), from <= to else {
                throw failure("bad character range", at: token.position)
            }
            set.members.append(.range(from, to))
        }
    }

    private mutating func setToken(from start: PatternTokens.Token) throws(PatternFailure) -> PatternTokens.Token {
        guard let token = tokens.take() else {
            throw failure("unterminated character set", at: start.position)
        }
        return token
    }

    private mutating func member(_ token: PatternTokens.Token) throws(PatternFailure) -> PatternSet.Member {
        guard token.isEscaped else { return .range(token.scalar.value, token.scalar.value) }
        guard token.scalar.isOctalDigit else { return try character(token) }
        let value = try octal(token.scalar, upTo: 2, from: token)
        return .range(value, value)
    }
}
