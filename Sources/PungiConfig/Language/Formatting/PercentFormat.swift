/// Why Python's `%` would refuse to format.
struct FormatProblem: Error {
    /// In Python's words where a person would search for them.
    let message: String
    /// What to do about it.
    var fix: String?
}

/// Python's `TEMPLATE % ARGUMENT` for strings, in full.
struct PercentFormat {
    /// The longest text that one formatting may give, in bytes, and the widest field.
    static let outputLimit = 16 << 20

    /// Bytes that one formatting may make to get there: a precision cuts off what was made.
    private static let workLimit = 64 << 20

    private let template: [Unicode.Scalar]
    private var place = 0

    /// A dict for `%(key)s`; a list too, as Python asks only whether the argument can be indexed.
    private let mapping: ConfigValue?
    private var arguments: [ConfigValue]
    private var nextArgument = 0
    private let isPositional: Bool

    private var output = ""
    /// Bytes made so far, also those cut off by a precision.
    private(set) var work = 0

    init(template: String, argument: ConfigValue) {
        self.template = Array(template.unicodeScalars)
        if case .tuple(let items) = argument.kind {
            arguments = items
            isPositional = true
        } else {
            arguments = [argument]
            isPositional = false
        }
        switch argument.kind {
        case .dict, .list: mapping = argument
        default: mapping = nil
        }
    }

    /// The formatted text.
    mutating func run() throws(FormatProblem) -> String {
        while place < template.count {
            let literal = template[place...].prefix { $0 != "%" }
            output.unicodeScalars.append(contentsOf: literal)
            place += literal.count
            guard place < template.count else { break }
            place += 1
            if peek() == "%" {
                place += 1
                output += "%"
            } else {
                try field()
            }
            guard output.utf8.count <= Self.outputLimit else { throw Self.tooLong }
        }
        if nextArgument < arguments.count, mapping == nil {
            throw FormatProblem(
                message: "not all arguments converted during string formatting",
                fix: "the string has fewer `%` fields than values follow it")
        }
        return output
    }

    static let tooLong = FormatProblem(message: "the formatted string would be larger than \(outputLimit >> 20) MiB")

    // MARK: One field

    private mutating func field() throws(FormatProblem) {
        if peek() == "(" { try takeKey() }
        var spec = FormatSpec()
        while let scalar = peek(), spec.takeFlag(scalar) { place += 1 }
        try takeWidth(&spec)
        if peek() == "." {
            place += 1
            try takePrecision(&spec)
        }
        if let scalar = peek(), scalar == "h" || scalar == "l" || scalar == "L" { place += 1 }
        guard let conversion = peek() else {
            throw FormatProblem(message: "incomplete format", fix: "write `%%` for a percent sign")
        }
        let conversionPlace = place
        place += 1
        let value = try takeArgument()
        guard let shown = try FieldText(spec: spec, conversion: conversion).text(of: value, work: &work) else {
            let hex = String(conversion.value, radix: 16)
            throw FormatProblem(
                message: "unsupported format character '\(conversion)' (0x\(hex)) at index \(conversionPlace)",
                fix: "write `%%` for a percent sign")
        }
        guard work <= Self.workLimit else { throw Self.tooLong }
        output += shown
    }

    /// Reads `(KEY)` and makes the value under it the only argument.
    private mutating func takeKey() throws(FormatProblem) {
        guard let mapping else {
            throw FormatProblem(message: "format requires a mapping", fix: "`%(key)s` needs a dict after the `%`")
        }
        let first = place + 1
        var depth = 0
        repeat {
            guard let scalar = peek() else { throw FormatProblem(message: "incomplete format key") }
            if scalar == "(" { depth += 1 } else if scalar == ")" { depth -= 1 }
            place += 1
        } while depth > 0
        var key = String.UnicodeScalarView()
        key.append(contentsOf: template[first..<(place - 1)])
        guard let dict = mapping.dict else {
            throw FormatProblem(
                message: "list indices must be integers or slices, not str", fix: "`%(key)s` needs a dict after the `%`"
            )
        }
        guard let value = dict[String(key)] else {
            throw FormatProblem(message: "the dict has no key \(PythonRepr.text(of: String(key)))")
        }
        arguments = [value]
        nextArgument = 0
    }

    private mutating func takeWidth(_ spec: inout FormatSpec) throws(FormatProblem) {
        if peek() == "*" {
            place += 1
            let width = try takeNumber(max: Int.max)
            spec.isLeft = spec.isLeft || width < 0
            spec.width = Int(clamping: width.magnitude)
        } else if let width = try takeDigits(max: Int.max, tooBig: "width too big") {
            spec.width = width
        }
        if let width = spec.width, width > Self.outputLimit { throw Self.tooLong }
    }

    private mutating func takePrecision(_ spec: inout FormatSpec) throws(FormatProblem) {
        if peek() == "*" {
            place += 1
            spec.precision = max(0, try takeNumber(max: Int(Int32.max)))
        } else {
            spec.precision = try takeDigits(max: Int(Int32.max), tooBig: "precision too big") ?? 0
        }
    }

    private mutating func takeDigits(max: Int, tooBig: String) throws(FormatProblem) -> Int? {
        var number: Int?
        while let scalar = peek(), ("0"..."9").contains(scalar) {
            let digit = Int(scalar.value) - 48
            guard number ?? 0 <= (max - digit) / 10 else { throw FormatProblem(message: tooBig) }
            number = (number ?? 0) * 10 + digit
            place += 1
        }
        return number
    }

    /// The number for a `*`.
    private mutating func takeNumber(max: Int) throws(FormatProblem) -> Int {
        let value = try takeArgument()
        switch value.kind {
        case .bool(let flag): return flag ? 1 : 0
        case .int(let number):
            guard let small = number.int, small <= max, small >= -max - 1 else {
                throw FormatProblem(message: "the number for `*` is too large")
            }
            return small
        default: throw FormatProblem(message: "* wants int", fix: "the value for `*` must be a whole number")
        }
    }

    private mutating func takeArgument() throws(FormatProblem) -> ConfigValue {
        guard nextArgument < arguments.count else {
            throw FormatProblem(
                message: "not enough arguments for format string",
                fix: isPositional
                    ? "the string has more `%` fields than values follow it; write `%%` for a percent sign"
                    : "give a tuple with one value for each `%` field; write `%%` for a percent sign")
        }
        nextArgument += 1
        return arguments[nextArgument - 1]
    }

    private func peek() -> Unicode.Scalar? { place < template.count ? template[place] : nil }
}

/// What stands between the `%` and its letter.
struct FormatSpec {
    var isLeft = false
    var hasSign = false
    var hasBlank = false
    var isAlternate = false
    var isZeroFilled = false
    var width: Int?
    var precision: Int?

    mutating func takeFlag(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-": isLeft = true
        case "+": hasSign = true
        case " ": hasBlank = true
        case "#": isAlternate = true
        case "0": isZeroFilled = true
        default: return false
        }
        return true
    }
}
