/// What a text without quotes means in YAML 1.1, by the rules that PyYAML's SafeLoader uses.
package enum YAMLScalarMeaning: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    /// An integer that does not fit 64 bits, or has no digits (`0x_`).
    case unusableNumber
    /// A date or time, the merge sign `<<` or the value sign `=`. We read dates and `=` as texts and refuse `<<`, but
    /// other readers do more, so such texts are always written in quotes.
    case date, merge, value
    case string

    /// Resolves a plain text.
    package init(plain text: String) {
        // All special forms are ASCII and short; a long text is not tried against them.
        guard text.utf8.count <= 400 else {
            self = .string
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .bool(true)
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": self = .bool(false)
        case ".nan", ".NaN", ".NAN": self = .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .double(-.infinity)
        case "<<": self = .merge
        case "=": self = .value
        default: self = Self.number(Array(text.unicodeScalars))
        }
    }

    /// A number or a date, by shape.
    private static func number(_ text: [Unicode.Scalar]) -> Self {
        guard let first = text.first, first.isDigit || "+-.".unicodeScalars.contains(first) else { return .string }
        if isFloat(text) { return float(text) }
        if isSexagesimal(text, fraction: true) { return sexagesimalFloat(text) }
        if let base = integerBase(text) { return integer(text, base: base) }
        if isSexagesimal(text, fraction: false) { return sexagesimalInteger(text) }
        return isDate(text) ? .date : .string
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    // MARK: floats

    /// `[-+]? digits . digits? (e sign digits)?` or `. digits (e sign digits)?`. The sign of the exponent is required,
    /// and none may stand before a leading point: `1e5` and `-.5` are texts in YAML 1.1.
    private static func isFloat(_ text: [Unicode.Scalar]) -> Bool {
        var rest = text[...]
        if rest.first == "." {
            rest.removeFirst()
            guard rest.first?.isDigit == true else { return false }
        } else {
            rest.dropSign()
            guard rest.first?.isDigit == true else { return false }
            rest = rest.drop { $0.isDigit || $0 == "_" }
            guard rest.popFirst() == "." else { return false }
        }
        rest = rest.drop { $0.isDigit || $0 == "_" }
        if rest.isEmpty { return true }
        guard let e = rest.popFirst(), e == "e" || e == "E" else { return false }
        guard let sign = rest.popFirst(), sign == "-" || sign == "+" else { return false }
        return !rest.isEmpty && rest.allSatisfy(\.isDigit)
    }

    private static func float(_ text: [Unicode.Scalar]) -> Self {
        let digits = text.filter { $0 != "_" }
        let point = digits.firstIndex(of: ".") ?? digits.endIndex
        let whole = digits[..<point]
        let rest = digits[point...].dropFirst()
        let fraction = rest.prefix(while: \.isDigit)
        // Swift wants a digit on both sides of the point.
        let number =
            (whole.isEmpty ? "0" : string(whole)) + "." + (fraction.isEmpty ? "0" : string(fraction))
            + string(rest.dropFirst(fraction.count))
        return Double(number).map { .double($0) } ?? .unusableNumber
    }

    // MARK: integers

    /// The base an integer is written in, or nil if it is none. The sign is allowed in each.
    private static func integerBase(_ text: [Unicode.Scalar]) -> Int? {
        var rest = text[...]
        rest.dropSign()
        guard let first = rest.popFirst(), first.isDigit else { return nil }
        if first != "0" { return rest.allSatisfy { $0.isDigit || $0 == "_" } ? 10 : nil }
        guard let second = rest.first else { return 10 }
        if second == "b" || second == "x" {
            let base = second == "b" ? 2 : 16
            rest.removeFirst()
            let fits = rest.allSatisfy { $0 == "_" || $0.digitValue.map { $0 < base } ?? false }
            return !rest.isEmpty && fits ? base : nil
        }
        return rest.allSatisfy { $0 == "_" || ("0"..."7").contains($0) } ? 8 : nil
    }

    private static func integer(_ text: [Unicode.Scalar], base: Int) -> Self {
        var rest = text.filter { $0 != "_" }[...]
        let isNegative = rest.first == "-"
        rest.dropSign()
        if base == 2 || base == 16 { rest = rest.dropFirst(2) }
        return whole(rest, base: base, isNegative: isNegative)
    }

    private static func whole(_ digits: ArraySlice<Unicode.Scalar>, base: Int, isNegative: Bool) -> Self {
        let text = (isNegative ? "-" : "") + string(digits)
        return Int(text, radix: base).map { .int($0) } ?? .unusableNumber
    }

    // MARK: base 60

    /// `12:30:45`, with `.` and digits behind it for a float. A leading 0 is only allowed in the float.
    private static func isSexagesimal(_ text: [Unicode.Scalar], fraction: Bool) -> Bool {
        var rest = text[...]
        rest.dropSign()
        guard let first = rest.popFirst(), first.isDigit, fraction || first != "0" else { return false }
        rest = rest.drop { $0.isDigit || $0 == "_" }
        var parts = 0
        while rest.first == ":" {
            rest.removeFirst()
            let digits = rest.prefix(while: \.isDigit)
            guard digits.count == 1 || digits.count == 2 && ("0"..."5").contains(digits[digits.startIndex]) else {
                return false
            }
            rest = rest.dropFirst(digits.count)
            parts += 1
        }
        guard parts > 0 else { return false }
        if !fraction { return rest.isEmpty }
        return rest.popFirst() == "." && rest.allSatisfy { $0.isDigit || $0 == "_" }
    }

    private static func sexagesimalInteger(_ text: [Unicode.Scalar]) -> Self {
        var rest = text.filter { $0 != "_" }[...]
        let isNegative = rest.first == "-"
        rest.dropSign()
        var total = 0
        for part in rest.split(separator: ":") {
            guard let value = Int(string(part)) else { return .unusableNumber }
            let (scaled, overflow) = total.multipliedReportingOverflow(by: 60)
            let (sum, over) = scaled.addingReportingOverflow(value)
            guard !overflow, !over else { return .unusableNumber }
            total = sum
        }
        return .int(isNegative ? -total : total)
    }

    private static func sexagesimalFloat(_ text: [Unicode.Scalar]) -> Self {
        var rest = text.filter { $0 != "_" }[...]
        let isNegative = rest.first == "-"
        rest.dropSign()
        var total = 0.0
        var base = 1.0
        for part in rest.split(separator: ":").reversed() {
            let digits = string(part)
            guard let value = Double(digits.hasSuffix(".") ? digits + "0" : digits) else { return .unusableNumber }
            total += value * base
            base *= 60
        }
        return .double(isNegative ? -total : total)
    }

    // MARK: dates

    /// `2026-01-02` or a date with a time behind it.
    private static func isDate(_ text: [Unicode.Scalar]) -> Bool {
        guard text.count >= 8, text[..<4].allSatisfy(\.isDigit), text[4] == "-" else { return false }
        let rest = text[5...]
        if text.count == 10 {
            return rest[5...6].allSatisfy(\.isDigit) && rest[7] == "-" && rest[8...9].allSatisfy(\.isDigit)
        }
        // More is said by the time: being too careful only costs a pair of quotes.
        let month = rest.prefix(while: \.isDigit)
        let tail = rest.dropFirst(month.count)
        guard (1...2).contains(month.count), tail.first == "-" else { return false }
        let day = tail.dropFirst().prefix(while: \.isDigit)
        let time = tail.dropFirst(1 + day.count)
        guard (1...2).contains(day.count), let sign = time.first else { return false }
        return sign == "T" || sign == "t" || sign == " " || sign == "\t"
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

    /// The value of a hexadecimal digit of ASCII.
    fileprivate var digitValue: Int? { isASCII ? Character(self).hexDigitValue : nil }
}

extension ArraySlice<Unicode.Scalar> {
    fileprivate mutating func dropSign() {
        if first == "-" || first == "+" { removeFirst() }
    }
}
