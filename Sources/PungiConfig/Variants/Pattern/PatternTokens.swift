/// A pattern cut into characters and escapes, with a place that the parser is at.
///
/// A backslash and the character behind it are one token everywhere, also in comments and group names, as in Python.
struct PatternTokens {
    struct Token: Hashable {
        let scalar: Unicode.Scalar
        let isEscaped: Bool
        /// From 0, of the backslash if there is one.
        let position: Int
    }

    let pattern: String
    private let tokens: [Token]
    private let length: Int
    private(set) var index = 0

    init(_ pattern: String) throws(PatternFailure) {
        var tokens: [Token] = []
        var escape: Int?
        var position = 0
        for scalar in pattern.unicodeScalars {
            if let start = escape {
                tokens.append(Token(scalar: scalar, isEscaped: true, position: start))
                escape = nil
            } else if scalar == "\\" {
                escape = position
            } else {
                tokens.append(Token(scalar: scalar, isEscaped: false, position: position))
            }
            position += 1
        }
        if let escape {
            throw PatternFailure(pattern: pattern, position: escape, reason: "bad escape: the pattern ends with \\")
        }
        self.pattern = pattern
        self.tokens = tokens
        length = position
    }

    /// The token to be read next.
    var next: Token? { index < tokens.count ? tokens[index] : nil }

    /// Where it stands, or the length of the pattern at its end.
    var position: Int { next?.position ?? length }

    mutating func take() -> Token? {
        guard let token = next else { return nil }
        index += 1
        return token
    }

    /// Takes the next token if it is this character, not escaped.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard isNext(scalar) else { return false }
        index += 1
        return true
    }

    func isNext(_ scalar: Unicode.Scalar) -> Bool {
        guard let token = next else { return false }
        return !token.isEscaped && token.scalar == scalar
    }

    /// Takes up to `count` characters that fit.
    mutating func take(upTo count: Int, where fits: (Unicode.Scalar) -> Bool) -> String {
        var text = ""
        var left = count
        while left > 0, let token = next, !token.isEscaped, fits(token.scalar) {
            text.unicodeScalars.append(token.scalar)
            index += 1
            left -= 1
        }
        return text
    }

    /// Takes everything up to `end` and `end` itself. `what` is for the message when there is nothing or no end.
    mutating func take(until end: Unicode.Scalar, what: String) throws(PatternFailure) -> String {
        let start = position
        var text = ""
        while let token = take() {
            if !token.isEscaped, token.scalar == end {
                guard !text.isEmpty else { throw failure("missing \(what)", at: start) }
                return text
            }
            if token.isEscaped { text += "\\" }
            text.unicodeScalars.append(token.scalar)
        }
        throw failure(text.isEmpty ? "missing \(what)" : "missing \(end), unterminated name", at: start)
    }

    /// Goes back to a place that ``index`` gave.
    mutating func seek(_ index: Int) { self.index = index }

    func failure(_ reason: String, at position: Int) -> PatternFailure {
        PatternFailure(pattern: pattern, position: position, reason: reason)
    }
}

extension Unicode.Scalar {
    /// `0` to `9` only: Python's parser knows no others in numbers.
    var isPatternDigit: Bool { ("0"..."9").contains(self) }
    var isOctalDigit: Bool { ("0"..."7").contains(self) }
    var isHexDigit: Bool {
        isPatternDigit || ("a"..."f").contains(self) || ("A"..."F").contains(self)
    }
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
