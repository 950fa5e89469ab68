/// Cuts a file into the tokens of Python 3.11's `tokenize` module, which is what kobo reads.
///
/// That module works line by line with one regular expression; this one runs over the bytes once and has to come to the
/// same tokens also in broken files, because kobo glues the tokens of an import's path together, whatever they are.
struct Tokenizer {
    /// How many bytes may be read in vain while looking for closing quotes, over the whole file.
    private static let brokenStringBudget = 16 << 20

    /// The file: valid UTF-8, lines ended by `\n` alone.
    let bytes: [UInt8]
    private(set) var position = 0
    private(set) var line = 0
    private(set) var lineStart = 0

    /// Brackets opened minus brackets closed, of whatever kinds.
    private var bracketDepth = 0
    private var isContinued = false
    private var atLineStart = true
    private var indents = [0]
    private var gaveFinalNewline = false
    /// Up to here every blank is a token of its own, because what follows the blanks is no token.
    private var brokenRunEnd = 0
    private var brokenStringWork = 0
    /// Where brackets were opened that are not closed yet, to name the one to blame.
    private(set) var openBrackets: [Token] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next token, comments included. After ``Token/Kind/end`` it is the end again.
    mutating func next() throws(TokenizerStop) -> Token {
        while true {
            if atLineStart {
                if let token = try beginLine() { return token }
                continue
            }
            guard position < bytes.count else {
                atLineStart = true
                continue
            }
            if let token = try scan() { return token }
        }
    }

    // MARK: Lines

    /// Starts a physical line: indentation, comment lines and blank lines, the end of the file.
    private mutating func beginLine() throws(TokenizerStop) -> Token? {
        guard position < bytes.count else {
            guard bracketDepth == 0, !isContinued else { throw stop(.endInStatement, at: position) }
            return endToken()
        }
        atLineStart = false
        line += 1
        lineStart = position
        guard bracketDepth == 0, !isContinued else {
            isContinued = false
            return nil
        }
        let column = skipIndentation()
        guard position < bytes.count else {
            // Python's tokeniser ends the file here, without the newline token that other last lines get.
            gaveFinalNewline = true
            atLineStart = true
            return nil
        }
        switch bytes[position] {
        case UInt8(ascii: "#"):
            return comment(from: position)
        case UInt8(ascii: "\n"):
            return lineBreak()
        default:
            try compareIndentation(column)
            return nil
        }
    }

    private mutating func skipIndentation() -> Int {
        var column = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "): column += 1
            case UInt8(ascii: "\t"): column = (column / 8 + 1) * 8
            case 0x0C: column = 0
            default: return column
            }
            position += 1
        }
        return column
    }

    private mutating func compareIndentation(_ column: Int) throws(TokenizerStop) {
        if column > indents[indents.count - 1] {
            indents.append(column)
        } else if column < indents[indents.count - 1] {
            while column < indents[indents.count - 1] { indents.removeLast() }
            guard indents[indents.count - 1] == column else { throw stop(.inconsistentDedent, at: position) }
        }
    }

    /// The end: first the newline token that a last line without `\n` gets, unless it is a comment.
    private mutating func endToken() -> Token {
        if !gaveFinalNewline {
            gaveFinalNewline = true
            if let last = bytes.last, last != UInt8(ascii: "\n"), !lastLineIsComment() {
                return token(.newline, position)
            }
        }
        return token(.end, position)
    }

    private func lastLineIsComment() -> Bool {
        var index = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        while index < bytes.count, Self.isBlank(bytes[index]) || bytes[index] == 0x0B { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: "#")
    }

    // MARK: Tokens

    private mutating func scan() throws(TokenizerStop) -> Token? {
        let blankStart = position
        if blankStart < brokenRunEnd { return brokenScalar(at: blankStart) }
        var start = position
        while start < bytes.count, Self.isBlank(bytes[start]) { start += 1 }
        guard start < bytes.count else {
            position = start
            return nil
        }
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "\n"):
            position = start
            return lineBreak()
        case UInt8(ascii: "#"):
            return comment(from: start)
        case UInt8(ascii: "\\"):
            guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "\n") else {
                return broken(blankStart, at: start)
            }
            isContinued = true
            position = start + 2
            atLineStart = true
            return nil
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return try string(from: start, quoteAt: start) ?? broken(blankStart, at: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return take(.number, start, NumberScanner.end(of: bytes, from: start))
        case UInt8(ascii: "."):
            if start + 1 < bytes.count, NumberScanner.isDigit(bytes[start + 1]) {
                return take(.number, start, NumberScanner.end(of: bytes, from: start))
            }
            return symbol(from: start)
        default:
            break
        }
        if let quote = StringPrefix.quote(in: bytes, from: start), let token = try string(from: start, quoteAt: quote) {
            return token
        }
        if let end = WordCharacters.wordEnd(in: bytes, from: start) {
            return take(WordCharacters.beginsName(bytes, at: start) ? .name : .symbol, start, end)
        }
        return symbol(from: start) ?? broken(blankStart, at: start)
    }

    private mutating func symbol(from start: Int) -> Token? {
        guard let length = Symbols.length(in: bytes, from: start) else { return nil }
        let taken = take(.symbol, start, start + length)
        switch bytes[start] {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            bracketDepth += 1
            openBrackets.append(taken)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            bracketDepth -= 1
            _ = openBrackets.popLast()
        default:
            break
        }
        return taken
    }

    private mutating func comment(from start: Int) -> Token {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return take(.comment, start, end)
    }

    private mutating func lineBreak() -> Token {
        let taken = take(.newline, position, position + 1)
        atLineStart = true
        return taken
    }

    // MARK: Strings

    /// A string with its quote at `quoteAt`; nil if no string starts there because it is not closed in its line.
    private mutating func string(from start: Int, quoteAt quote: Int) throws(TokenizerStop) -> Token? {
        let mark = bytes[quote]
        if quote + 2 < bytes.count, bytes[quote + 1] == mark, bytes[quote + 2] == mark {
            return try tripleString(from: start, content: quote + 3, mark: mark)
        }
        var index = quote + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == mark { return take(.string, start, index + 1) }
            if byte == UInt8(ascii: "\n") { break }
            if byte == UInt8(ascii: "\\") {
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") {
                    return try continuedString(from: start, next: index + 2, mark: mark)
                }
                index += 1
            }
            index += 1
        }
        brokenStringWork += min(index, bytes.count) - quote
        if brokenStringWork > Self.brokenStringBudget { throw stop(.tooManyBrokenStrings, at: start) }
        return nil
    }

    private mutating func tripleString(from start: Int, content: Int, mark: UInt8) throws(TokenizerStop) -> Token {
        var taken = token(.string, start)
        var index = content
        while index < bytes.count {
            let byte = bytes[index]
            if byte == mark, index + 2 < bytes.count, bytes[index + 1] == mark, bytes[index + 2] == mark {
                taken.end = index + 3
                position = taken.end
                return taken
            }
            // A line break after the backslash counts as a line of its own.
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "\n") {
                index += 1
            }
            if byte == UInt8(ascii: "\n") {
                line += 1
                lineStart = index + 1
            }
            index += 1
        }
        throw TokenizerStop(reason: .endInString, line: taken.line, lineStart: taken.lineStart, offset: start)
    }

    /// A string in simple quotes that goes on after a backslash at the line's end.
    private mutating func continuedString(
        from start: Int, next: Int, mark: UInt8
    ) throws(TokenizerStop) -> Token {
        var taken = token(.string, start)
        var index = next
        while true {
            guard index < bytes.count else {
                throw TokenizerStop(reason: .endInString, line: taken.line, lineStart: taken.lineStart, offset: start)
            }
            line += 1
            lineStart = index
            while index < bytes.count, bytes[index] != mark, bytes[index] != UInt8(ascii: "\n") {
                let escapes = bytes[index] == UInt8(ascii: "\\")
                index += escapes && index + 1 < bytes.count && bytes[index + 1] != UInt8(ascii: "\n") ? 2 : 1
            }
            if index < bytes.count, bytes[index] == mark {
                taken.end = index + 1
                position = taken.end
                return taken
            }
            // The line has no closing quote: it must end in a backslash, and Python looks at that one byte only.
            let goesOn = index < bytes.count && bytes[index - 1] == UInt8(ascii: "\\")
            index = min(index + 1, bytes.count)
            if !goesOn {
                taken.kind = .error
                taken.end = index
                position = index
                atLineStart = true
                return taken
            }
        }
    }

    // MARK: What is no token

    /// Nothing starts at `offset`. Python blames the blanks before it first, one by one.
    private mutating func broken(_ blankStart: Int, at offset: Int) -> Token {
        brokenRunEnd = offset + 1
        return brokenScalar(at: blankStart)
    }

    private mutating func brokenScalar(at start: Int) -> Token {
        take(.error, start, start + WordCharacters.scalarLength(bytes[start]))
    }

    private mutating func take(_ kind: Token.Kind, _ start: Int, _ end: Int) -> Token {
        position = end
        return Token(kind: kind, start: start, end: end, line: line, lineStart: lineStart)
    }

    private func token(_ kind: Token.Kind, _ start: Int) -> Token {
        Token(kind: kind, start: start, end: start, line: max(line, 1), lineStart: lineStart)
    }

    private func stop(_ reason: TokenizerStop.Reason, at offset: Int) -> TokenizerStop {
        TokenizerStop(reason: reason, line: max(line, 1), lineStart: lineStart, offset: offset)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0C
    }
}
