/// Lines of logs as they may be shown: builders write colours, cursor moves and anything else into them.
enum EvidenceLine {
    /// The most characters that are shown.
    static let longest = 300

    /// The line without escape sequences, control characters and signs that turn the direction of writing, with blanks
    /// run together; a long one is cut at its end.
    static func cleaned(_ line: String) -> String {
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
        return text.count <= longest ? text : String(text.prefix(longest - 1)) + "…"
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
