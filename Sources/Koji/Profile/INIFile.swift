/// A file of sections and keys, as Python's `configparser.ConfigParser` reads koji's.
///
/// Strict (a section or a key twice in one file is an error, apart from `[DEFAULT]` itself), `=` or `:` after a key, a
/// key without either is an error, keys in small letters, lines that begin with `#` or `;` are comments and no comment
/// stands behind a value. A line that is indented deeper than the key before it goes on with that key's value.
struct INIFile {
    struct Value: Sendable, Hashable {
        /// As written: not interpolated; the lines of a longer value with a line feed between them.
        var text: String
        /// Line of the key, from 1.
        var line: Int
    }

    /// Keys in small letters and values by section; `DEFAULT` is one of the sections.
    private(set) var sections: [String: [String: Value]] = [:]

    /// A place that cannot be read. Never with the text of the line: it may be half of a password.
    struct Malformed: Error {
        let line: Int
        let reason: String
    }

    /// The section whose keys count in every other one that has not the same key.
    static let defaults = "DEFAULT"

    private var section: String?
    private var key: String?
    private var indent = 0

    /// - Parameter bytes: the file; UTF-8.
    init(_ bytes: [UInt8]) throws(Malformed) {
        var number = 0
        for line in Self.lines(bytes) {
            number += 1
            guard let text = String(validating: line, as: UTF8.self) else {
                throw Malformed(line: number, reason: "this line is not UTF-8: save the file as UTF-8")
            }
            if line.contains(0) { throw Malformed(line: number, reason: "this line holds a NUL byte") }
            if number == 1, text.unicodeScalars.first == "\u{FEFF}" {
                throw Malformed(
                    line: 1, reason: "the file begins with a byte order mark, which koji refuses: save it without one")
            }
            try take(text.unicodeScalars, number)
        }
        for (section, keys) in sections {
            for (key, value) in keys {
                // Empty lines at the end belong to no value.
                let text = value.text.unicodeScalars[...].withoutBlanksAtEnd
                sections[section]?[key]?.text = String(text)
            }
        }
    }

    /// A line ends with a line feed, a carriage return or both, as in Python's text files; with nothing else.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 10 where index > 0 && bytes[index - 1] == 13: start = index + 1
            case 10, 13:
                lines.append(bytes[start..<index])
                start = index + 1
            default: break
            }
        }
        lines.append(bytes[start...])
        return lines
    }

    private mutating func take(_ line: String.UnicodeScalarView, _ number: Int) throws(Malformed) {
        let content = line[...].withoutBlanks
        guard let first = content.first else {
            // An empty line inside a value belongs to it; a comment does not.
            goOn("")
            return
        }
        if first == "#" || first == ";" { return }
        let depth = line.prefix { $0.isPythonBlank }.count
        if key != nil, depth > indent {
            goOn(String(content))
            return
        }
        indent = depth
        if let name = Self.header(content) {
            if sections[name] != nil, name != Self.defaults {
                throw Malformed(line: number, reason: "the section [\(shown(name))] is in this file twice")
            }
            sections[name] = sections[name] ?? [:]
            section = name
            key = nil
        } else {
            try takeKey(content, number)
        }
    }

    private mutating func takeKey(_ content: Substring.UnicodeScalarView, _ number: Int) throws(Malformed) {
        guard let section else {
            throw Malformed(line: number, reason: "a section such as [koji] must come before this line")
        }
        guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }), separator > content.startIndex
        else {
            throw Malformed(line: number, reason: "this line is neither a section nor a key with a value nor a comment")
        }
        let name = String(content[..<separator].withoutBlanks).lowercased()
        guard sections[section]?[name] == nil else {
            throw Malformed(
                line: number, reason: "the key \(shown(name)) is twice in the section [\(shown(section))] of this file")
        }
        let value = content[content.index(after: separator)...].withoutBlanks
        sections[section]?[name] = Value(text: String(value), line: number)
        key = name
    }

    private mutating func goOn(_ text: String) {
        guard let section, let key else { return }
        sections[section]?[key]?.text.append("\n\(text)")
    }

    /// Everything between the first `[` and the last `]`, blanks and all; what follows that is not looked at.
    private static func header(_ content: Substring.UnicodeScalarView) -> String? {
        guard content.first == "[", let end = content.lastIndex(of: "]") else { return nil }
        let name = content[content.index(after: content.startIndex)..<end]
        return name.isEmpty ? nil : String(name)
    }
}

extension Substring.UnicodeScalarView {
    fileprivate var withoutBlanksAtEnd: Self {
        var rest = self
        while let last = rest.last, last.isPythonBlank { rest.removeLast() }
        return rest
    }

    fileprivate var withoutBlanks: Self { drop { $0.isPythonBlank }.withoutBlanksAtEnd }
}

extension Unicode.Scalar {
    /// What `str.strip` of Python takes away.
    var isPythonBlank: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }
}

/// A name for an error message: on one line, without control characters, and not too long.
func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(60).map { scalar in
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format ? "?" : scalar
    }
    return String(String.UnicodeScalarView(scalars)) + (name.unicodeScalars.count > 60 ? "..." : "")
}
