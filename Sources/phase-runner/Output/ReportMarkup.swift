import ComposePhase

/// HTML that cannot be broken by what is put into it: every text that is interpolated is escaped, only literals and other
/// markup stand as they are.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var html: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
        mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { html += part.html } }
        mutating func appendInterpolation(_ part: Markup?) { html += part?.html ?? "" }

        /// Percent of a whole, for a place or width; never anything but a number.
        mutating func appendInterpolation(percent part: Double) {
            let hundredths = Int((max(0, min(1, part.isNaN ? 0 : part)) * 10_000).rounded())
            let rest = hundredths % 100
            html += "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
        }
    }

    init(stringLiteral literal: String) { html = literal }
    init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

    /// Parts with something between them.
    static func joined(_ parts: [Markup], by separator: Markup) -> Markup {
        var whole: Markup = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { whole.html += separator.html }
            whole.html += part.html
        }
        return whole
    }

    /// Text as text, in an element or in an attribute between quotes. Controls and signs that turn the direction of
    /// writing become visible, so that no name can pass for another.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in TerminalText.safe(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    // MARK: Links

    /// A link; only the words where there is no address. The address is a page's or a file's that was made by us.
    static func link(_ words: Markup, to address: String?) -> Markup {
        guard let address else { return words }
        return "<a href=\"\(address)\">\(words)</a>"
    }

    /// Text in which addresses of pages are links.
    static func linked(_ text: String) -> Markup {
        var whole: Markup = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "http")?.lowerBound {
            var address = rest[start...].prefix { !$0.isWhitespace && !"<>\"'`;,|()[]{}".contains($0) }
            while let last = address.last, ".:!?".contains(last) { address = address.dropLast() }
            let words: Markup = "\(String(address))"
            whole.html += escaped(String(rest[..<start])) + link(words, to: KojiPages.link(String(address))).html
            rest = rest[address.endIndex...]
        }
        return "\(whole)\(String(rest))"
    }
}
