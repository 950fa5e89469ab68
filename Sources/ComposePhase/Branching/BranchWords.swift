/// The old branch's names in a text, where they are whole words: between `/`, `-`, `.`, `:` and the like.
struct BranchWords {
    struct Word {
        enum Kind {
            /// `rawhide`, `f46`.
            case name
            /// `46`.
            case number
        }

        let kind: Kind
        let text: String
        /// Offsets in the text's bytes.
        let range: Range<Int>
    }

    let bytes: [UInt8]
    let words: [Word]

    init(_ text: String, _ request: BranchRequest) {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        let number = request.oldNumber.map(String.init)
        words = Self.ranges(bytes).compactMap { range in
            let word = String(decoding: bytes[range], as: UTF8.self)
            if request.oldWords.contains(word.lowercased()) { return Word(kind: .name, text: word, range: range) }
            return word == number ? Word(kind: .number, text: word, range: range) : nil
        }
    }

    var isEmpty: Bool { words.isEmpty }

    /// Whether a person would say that the text names the old branch: a number alone may count anything.
    var namesBranch: Bool {
        words.contains { word in
            word.kind == .name || word.range == 0..<bytes.count
                || Self.beforeNumbers.contains(before(word).lowercased())
        }
    }

    /// The words that a release's number stands behind.
    static let beforeNumbers: Set<String> = [
        "fedora", "iot", "compose", "releases", "development", "branched", "updates", "testing", "linux", "minimal",
        "server",
    ]

    /// The word before, across one `/` or `-`: `fedora` of `fedora/46`.
    func before(_ word: Word) -> String {
        let end = word.range.lowerBound - 1
        guard end > 0, bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: "-") else { return "" }
        var start = end
        while start > 0, Self.isWord(bytes[start - 1]) { start -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Whether the word is all that stands between two `/`.
    func isComponent(_ word: Word) -> Bool {
        let slash = UInt8(ascii: "/")
        let begins = word.range.lowerBound == 0 || bytes[word.range.lowerBound - 1] == slash
        return begins && (word.range.upperBound == bytes.count || bytes[word.range.upperBound] == slash)
    }

    /// The text with other words in it; nil for a word leaves it.
    func replacing(_ replacement: (Word) -> String?) -> String {
        var result: [UInt8] = []
        var end = 0
        for word in words {
            guard let new = replacement(word) else { continue }
            result += bytes[end..<word.range.lowerBound]
            result += new.utf8
            end = word.range.upperBound
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    private static func ranges(_ bytes: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            // The names of arguments of a format are not what it says.
            if bytes[index] == UInt8(ascii: "%"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "(") {
                index = bytes[index...].firstIndex(of: UInt8(ascii: ")")) ?? bytes.count
                continue
            }
            let start = index
            while index < bytes.count, isWord(bytes[index]) { index += 1 }
            if index > start { ranges.append(start..<index) } else { index += 1 }
        }
        return ranges
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
            true
        default: false
        }
    }
}
