/// What is said about mistakes.
extension FileParser {
    /// Reports a mistake after which the file can be read on.
    func report(
        _ code: String, _ message: String, at location: SourceLocation, lineStart: Int?, notes: [String] = [],
        fix: String? = nil
    ) throws(ParseAbort) {
        let found = diagnostic(.error, code, message, at: location, lineStart: lineStart, notes: notes, fix: fix)
        guard findings.add(found) else {
            findings.add(Diagnostic(severity: .error, code: "config.too-many-errors", message: "too many errors"))
            throw ParseAbort()
        }
    }

    /// Reports a mistake at the token being looked at, after which the file cannot be read on.
    func fail(_ code: String, _ message: String, notes: [String] = [], fix: String? = nil) -> ParseAbort {
        let location = source.location(of: token)
        findings.add(
            diagnostic(.error, code, message, at: location, lineStart: token.lineStart, notes: notes, fix: fix))
        return ParseAbort()
    }

    /// Something else than expected stands here.
    func syntaxError(expected: String, fix: String? = nil) -> ParseAbort {
        skipBlankErrors()
        let found: String
        switch token.kind {
        case .end: found = "the end of the file"
        case .newline: found = "the end of the line"
        default:
            let text = source.text(token.start, min(token.end, token.start + 60))
            found = "`\(text.prefix { $0 != "\n" })`"
        }
        let text = source.text(token.start, min(token.end, token.start + 4))
        let isQuote = token.kind == .error && (text.hasPrefix("'") || text.hasPrefix("\""))
        if isQuote {
            return fail(
                "config.unclosed", "a string is not closed",
                fix: fix ?? "close it in the same line; a quote inside needs the other kind of quotes around it")
        }
        let hint = fix ?? SyntaxHints.token(text, isString: token.kind == .string)
        return fail("config.syntax", "expected \(expected), not \(found)", fix: hint)
    }

    /// Python blames the blanks before a character that starts no token; a person means the character.
    private func skipBlankErrors() {
        while token.kind == .error, token.end == token.start + 1,
            [UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C].contains(source.bytes[token.start]),
            let next = try? tokenizer.next(), next.kind == .error
        {
            token = next
        }
    }

    func fail(_ stop: TokenizerStop) -> ParseAbort {
        let offset = min(stop.offset, source.bytes.count)
        token = Token(kind: .end, start: offset, end: offset, line: stop.line, lineStart: stop.lineStart)
        switch stop.reason {
        case .endInString:
            return fail("config.unclosed", "this string is not closed before the end of the file")
        case .inconsistentDedent:
            return fail(
                "config.indentation", "this line is indented less than the one before, but like none above it",
                fix: "indent it like the lines above, or not at all")
        case .tooManyBrokenStrings:
            return fail("config.too-large", "too many strings in this line are not closed")
        case .endInStatement:
            guard let bracket = tokenizer.openBrackets.last else {
                token.start = max(token.lineStart, source.bytes.count - 2)
                return fail("config.unclosed", "the file ends after a `\\`", fix: "remove the `\\`")
            }
            token = bracket
            return fail(
                "config.unclosed", "this `\(source.text(of: bracket))` is not closed before the end of the file")
        }
    }

    func tooDeep() -> ParseAbort {
        fail("config.too-deep", "more than \(limits.depth) values inside each other")
    }

    func tooMuch(at place: Token) -> ParseAbort {
        token = place
        return fail("config.too-large", "this value would be larger than \(limits.expandedBytes >> 20) MiB")
    }

    func diagnostic(
        _ severity: Severity, _ code: String, _ message: String, at location: SourceLocation, lineStart: Int?,
        notes: [String] = [], fix: String? = nil
    ) -> Diagnostic {
        let excerpt = lineStart.map { source.excerpt(lineStart: $0, column: location.column) }
        return Diagnostic(
            severity: severity, code: code, message: message, location: location, notes: notes + chain, fix: fix,
            sourceLine: excerpt?.line, caretColumn: excerpt?.caret)
    }
}
