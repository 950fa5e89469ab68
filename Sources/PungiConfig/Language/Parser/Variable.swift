/// A value and what the parser has to know about it.
struct Parsed {
    var value: ConfigValue
    /// Roughly the bytes that it takes written out in full.
    var cost: Int
    /// Containers inside each other, itself included; 0 for a plain value.
    var depth = 0
    /// Whether something in it could not be evaluated; what follows from it is not reported again.
    var isPoisoned = false
    /// How it is written, for a trace; nil without one.
    var trace: Int?
}

/// A name's value and the place where it got it.
struct Variable {
    var parsed: Parsed
    var definedAt: SourceLocation
    /// How it got the value, for a trace; nil without one.
    var binding: Int?
}

/// A name, compared by its code points as Python does it. Swift would take some different ones for equal.
struct VariableName: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Self, right: Self) -> Bool { left.text.hasSameScalars(as: right.text) }

    /// Whether kobo refuses to set and to get it.
    var isPrivate: Bool { text.utf8.first == UInt8(ascii: "_") }

    /// The reserved words of Python 3.11; kobo assigns to none of them.
    static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]
}

/// An import that the parser waits for.
struct ImportRequest {
    /// The path to open, joined with the importing file's directory.
    let path: String
    /// The names to take, each with its place; empty with `takesAll`.
    let names: [(name: String, location: SourceLocation)]
    /// Whether `*` is among the names.
    let takesAll: Bool
    /// The path as it is written.
    let written: String
    /// The place of `from`.
    let location: SourceLocation
    let lineStart: Int
}
