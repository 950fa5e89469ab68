/// The operators and delimiters of Python 3.11, longest first.
enum Symbols {
    /// How many bytes the symbol at `start` has; nil if none starts there.
    static func length(in bytes: [UInt8], from start: Int) -> Int? {
        let first = bytes[start]
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        let third = start + 2 < bytes.count ? bytes[start + 2] : 0
        let equals = UInt8(ascii: "=")
        switch first {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "~"):
            return 1
        case UInt8(ascii: "."):
            return second == first && third == first ? 3 : 1
        case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            if second == first { return third == equals ? 3 : 2 }
            return second == equals ? 2 : 1
        case UInt8(ascii: "-"):
            return second == equals || second == UInt8(ascii: ">") ? 2 : 1
        case UInt8(ascii: "!"):
            return second == equals ? 2 : nil
        case UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: ":"), equals, UInt8(ascii: "@"),
            UInt8(ascii: "^"), UInt8(ascii: "|"):
            return second == equals ? 2 : 1
        default:
            return nil
        }
    }
}
