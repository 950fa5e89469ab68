internal import OrderedCollections

/// Plain values: names, numbers, strings.
extension FileParser {
    /// The plain value at the token being looked at.
    func scalar() throws(ParseAbort) -> Parsed {
        switch token.kind {
        case .name: return try variable()
        case .number: return try number(negative: nil)
        case .string:
            let location = source.location(of: token)
            let text = stringContent(at: location)
            return Parsed(value: ConfigValue(.string(text), at: location), cost: 8 + text.utf8.count)
        case .symbol where isSymbol("-"):
            let sign = token
            try advance()
            guard token.kind == .number else {
                throw syntaxError(expected: "a number after `-`", fix: "there is no arithmetic; write the value out")
            }
            return try number(negative: sign)
        default: throw syntaxError(expected: "a value")
        }
    }

    private func variable() throws(ParseAbort) -> Parsed {
        if matches(token, "True") { return plain(.bool(true)) }
        if matches(token, "False") { return plain(.bool(false)) }
        if matches(token, "None") { return plain(.none) }
        let name = VariableName(source.text(of: token))
        if !name.isPrivate, let variable = variables[name] { return traceUse(of: variable, name) }
        var unknown = plain(.none)
        unknown.isPoisoned = true
        if !missesNames || name.isPrivate {
            try report(
                "config.undefined", "undefined variable `\(name.text)`", at: unknown.value.location,
                lineStart: token.lineStart, fix: hint(forUndefined: name.text))
        }
        return unknown
    }

    private func plain(_ kind: ConfigValue.Kind) -> Parsed {
        Parsed(value: ConfigValue(kind, at: source.location(of: token)), cost: 8)
    }

    private func hint(forUndefined name: String) -> String? {
        if let hint = SyntaxHints.undefined(name) { return hint }
        // Comparing with more names than a person wrote is a waste of time.
        guard variables.count <= 2000, let near = nearest(to: name, in: variables.keys.map(\.text)) else {
            return chain.isEmpty ? nil : "an imported file sees only what the importing file declared `global`"
        }
        return "did you mean `\(near)`?"
    }

    // MARK: Numbers

    /// kobo gives a number with a `.` to `float()` and any other to `int()`.
    private func number(negative sign: Token?) throws(ParseAbort) -> Parsed {
        let location = source.location(of: sign ?? token)
        let text = source.text(of: token)
        var kind: ConfigValue.Kind?
        if text.utf8.contains(UInt8(ascii: ".")) {
            let plain = text.utf8.contains(UInt8(ascii: "_")) ? String(text.filter { $0 != "_" }) : text
            kind = Self.float(plain).map { .float(sign == nil ? $0 : -$0) }
        } else if let small = Int(text) {
            kind = .int(ConfigInteger(sign == nil ? small : -small))
        } else {
            kind = try largeInteger(text, isNegative: sign != nil)
        }
        if let kind { return Parsed(value: ConfigValue(kind, at: location), cost: 8 + text.utf8.count) }
        let place = source.location(of: token)
        try report(
            "config.number", "kobo reads no number like `\(text.prefix(40))`", at: place, lineStart: token.lineStart,
            fix: "write a decimal number: `16` for `0x10`, `1000` or `1.0e3` for `1e3`")
        return Parsed(value: ConfigValue(.none, at: location), cost: 8, isPoisoned: true)
    }

    private static func float(_ text: String) -> Double? {
        if let value = Double(text) { return value }
        // Swift wants digits on both sides of the point.
        let padded = (text.utf8.first == UInt8(ascii: ".") ? "0" : "") + text
        guard let point = padded.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return Double(padded[...point] + "0" + padded[padded.utf8.index(after: point)...])
    }

    /// A number with `_` in it, or with more digits than 64 bits hold.
    private func largeInteger(_ text: String, isNegative: Bool) throws(ParseAbort) -> ConfigValue.Kind? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
        guard digits.allSatisfy(NumberScanner.isDigit) else { return nil }
        guard digits.count <= 4300 else {
            try report(
                "config.number", "a number of \(digits.count) digits; Python reads at most 4300",
                at: source.location(of: token), lineStart: token.lineStart)
            return ConfigValue.Kind.none
        }
        guard let number = ConfigInteger(decimal: String(decoding: digits, as: UTF8.self)) else { return nil }
        return .int(isNegative ? number.negated : number)
    }

    // MARK: Strings

    /// What kobo makes of a string: the token without its first and its last character, whatever these are.
    func stringContent(at location: SourceLocation) -> String {
        let first = source.bytes[token.start]
        if !StringPrefix.isQuote(first) {
            warnPrefix(location)
        } else if token.end - token.start >= 6, source.bytes[token.start + 1] == first,
            source.bytes[token.start + 2] == first
        {
            warnTripleQuotes(location)
        } else {
            warnEscapes(location)
        }
        return source.text(token.start + 1, token.end - 1)
    }

    // MARK: Formatting

    /// `template % argument`.
    func format(
        _ template: String, _ argument: Parsed, at location: SourceLocation, lineStart: Int
    ) throws(ParseAbort) -> Parsed {
        let poisoned = Parsed(value: ConfigValue(.string(""), at: location), cost: 8, isPoisoned: true)
        if argument.isPoisoned { return poisoned }
        var formatter = PercentFormat(template: template, argument: argument.value)
        do throws(FormatProblem) {
            guard argument.cost <= PercentFormat.outputLimit, formatWork <= limits.expandedBytes else {
                throw PercentFormat.tooLong
            }
            let text = try formatter.run()
            formatWork += max(formatter.work, text.utf8.count)
            var parsed = Parsed(value: ConfigValue(.string(text), at: location), cost: 8 + text.utf8.count)
            parsed.trace = traceFormat(template, argument, at: location)
            return parsed
        } catch {
            formatWork += formatter.work
            try report(
                "config.format", "cannot format this string: \(error.message)", at: location, lineStart: lineStart,
                fix: error.fix)
            return poisoned
        }
    }
}
