/// The extent of Python's numbers: all bases, fractions, exponents, imaginary numbers, `_` between digits.
enum NumberScanner {
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Where the number that starts at `start` ends. A digit, or a `.` with a digit after it, must be there.
    static func end(of bytes: [UInt8], from start: Int) -> Int {
        var end = digits(bytes, from: start, isDigit) ?? start
        let afterDigits = end
        var isFloat = false
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            isFloat = true
            end = digits(bytes, from: end + 1, isDigit) ?? end + 1
        }
        if let exponent = exponent(bytes, from: end) {
            isFloat = true
            end = exponent
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "j") { return end + 1 }
        return isFloat ? end : integerEnd(bytes, from: start, decimalEnd: afterDigits)
    }

    /// The end of a whole number: with a leading zero only zeros may follow, or a base.
    private static func integerEnd(_ bytes: [UInt8], from start: Int, decimalEnd: Int) -> Int {
        guard bytes[start] == UInt8(ascii: "0") else { return decimalEnd }
        if start + 1 < bytes.count, let isBaseDigit = base(bytes[start + 1]) {
            let first = start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "_") ? start + 3 : start + 2
            if let end = digits(bytes, from: first, isBaseDigit) { return end }
        }
        return digits(bytes, from: start) { $0 == UInt8(ascii: "0") } ?? start + 1
    }

    private static func base(_ letter: UInt8) -> ((UInt8) -> Bool)? {
        switch letter | 0x20 {
        case UInt8(ascii: "x"):
            { byte in isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20) }
        case UInt8(ascii: "o"): { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        case UInt8(ascii: "b"): { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
        default: nil
        }
    }

    private static func exponent(_ bytes: [UInt8], from start: Int) -> Int? {
        guard start < bytes.count, bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
        var first = start + 1
        if first < bytes.count, bytes[first] == UInt8(ascii: "+") || bytes[first] == UInt8(ascii: "-") { first += 1 }
        return digits(bytes, from: first, isDigit)
    }

    /// One digit and then digits with at most one `_` before each; nil if there is no digit.
    private static func digits(_ bytes: [UInt8], from start: Int, _ accepts: (UInt8) -> Bool) -> Int? {
        guard start < bytes.count, accepts(bytes[start]) else { return nil }
        var end = start + 1
        while end < bytes.count {
            if accepts(bytes[end]) {
                end += 1
            } else if bytes[end] == UInt8(ascii: "_"), end + 1 < bytes.count, accepts(bytes[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        return end
    }
}
