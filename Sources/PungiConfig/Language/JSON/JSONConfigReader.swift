internal import OrderedCollections

/// Reads a configuration in JSON, as Python's `json` module reads it: besides standard JSON it takes `NaN`, `Infinity`
/// and `-Infinity`, whole numbers of any size (to 4300 digits), and of a key that stands twice the last value.
struct JSONConfigReader {
    private enum Open {
        case array([ConfigValue], at: SourceLocation)
        case object(ConfigDict, key: ConfigValue?, at: SourceLocation)
    }

    private var source: SourceText
    private let bytes: [UInt8]
    private let limits: ConfigLimits
    private var position = 0
    private var line = 1
    private var lineStart = 0

    /// The document; its names are the keys of the outermost object.
    static func document(
        path: String, absolutePath: String, bytes: [UInt8], limits: ConfigLimits
    ) throws(ConfigFailure) -> ConfigDocument {
        var reader = JSONConfigReader(source: try SourceText(path: path, bytes: bytes), limits: limits)
        let root = try reader.document()
        guard let dict = root.dict else {
            throw reader.failure("a configuration is an object, not \(root.typeName)", at: root.location, lineStart: 0)
        }
        var values: OrderedDictionary<String, ConfigValue> = [:]
        var definitions: [String: SourceLocation] = [:]
        for entry in dict.entries {
            guard let name = entry.key.string else { continue }
            guard values.updateValue(entry.value, forKey: name) == nil else {
                throw ConfigFailure(
                    Diagnostic(
                        severity: .error, code: "config.name-clash",
                        message: "`\(name)` looks the same as another name, but has other code points",
                        location: entry.key.location, fix: "use one spelling of the accented letters"))
            }
            definitions[name] = entry.key.location
        }
        return ConfigDocument(path: path, values: values, definitions: definitions, openedFiles: [absolutePath])
    }

    private init(source: SourceText, limits: ConfigLimits) {
        self.source = source
        self.limits = limits
        bytes = source.bytes
    }

    private mutating func document() throws(ConfigFailure) -> ConfigValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw failure("the file begins with a byte order mark", fix: "save it as UTF-8 without one")
        }
        skipBlanks()
        let root = try value()
        skipBlanks()
        guard position == bytes.count else { throw failure("there is more text after the end of the value") }
        return root
    }

    // MARK: Containers

    /// A value with all that is in it, without recursion.
    private mutating func value() throws(ConfigFailure) -> ConfigValue {
        var open: [Open] = []
        while true {
            guard open.count < limits.depth else {
                throw failure("more than \(limits.depth) values inside each other", code: "config.too-deep")
            }
            var complete: ConfigValue?
            let location = here()
            switch peek() {
            case UInt8(ascii: "["):
                position += 1
                skipBlanks()
                if take("]") {
                    complete = ConfigValue(.list([]), at: location)
                } else {
                    open.append(.array([], at: location))
                }
            case UInt8(ascii: "{"):
                position += 1
                skipBlanks()
                if take("}") {
                    complete = ConfigValue(.dict(ConfigDict()), at: location)
                } else {
                    open.append(.object(ConfigDict(), key: try key(), at: location))
                }
            default: complete = ConfigValue(try scalar(), at: location)
            }
            while let value = complete {
                guard let last = open.popLast() else { return value }
                complete = try put(value, into: last, &open)
            }
        }
    }

    /// Puts a value into the array or object around it; gives that if it ends here.
    private mutating func put(
        _ value: ConfigValue, into around: Open, _ open: inout [Open]
    ) throws(ConfigFailure) -> ConfigValue? {
        skipBlanks()
        switch around {
        case .array(var items, let location):
            items.append(value)
            if take("]") { return ConfigValue(.list(items), at: location) }
            guard take(",") else { throw failure("expected `,` or `]`") }
            skipBlanks()
            open.append(.array(items, at: location))
        case .object(var dict, let key, let location):
            if let key { dict.set(key, to: value) }
            if take("}") { return ConfigValue(.dict(dict), at: location) }
            guard take(",") else { throw failure("expected `,` or `}`") }
            skipBlanks()
            open.append(.object(dict, key: try self.key(), at: location))
        }
        return nil
    }

    private mutating func key() throws(ConfigFailure) -> ConfigValue {
        let location = here()
        guard peek() == UInt8(ascii: "\"") else {
            throw failure("expected a key in double quotes", fix: "JSON has no comma before `}` and no other quotes")
        }
        let text = try string()
        skipBlanks()
        guard take(":") else { throw failure("expected `:` after the key") }
        skipBlanks()
        return ConfigValue(.string(text), at: location)
    }

    // MARK: Plain values

    private mutating func scalar() throws(ConfigFailure) -> ConfigValue.Kind {
        if peek() == UInt8(ascii: "\"") { return .string(try string()) }
        for (word, kind) in Self.words where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return kind
        }
        return try number()
    }

    private static let words: [(String, ConfigValue.Kind)] = [
        ("true", .bool(true)), ("false", .bool(false)), ("null", .none), ("NaN", .float(.nan)),
        ("Infinity", .float(.infinity)), ("-Infinity", .float(-.infinity)),
    ]

    private mutating func number() throws(ConfigFailure) -> ConfigValue.Kind {
        let start = position
        var end = start
        if byte(end) == UInt8(ascii: "-") { end += 1 }
        let first = end
        if byte(end) == UInt8(ascii: "0") { end += 1 } else { end = digits(from: end) }
        guard end > first else { throw failure(unexpected()) }
        let digitCount = end - first
        var isFloat = false
        if byte(end) == UInt8(ascii: "."), digits(from: end + 1) > end + 1 {
            end = digits(from: end + 1)
            isFloat = true
        }
        if byte(end) | 0x20 == UInt8(ascii: "e") {
            let sign = byte(end + 1) == UInt8(ascii: "+") || byte(end + 1) == UInt8(ascii: "-") ? 1 : 0
            let exponent = digits(from: end + 1 + sign)
            if exponent > end + 1 + sign {
                end = exponent
                isFloat = true
            }
        }
        let text = source.text(start, end)
        if isFloat, let value = Double(text) {
            position = end
            return .float(value)
        }
        guard digitCount <= 4300, let number = ConfigInteger(decimal: text) else {
            throw failure("a number of \(digitCount) digits; Python reads at most 4300")
        }
        position = end
        return .int(number)
    }

    private func digits(from start: Int) -> Int {
        var end = start
        while end < bytes.count, NumberScanner.isDigit(bytes[end]) { end += 1 }
        return end
    }

    // MARK: Strings

    private mutating func string() throws(ConfigFailure) -> String {
        let opening = position
        position += 1
        var text: [UInt8] = []
        var plainStart = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                text += bytes[plainStart..<position]
                position += 1
                return String(decoding: text, as: UTF8.self)
            }
            guard byte >= 0x20 else {
                throw failure("a line break or control character in a string", fix: "write it as `\\n` or `\\u00XX`")
            }
            if byte == UInt8(ascii: "\\") {
                text += bytes[plainStart..<position]
                text += try escape()
                plainStart = position
            } else {
                position += 1
            }
        }
        position = opening
        throw failure("this string is not closed", code: "config.unclosed")
    }

    /// The bytes for an escape, which is left behind.
    private mutating func escape() throws(ConfigFailure) -> [UInt8] {
        let letter = byte(position + 1)
        if letter == UInt8(ascii: "u") { return Array(String(Character(try unicodeEscape())).utf8) }
        guard let plain = Self.escapes[letter] else {
            throw failure("JSON has no such escape", fix: "write `\\\\` for a backslash")
        }
        position += 2
        return [plain]
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]

    /// `\uXXXX`, or two of them for a character beyond U+FFFF.
    private mutating func unicodeEscape() throws(ConfigFailure) -> Unicode.Scalar {
        guard let high = hex(at: position + 2) else { throw failure("`\\u` needs four hexadecimal digits") }
        if let scalar = Unicode.Scalar(high) {
            position += 6
            return scalar
        }
        if high < 0xDC00, byte(position + 6) == UInt8(ascii: "\\"), byte(position + 7) == UInt8(ascii: "u"),
            let low = hex(at: position + 8), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
            position += 12
            return scalar
        }
        throw failure("half a character: a surrogate without the other one", fix: "write the character itself")
    }

    private func hex(at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<(start + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    // MARK: Bytes

    private func peek() -> UInt8 { byte(position) }

    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    private mutating func take(_ symbol: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == symbol.value else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
                lineStart = position
            case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    // MARK: Mistakes

    private mutating func here() -> SourceLocation {
        source.location(line: line, lineStart: lineStart, offset: position)
    }

    private func unexpected() -> String {
        guard position < bytes.count else { return "expected a value, not the end of the file" }
        let length = WordCharacters.scalarLength(bytes[position])
        return "expected a value, not `\(source.text(position, min(position + length, bytes.count)))`"
    }

    private mutating func failure(_ message: String, code: String = "config.json", fix: String? = nil) -> ConfigFailure
    {
        let location = here()
        return failure(message, code: code, at: location, lineStart: lineStart, fix: fix)
    }

    private func failure(
        _ message: String, code: String = "config.json", at location: SourceLocation, lineStart: Int, fix: String? = nil
    ) -> ConfigFailure {
        let excerpt = source.excerpt(lineStart: lineStart, column: location.column)
        return ConfigFailure(
            Diagnostic(
                severity: .error, code: code, message: message, location: location, fix: fix,
                sourceLine: excerpt.line, caretColumn: excerpt.caret))
    }
}
