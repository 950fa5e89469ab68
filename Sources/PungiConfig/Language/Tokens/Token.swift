/// A token, as Python's `tokenize` cuts them, by its place in the file's bytes.
struct Token {
    /// The kinds that kobo can tell apart. Indentation tokens are not among them: kobo throws them away everywhere.
    enum Kind: UInt8 {
        case name
        case number
        case string
        case symbol
        case comment
        /// A line break outside strings, also in brackets: kobo makes no difference.
        case newline
        /// One scalar (or one broken string) that starts no token.
        case error
        case end
    }

    var kind: Kind
    /// Offset of the first byte.
    var start: Int
    /// Offset behind the last byte.
    var end: Int
    /// The line of the first byte, from 1.
    var line: Int
    /// Offset of the first byte of that line.
    var lineStart: Int
}

/// Where and why Python's tokeniser gives up for good.
struct TokenizerStop: Error {
    enum Reason {
        /// The file ends inside brackets or after a `\`.
        case endInStatement
        /// The file ends inside a string that began at the given place.
        case endInString
        /// A line is indented less than the one before, and like none above it.
        case inconsistentDedent
        /// Finding out that strings are not closed took more work than any real file needs.
        case tooManyBrokenStrings
    }

    let reason: Reason
    let line: Int
    let lineStart: Int
    let offset: Int
}
