import OrderedCollections
import TestSupport

/// Changes configurations a little, as typing errors, bad merges and hostile people do: token by token, or byte by byte.
struct ConfigMutator {
    private var random: SeededGenerator
    private var generator: ConfigGenerator
    /// Statements of our fixtures, of moderate size.
    private let statements: [String]

    init(seed: UInt64, fixtures: [String]) {
        random = SeededGenerator(seed: seed)
        generator = ConfigGenerator(seed: seed ^ 0x5555)
        statements = fixtures.flatMap(Self.statements).filter { $0.utf8.count < 1500 }
    }

    /// A configuration that was generated, or put together from statements of the fixtures, and then changed.
    mutating func next() -> ConfigCase {
        var config = pick(0..<2) == 0 ? generator.next() : ConfigCase(assembled())
        guard let main = config.files.keys.first, let bytes = config.files[main] else { return config }
        config.files[main] = pick(0..<4) == 0 ? mutatedBytes(bytes) : mutatedTokens(bytes)
        return config
    }

    // MARK: What is changed

    /// Some statements, with the variables that fixtures use.
    private mutating func assembled() -> String {
        var text = "branch = \"f44\"\nrelease_short = \"F\"\n"
        for _ in 0..<pick(1..<4) { text += choose(statements) + "\n" }
        return text
    }

    /// A configuration cut where a line begins with a name and a `=`.
    private static func statements(of text: String) -> [String] {
        var statements: [String] = []
        var current = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isStart = line.first?.isLetter ?? false
            if isStart, !current.isEmpty {
                statements.append(current)
                current = ""
            }
            current += line + "\n"
        }
        // Other files are not there.
        return (statements + [current]).filter { !$0.hasPrefix("from ") && !$0.hasPrefix("#") }
    }

    // MARK: Tokens

    private mutating func mutatedTokens(_ bytes: [UInt8]) -> [UInt8] {
        var tokens = Self.tokens(of: bytes)
        for _ in 0..<pick(1..<4) where !tokens.isEmpty {
            let place = pick(0..<tokens.count)
            switch pick(0..<9) {
            case 0: tokens.remove(at: place)
            case 1: tokens.insert(tokens[place], at: place)
            case 2: tokens.swapAt(place, pick(0..<tokens.count))
            case 3, 4: tokens.insert(Array(choose(Self.punctuation).utf8), at: place)
            case 5: tokens[place] = requoted(tokens[place])
            case 6: tokens[place] = Array(choose(Self.words).utf8)
            case 7: tokens[place] = tokens[pick(0..<tokens.count)]
            default:
                // A range is cut out and put elsewhere.
                let end = min(tokens.count, place + pick(1..<6))
                let cut = Array(tokens[place..<end])
                tokens.removeSubrange(place..<end)
                tokens.insert(contentsOf: cut, at: pick(0..<(tokens.count + 1)))
            }
        }
        return Array(tokens.joined())
    }

    private static let punctuation = [
        "[", "]", "(", ")", "{", "}", ":", ",", "=", "%", "-", ".", "'", "\"", "'''", "\\", "\n", " ", "\t", "#", "*",
        "\\\n", ";", "+", "!", "==", "\r\n", "\r", "\u{0C}", "$", "~", "->", ":=", "...",
    ]
    private static let words = [
        "None", "True", "False", "global", "from", "import", "branch", "_x", "0", "007", "1_0", "-1", "1.5", ".5",
        "1e3",
        "0x1", "''", "\"%s\"", "'%(a)s'", "r''", "not", "if", "é", "class", "x", "123456789012345678901234567890",
    ]

    /// Roughly as Python cuts a line; what it is joined from gives the text again.
    private static func tokens(of bytes: [UInt8]) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var index = 0
        while index < bytes.count {
            let start = index
            let first = bytes[index]
            index += 1
            switch first {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                while index < bytes.count, bytes[index] != first, bytes[index] != UInt8(ascii: "\n") { index += 1 }
                index = min(bytes.count, index + 1)
            case _ where isWord(first): while index < bytes.count, isWord(bytes[index]) { index += 1 }
            case UInt8(ascii: " "): while index < bytes.count, bytes[index] == first { index += 1 }
            default: break
            }
            tokens.append(Array(bytes[start..<index]))
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// A string in other quotes, or with quotes that do not fit; another token in quotes.
    private mutating func requoted(_ token: [UInt8]) -> [UInt8] {
        let quotes = ["'", "\"", "'''", "\"\"\"", "", "`"]
        let isString = token.first == UInt8(ascii: "'") || token.first == UInt8(ascii: "\"")
        let content = isString ? Array(token.dropFirst().dropLast()) : token
        let opening = choose(quotes)
        let closing = pick(0..<6) == 0 ? choose(quotes) : opening
        return Array(opening.utf8) + content + Array(closing.utf8)
    }

    // MARK: Bytes

    private mutating func mutatedBytes(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<pick(1..<4) where !bytes.isEmpty {
            let place = pick(0..<bytes.count)
            switch pick(0..<6) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            case 2: bytes.insert(UInt8(pick(0..<256)), at: place)
            case 3: bytes[place] ^= UInt8(1 << pick(0..<8))
            case 4: bytes.swapAt(place, pick(0..<bytes.count))
            default: bytes.removeSubrange(place..<min(bytes.count, place + pick(1..<20)))
            }
        }
        return bytes
    }

    // MARK: Choices

    private mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func choose<T>(_ list: [T]) -> T { list[pick(0..<list.count)] }
}
