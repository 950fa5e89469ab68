/// A file's text and the means to tell places in it.
struct SourceText {
    /// The longest part of a line that a diagnostic shows, in scalars.
    private static let shownScalars = 200

    /// The path as opened.
    let path: String
    /// Valid UTF-8 with `\n` as the only line end.
    let bytes: [UInt8]
    private let isASCII: Bool

    // The last place asked for: tokens come in order, so that each byte of a line is counted once.
    private var knownLineStart = 0
    private var knownOffset = 0
    private var knownColumn = 1

    /// Checks the encoding and, as Python's text files do, takes `\r\n` and `\r` for `\n`.
    init(path: String, bytes raw: [UInt8], code: String = "config.encoding") throws(ConfigFailure) {
        self.path = path
        let isASCII = raw.allSatisfy { $0 < 0x80 }
        self.isASCII = isASCII
        if !isASCII, let broken = Self.firstBrokenByte(in: raw) {
            throw ConfigFailure(Self.encodingDiagnostic(path: path, bytes: raw, offset: broken, code: code))
        }
        bytes = raw.contains(UInt8(ascii: "\r")) ? Self.withPlainLineEnds(raw) : raw
    }

    /// The place of a byte, given the start of its line.
    mutating func location(line: Int, lineStart: Int, offset: Int) -> SourceLocation {
        if isASCII { return SourceLocation(file: path, line: line, column: offset - lineStart + 1) }
        if lineStart != knownLineStart || offset < knownOffset {
            knownLineStart = lineStart
            knownOffset = lineStart
            knownColumn = 1
        }
        while knownOffset < offset, knownOffset < bytes.count {
            if bytes[knownOffset] & 0xC0 != 0x80 { knownColumn += 1 }
            knownOffset += 1
        }
        // A column is that of a scalar's first byte; `offset` may be the end of the file.
        return SourceLocation(file: path, line: line, column: knownColumn)
    }

    mutating func location(of token: Token) -> SourceLocation {
        location(line: token.line, lineStart: token.lineStart, offset: token.start)
    }

    /// The text between two offsets.
    func text(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    func text(of token: Token) -> String { text(token.start, token.end) }

    /// The line that starts at `lineStart`, or the part of it around `column`, with the caret's column in that part.
    func excerpt(lineStart: Int, column: Int) -> (line: String, caret: Int) {
        let skipped = column > Self.shownScalars - 40 ? column - 100 : 0
        var start = lineStart
        var passed = 0
        while passed < skipped, start < bytes.count {
            start += WordCharacters.scalarLength(bytes[start])
            passed += 1
        }
        var end = start
        var shown = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), shown < Self.shownScalars {
            end += WordCharacters.scalarLength(bytes[end])
            shown += 1
        }
        return (text(min(start, bytes.count), min(end, bytes.count)), column - skipped)
    }

    private static func firstBrokenByte(in bytes: [UInt8]) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    private static func withPlainLineEnds(_ raw: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "\r") {
                plain.append(UInt8(ascii: "\n"))
                if index + 1 < raw.count, raw[index + 1] == UInt8(ascii: "\n") { index += 1 }
            } else {
                plain.append(raw[index])
            }
            index += 1
        }
        return plain
    }

    private static func encodingDiagnostic(path: String, bytes: [UInt8], offset: Int, code: String) -> Diagnostic {
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        let hex = String(bytes[offset], radix: 16, uppercase: true)
        return Diagnostic(
            severity: .error, code: code, message: "byte 0x\(hex) is not UTF-8",
            location: SourceLocation(file: path, line: line, column: column),
            fix: "save the file in UTF-8, e.g. `iconv -f latin1 -t utf-8`")
    }
}
