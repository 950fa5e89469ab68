/// The letters that may stand before a quote: `b r u f br rb fr rf`, in any case.
enum StringPrefix {
    /// The offset of the quote, if a prefix and a quote stand at `start`.
    static func quote(in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = letter(bytes, start), start + 1 < bytes.count else { return nil }
        if isQuote(bytes[start + 1]) { return start + 1 }
        guard start + 2 < bytes.count, isQuote(bytes[start + 2]), let second = letter(bytes, start + 1) else {
            return nil
        }
        let raw = UInt8(ascii: "r")
        let isPair = (first == raw) != (second == raw) && first != UInt8(ascii: "u") && second != UInt8(ascii: "u")
        return isPair ? start + 2 : nil
    }

    private static func letter(_ bytes: [UInt8], _ index: Int) -> UInt8? {
        let lower = bytes[index] | 0x20
        switch lower {
        case UInt8(ascii: "b"), UInt8(ascii: "r"), UInt8(ascii: "u"), UInt8(ascii: "f"): return lower
        default: return nil
        }
    }

    static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }
}
