/// Lines of logs as they may be shown: builders write colours, cursor moves and anything else into them.
enum EvidenceLine {
    /// The most characters that are shown.
    static let longest = 300

    /// The line without escape sequences, control characters and signs that turn the direction of writing, with blanks
    /// run together, and URLs without users, passwords and queries; a long one is cut at its end.
    static func cleaned(_ line: String) -> String {
        let text = withoutSecrets(printable(line))
        return text.count <= longest ? text : String(text.prefix(longest - 1)) + "…"
    }

    private static func printable(_ line: String) -> String {
        var text = ""
        var scalars = line.unicodeScalars[...]
        var pendsBlank = false
        while let scalar = scalars.popFirst() {
            if scalar == "\u{1B}" || scalar == "\u{9B}" {
                skipSequence(&scalars, isCSI: scalar == "\u{9B}")
                continue
            }
            guard isShown(scalar) else {
                pendsBlank = !text.isEmpty
                continue
            }
            if pendsBlank { text.append(" ") }
            pendsBlank = false
            text.unicodeScalars.append(scalar)
            // A bound for lines of any length; characters of several scalars are few.
            if text.unicodeScalars.count > 4 * longest { break }
        }
        return text
    }

    /// Downloads go to URLs that may hold a password or a token.
    private static func withoutSecrets(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while let slashes = rest.firstRange(of: "://") {
            shown += rest[..<slashes.upperBound]
            let url = rest[slashes.upperBound...].prefix { !" \"'<>|".contains($0) }
            rest = rest[url.endIndex...]
            let host = url.prefix { !"/?#".contains($0) }
            let from = host.lastIndex(of: "@").map { url.index(after: $0) } ?? url.startIndex
            shown += url[from...].prefix { $0 != "?" }
        }
        return shown + rest
    }

    /// Skips what follows ESC: `[` with parameters up to a letter, or one character.
    private static func skipSequence(_ scalars: inout Substring.UnicodeScalarView, isCSI: Bool) {
        guard isCSI || scalars.first == "[" else {
            _ = scalars.popFirst()
            return
        }
        if !isCSI { _ = scalars.popFirst() }
        while let scalar = scalars.first, scalar.value >= 0x20, scalar.value < 0x7F {
            _ = scalars.popFirst()
            if scalar.value >= 0x40 { return }
        }
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}
