/// What kobo accepts and hardly anybody means.
extension FileParser {
    func warnPrefix(_ location: SourceLocation) {
        let text = source.text(token.start, min(token.end, token.start + 3))
        let prefix = text.prefix { $0 != "'" && $0 != "\"" }
        findings.add(
            diagnostic(
                .warning, "config.string-prefix",
                "kobo knows no string prefixes: `\(prefix)` goes, but the quote after it stays in the value",
                at: location, lineStart: token.lineStart, fix: "write the string without `\(prefix)`"))
    }

    func warnTripleQuotes(_ location: SourceLocation) {
        findings.add(
            diagnostic(
                .warning, "config.string-quotes",
                "kobo knows no triple quotes: two quotes stay at each end of the value",
                at: location, lineStart: token.lineStart, fix: "write the string in simple quotes, in one line"))
    }

    /// Python would turn these into another character; kobo leaves the backslash and the letter.
    func warnEscapes(_ location: SourceLocation) {
        let content = source.bytes[(token.start + 1)..<(token.end - 1)]
        guard let backslash = content.firstIndex(of: UInt8(ascii: "\\")) else { return }
        var index = backslash
        while index + 1 < content.endIndex {
            guard content[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            guard Self.escaped.contains(content[index + 1]) else {
                index += 2
                continue
            }
            // In a string over several lines the place is that of the string.
            let isFirstLine = !content[..<index].contains(UInt8(ascii: "\n"))
            let place =
                isFirstLine
                ? source.location(line: token.line, lineStart: token.lineStart, offset: index) : location
            let escape = content[index + 1] == UInt8(ascii: "\n") ? "\\ and line end" : source.text(index, index + 2)
            findings.add(
                diagnostic(
                    .warning, "config.string-escape",
                    "kobo processes no escapes: `\(escape)` stays as it is written, the backslash too",
                    at: place, lineStart: token.lineStart, fix: Self.fix(for: content[index + 1])))
            return
        }
    }

    /// `["a" "b"]` is two items, where Python would join them to one.
    func warnMissingComma(_ before: Token) {
        let location = source.location(of: token)
        findings.add(
            diagnostic(
                .warning, "config.missing-comma",
                "there is no comma before this string: kobo takes it as an item of its own",
                at: location, lineStart: token.lineStart, fix: "write the comma"))
    }

    private static let escaped = Set("\\'\"abfnrtvxNuU01234567\n".utf8)

    private static func fix(for letter: UInt8) -> String {
        switch letter {
        case UInt8(ascii: "\\"): "write a single backslash for one backslash"
        case UInt8(ascii: "'"): "put the string into double quotes"
        case UInt8(ascii: "\""): "put the string into simple quotes"
        case UInt8(ascii: "\n"): "write the string in one line"
        default: "write the character itself"
        }
    }
}
