/// Lengths of time as a settings file has them: seconds (`90`, `0.5`) or parts with units (`90s`, `15m`, `1h30m`, `1d`).
package enum DurationText {
    /// Why a text is no length of time.
    enum Refusal: Error, Equatable {
        case negative, tooLong, malformed
    }

    /// What can be read, for messages.
    static let forms = "seconds, or parts with the units d, h, m and s, such as 90s, 15m, 1h30m or 1d"

    /// Ten years. More is a slip of the fingers, and sums of it could lose seconds.
    static let longest = 3650.0 * 86400

    private static let units: [(letter: Character, seconds: Double)] = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]

    /// The seconds of a text. Units stand in falling order, each once at most, without blanks.
    static func seconds(_ text: String) throws(Refusal) -> Double {
        guard text.utf8.count <= 40 else { throw .malformed }
        if text.hasPrefix("-") {
            // `-15m` is a negative length, `-x` is none.
            _ = try seconds(String(text.dropFirst()))
            throw .negative
        }
        guard let value = plain(text) ?? parts(text) else { throw .malformed }
        guard value <= longest else { throw .tooLong }
        return value
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// `90`, `0.5`; milliseconds are the finest.
    private static func plain(_ text: String) -> Double? {
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count <= 2, pieces.allSatisfy(isDigits) else { return nil }
        if pieces.count == 2, pieces[1].utf8.count > 3 { return nil }
        return Double(text)
    }

    private static func parts(_ text: String) -> Double? {
        var rest = text[...]
        var left = units[...]
        var sum = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let letter = rest.popFirst(), let unit = left.firstIndex(where: { $0.letter == letter }),
                isDigits(digits), let count = Double(digits)
            else { return nil }
            sum += count * units[unit].seconds
            left = left[(unit + 1)...]
        }
        return text.isEmpty ? nil : sum
    }

    /// The shortest text that ``seconds(_:)`` reads as the same: `1h30m`, and `0.5` for parts of a second.
    package static func text(_ seconds: Double) -> String {
        guard seconds >= 1, seconds <= longest, seconds == seconds.rounded(.down) else {
            return seconds == 0 ? "0" : String(seconds)
        }
        var rest = Int(seconds)
        var text = ""
        for unit in units {
            let (count, remainder) = rest.quotientAndRemainder(dividingBy: Int(unit.seconds))
            if count > 0 { text += "\(count)\(unit.letter)" }
            rest = remainder
        }
        return text
    }
}
