/// The grammar of RFC 8259 over bytes: strict, with numbers kept as they were written.
struct JSONParser {
    /// What is wrong, and at which byte.
    struct Failure: Error {
        let offset: Int
        let reason: String
    }

    private let bytes: [UInt8]
    private var index = 0
    /// How many more lists and objects may be opened.
    private var depthLeft: Int
    private let depth: Int

    init(_ bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
        depthLeft = depth
    }

    mutating func document() throws(Failure) -> JSONValue {
        let document = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("there is more after its end") }
        return document
    }

    // MARK: Values

    private mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        guard let byte = peek else { throw failure("it ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), Self.digits: return try number()
        default:
            for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
            where bytes[index...].starts(with: word.utf8) {
                index += word.utf8.count
                return value
            }
            throw failure("a value is expected")
        }
    }

    private mutating func array() throws(Failure) -> JSONValue {
        try open()
        var items: [JSONValue] = []
        guard !take(UInt8(ascii: "]")) else { return .array(close(items)) }
        repeat { items.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' is expected") }
        return .array(close(items))
    }

    /// Of two members with one name the last wins, as with Python.
    private mutating func object() throws(Failure) -> JSONValue {
        try open()
        var members: [String: JSONValue] = [:]
        guard !take(UInt8(ascii: "}")) else { return .object(close(members)) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a name in double quotes is expected") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw failure("':' is expected") }
            members[name] = try value()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("',' or '}' is expected") }
        return .object(close(members))
    }

    private mutating func open() throws(Failure) {
        guard depthLeft > 0 else { throw failure("lists and objects are nested deeper than \(depth)") }
        depthLeft -= 1
        index += 1
    }

    private mutating func close<Contents>(_ contents: Contents) -> Contents {
        depthLeft += 1
        return contents
    }

    // MARK: Numbers

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private mutating func number() throws(Failure) -> JSONValue {
        let start = index
        var isWhole = true
        if peek == UInt8(ascii: "-") { index += 1 }
        if peek == UInt8(ascii: "0") { index += 1 } else { try skipDigits() }
        if peek == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try skipDigits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isWhole = false
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole {
            guard let whole = Int(text) else {
                throw Failure(offset: start, reason: "the integer \(text.prefix(40)) does not fit 64 bits")
            }
            return .int(whole)
        }
        guard let number = Double(text), number.isFinite else {
            throw Failure(offset: start, reason: "the number \(text.prefix(40)) is too large")
        }
        return .double(number)
    }

    private mutating func skipDigits() throws(Failure) {
        let start = index
        while let byte = peek, Self.digits ~= byte { index += 1 }
        guard index > start else { throw failure("a digit is expected") }
    }

    // MARK: Strings

    private mutating func string() throws(Failure) -> String {
        let opening = index
        index += 1
        var units: [UInt8] = []
        var start = index
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                units += bytes[start..<index]
                index += 1
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw Failure(offset: opening, reason: "the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                units += bytes[start..<index]
                index += 1
                try escape(into: &units)
                start = index
            case 0..<0x20: throw failure("a control character stands in a string")
            default: index += 1
            }
        }
        throw Failure(offset: opening, reason: "the string is not closed")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func escape(into units: inout [UInt8]) throws(Failure) {
        guard let byte = peek else { throw failure("the string is not closed") }
        if let plain = Self.escapes[byte] {
            index += 1
            units.append(plain)
            return
        }
        guard byte == UInt8(ascii: "u") else { throw failure("no such escape in a string") }
        let start = index - 1
        var code = try codeUnit()
        if 0xD800..<0xDC00 ~= code, bytes[index...].starts(with: "\\u".utf8) {
            index += 1
            let low = try codeUnit()
            guard 0xDC00..<0xE000 ~= low else { throw Failure(offset: start, reason: "half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        // Python would carry half a pair on; no file of UTF-8 can hold one.
        guard let scalar = Unicode.Scalar(code) else {
            throw Failure(offset: start, reason: "half of a surrogate pair")
        }
        units += String(Character(scalar)).utf8
    }

    /// The `uXXXX` that stands here.
    private mutating func codeUnit() throws(Failure) -> UInt32 {
        index += 1
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are expected")
            }
            code = code << 4 + UInt32(digit)
            index += 1
        }
        return code
    }

    // MARK: Bytes

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private func failure(_ reason: String) -> Failure { Failure(offset: index, reason: reason) }
}
