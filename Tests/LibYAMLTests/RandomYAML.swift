import LibYAML
import TestSupport

/// Random values, rich in what YAML could misread.
struct RandomYAML {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &generator)] }

    mutating func value(depth: Int) -> YAMLValue {
        switch Int.random(in: 0..<(depth > 3 ? 8 : 12), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .int(pick([0, -1, 44, .max, .min, Int.random(in: -1000...1000, using: &generator)]))
        case 3:
            return .double(pick([0, 1.5, -1e20, 1e-9, .infinity, .nan, Double.random(in: -9...9, using: &generator)]))
        case 4, 5: return .string(word())
        case 6, 7: return .string(numberLike())
        case 8, 9: return .list((0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth + 1) })
        default:
            var keys: Set<String> = []
            var entries: [YAMLValue.Entry] = []
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let key = word()
                if keys.insert(key).inserted { entries.append(.init(key, value(depth: depth + 1))) }
            }
            return .mapping(entries)
        }
    }

    /// Any text.
    mutating func word() -> String {
        let alphabet = Array(
            "abYZ019 .,:;-_?!#&*%@`'\"\\/|<>[]{}()~=+^$\n\t\r\u{e9}\u{4e2d}\u{1F600}\u{85}\u{2028}\u{7f}\u{1}"
        )
        .map(String.init)
        return (0..<Int.random(in: 0...8, using: &generator)).map { _ in pick(alphabet) }.joined()
    }

    /// A text of the letters that numbers, dates and constants are made of.
    mutating func numberLike() -> String {
        if Int.random(in: 0..<6, using: &generator) == 0 {
            return pick([
                "yes", "No", "ON", "true", "null", "~", "y", ".inf", "-.inf", "+.INF", ".nan", "2026-01-02",
                "2026-1-2T1:02:03Z", "1:20:30", "0:20.5", "1_0:5", "0b11", "0b_", "0x_f", "0_7", "+0b1", "-0o7",
            ])
        }
        let alphabet = ["0", "1", "7", "9", ".", "e", "E", "+", "-", "_", ":", "x", "b", "6", "0"]
        return (0..<Int.random(in: 1...7, using: &generator)).map { _ in pick(alphabet) }.joined()
    }

    /// The bytes with a few of them changed, left out, doubled or put in.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = pick(Array("-:?,[]{}#&*!|>'\"%@` \n\t0a\\".utf8) + [0, 0x85, 0xC2, 0xFF])
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            default: bytes.insert(pick(Array("-:?,[]{}#&*!|>'\" \n".utf8)), at: place)
            }
        }
        return bytes
    }
}
