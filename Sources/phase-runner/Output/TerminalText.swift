/// Text for a terminal: how wide it is there, and what of it is safe to send.
///
/// The C library's `wcwidth` knows no characters beyond ASCII unless the process takes on a locale, which would change
/// much else; so the few rules that matter stand here.
enum TerminalText {
    /// The text with everything that could move the cursor or turn the line around made visible. Words of builders
    /// and hubs go through here.
    static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) { safe += escaped(scalar) } else { safe.unicodeScalars.append(scalar) }
        }
        return safe
    }

    /// The same for text of several lines.
    static func safeLines(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { safe(String($0)) }
            .joined(separator: "\n")
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        // Formats turn the direction of text around; the joiner of emoji and the like is lost with them.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\t": " "
        case "\n": "\\n"
        case "\r": "\\r"
        default:
            scalar.value < 0x100
                ? "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
                : "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }

    /// Columns that the text takes; of safe text.
    static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// 0 for marks that stand over the character before, 2 for what East Asian terminals show wide, else 1.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// Wide and fullwidth, from Unicode's East Asian Width.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18CFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]

    /// The beginning of the text that fits `columns`, with an ellipsis where something is left out.
    static func clipped(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var clipped = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let next = width(scalar)
            if used + next > columns - 1 { break }
            clipped.append(scalar)
            used += next
        }
        return String(clipped) + "…"
    }

    /// Clipped or filled up with blanks to exactly `columns`.
    static func cell(_ text: String, _ columns: Int) -> String {
        let clipped = clipped(text, to: columns)
        return clipped + String(repeating: " ", count: max(0, columns - width(clipped)))
    }

    /// The same, with the blanks before it.
    static func right(_ text: String, _ columns: Int) -> String {
        let clipped = clipped(text, to: columns)
        return String(repeating: " ", count: max(0, columns - width(clipped))) + clipped
    }
}
