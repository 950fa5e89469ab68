extension TroubleRule {
    /// How rules are written on a command line, for people.
    package static let grammar = """
        TROUBLE[:METHOD][@N][xTIMES], with TROUBLE one of reset, reset-after, cut, page=STATUS, page-after=STATUS, \
        fault=CODE, expired, closed, offline, maintenance=SECONDS, slow=BYTES/SECONDS, truncated, huge=BYTES, refuse=SECONDS; TIMES * is for ever
        """

    /// Reads a rule as it is written on a command line: `reset-after:imageBuilderBuild@3x2` resets the connection after
    /// the third and the fourth submit.
    ///
    /// - Throws: what cannot be read, and how it should be.
    package init(parsing text: String) throws(HubFailure) {
        guard let rule = Self.read(text) else {
            throw HubFailure("`\(text)` is no trouble: write \(Self.grammar)")
        }
        self = rule
    }

    private static func read(_ text: String) -> TroubleRule? {
        var rest = text[...]
        var rule = TroubleRule(.reset)
        // From the end, so that what stands in front keeps its own signs.
        if let mark = rest.lastIndex(where: { $0 == "x" || $0 == "@" }), rest[mark] == "x",
            let times = Times(rest[rest.index(after: mark)...])
        {
            rule.times = times.number
            rest = rest[..<mark]
        }
        if let mark = rest.lastIndex(of: "@") {
            guard let number = count(rest[rest.index(after: mark)...]) else { return nil }
            rule.at = number
            rest = rest[..<mark]
        }
        if let mark = rest.firstIndex(of: ":") {
            rule.method = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        guard rule.method != "", let trouble = Trouble(rest) else { return nil }
        rule.trouble = trouble
        return rule
    }

    /// How often: a number, or `*` for ever.
    private struct Times {
        let number: Int?

        init?(_ text: Substring) {
            number = text == "*" ? nil : TroubleRule.count(text)
            if number == nil, text != "*" { return nil }
        }
    }

    /// A number from 1 on, in digits only.
    fileprivate static func count(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number > 0 else {
            return nil
        }
        return number
    }
}

extension Trouble {
    /// - Parameter text: a word, with `=` and its value if it has one.
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? parts[1] : nil
        let number = value.flatMap { TroubleRule.count($0) }
        switch (parts[0], value) {
        case ("reset", nil): self = .reset
        case ("reset-after", nil): self = .resetAfter
        case ("cut", nil): self = .cutAnswer
        case ("expired", nil): self = .expired
        case ("closed", nil): self = .closed
        case ("offline", nil): self = .offline
        case ("truncated", nil): self = .truncated
        case ("page", _?):
            guard let number, (400...599).contains(number) else { return nil }
            self = .page(status: number)
        case ("page-after", _?):
            guard let number, (400...599).contains(number) else { return nil }
            self = .pageAfter(status: number)
        case ("fault", _?):
            guard let number else { return nil }
            self = .fault(number)
        case ("huge", _?):
            guard let number else { return nil }
            self = .huge(bytes: number)
        case ("maintenance", let value?):
            guard let duration = Self.seconds(value) else { return nil }
            self = .maintenance(for: duration)
        case ("refuse", let value?):
            guard let duration = Self.seconds(value) else { return nil }
            self = .refuse(for: duration)
        case ("slow", let value?):
            let halves = value.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count == 2, let bytes = TroubleRule.count(halves[0]), let pause = Self.seconds(halves[1])
            else { return nil }
            self = .slow(piece: bytes, pause: pause)
        default: return nil
        }
    }

    /// Seconds with or without a fraction, up to a day.
    private static func seconds(_ text: Substring) -> Duration? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let seconds = Double(text), seconds <= 86_400
        else { return nil }
        return .seconds(seconds)
    }
}
