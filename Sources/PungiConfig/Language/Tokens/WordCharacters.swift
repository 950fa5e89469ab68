/// Which characters make up words, as the `\w` of Python 3.11's `re` and its `str.isidentifier` have it.
///
/// Python 3.11 knows Unicode 14; characters that came later are unknown to it, and so they are here.
enum WordCharacters {
    /// The end of the word at `start`; nil if none starts there.
    static func wordEnd(in bytes: [UInt8], from start: Int) -> Int? {
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x80 {
                guard isASCIIWord(byte) else { break }
                end += 1
            } else {
                guard isWord(scalar(in: bytes, at: end)) else { break }
                end += scalarLength(byte)
            }
        }
        return end > start ? end : nil
    }

    /// Whether the word at `start` is a name: Python looks at its first character only.
    static func beginsName(_ bytes: [UInt8], at start: Int) -> Bool {
        if bytes[start] < 0x80 { return isASCIIWord(bytes[start]) && !NumberScanner.isDigit(bytes[start]) }
        let first = scalar(in: bytes, at: start)
        return PythonUnicode.isAssigned(first) && first.properties.isXIDStart
    }

    private static func isASCIIWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        guard PythonUnicode.isAssigned(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return scalar.properties.numericType != nil
        }
    }

    /// How many bytes a scalar has, by its first byte.
    static func scalarLength(_ byte: UInt8) -> Int {
        switch byte {
        case 0..<0xC0: 1
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }

    /// The scalar at `start` of valid UTF-8.
    static func scalar(in bytes: [UInt8], at start: Int) -> Unicode.Scalar {
        let end = min(bytes.count, start + scalarLength(bytes[start]))
        return String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    }
}

/// The Unicode of Python 3.11.
enum PythonUnicode {
    /// Whether the character was in Unicode 14.
    static func isAssigned(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major <= 14
    }

    /// Whether `repr` shows the character as it is: Python's `str.isprintable`.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        guard isAssigned(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
