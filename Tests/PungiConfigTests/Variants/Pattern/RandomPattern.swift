import TestSupport

/// Random patterns over a small alphabet of constructs.
struct RandomPattern {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &generator)] }
    private mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &generator) == 0 }

    /// Any pieces one after another: mostly refused patterns.
    mutating func soup() -> String {
        (0..<Int.random(in: 1...7, using: &generator)).map { _ in
            pick([
                "a", "b", "S", "-", "1", "(", "(", ")", ")", "[", "]", "^", "$", "|", "*", "+", "?", "{", "}", ",",
                "{2}",
                "{,2}", "{1,}", "\\", "\\b", "\\B", "\\w", "\\W", "\\d", "\\s", "\\S", "\\D", "\\A", "\\Z", "\\z",
                "\\1",
                "\\2", "\\0", "\\12", "\\101", "\\477", "\\8", "\\x61", "\\x6", "\\u0061", "\\U00000062", "\\U00110000",
                "\\h", "\\R", "\\K", "\\G", "\\Q", "\\E", "\\N", "\\p", "\\-", "\\ ", "\\n", "(?:", "(?=", "(?!",
                "(?<=",
                "(?<!", "(?>", "(?P<n>", "(?P=n)", "(?P<m", ">", "(?(1)", "(?(n)", "(?(2)", "(?#", "(?i)", "(?i:",
                "(?x)",
                "(?x:", "(?-i:", "(?a)", "(?m)", "(?s-i:", "(?u)", "(?t)", "(?L)", "(?", "(?P", ":", "#", " ", "\n",
                "[^",
                "[]", "a-z", "-]", "[:alpha:]", "[[", "&&", "--", "(*FAIL)", "\\c", "ß", "é", "İ", "ſ", "_", ".",
            ])
        }.joined()
    }

    /// A pattern made by the grammar: mostly accepted.
    mutating func grown() -> String {
        groups = 0
        closed = []
        let flags = chance(4) ? pick(["(?i)", "(?m)", "(?s)", "(?x)", "(?a)", "(?ai)", "(?im)", "(?isx)", "(?u)"]) : ""
        return flags + choice(depth: 0)
    }

    private var groups = 0
    private var closed: [Int] = []

    private mutating func choice(depth: Int) -> String {
        (0..<pick([1, 1, 1, 2, 2, 3])).map { _ in sequence(depth: depth) }.joined(separator: "|")
    }

    private mutating func sequence(depth: Int) -> String {
        (0..<pick([0, 1, 1, 2, 2, 3])).map { _ in item(depth: depth) }.joined()
    }

    private mutating func item(depth: Int) -> String {
        let atom = depth > 3 ? single() : self.atom(depth: depth)
        guard chance(3) else { return atom }
        return atom + pick(["*", "+", "?", "{2}", "{,2}", "{1,2}", "{0,1}", "{1,}", "{0}"])
            + pick(["", "", "", "?", "+"])
    }

    private mutating func atom(depth: Int) -> String {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0, 1, 2:
            groups += 1
            let number = groups
            let inside = choice(depth: depth + 1)
            closed.append(number)
            return (chance(3) ? "(?P<g\(number)>" : "(") + inside + ")"
        case 3: return "(?:" + choice(depth: depth + 1) + ")"
        case 4: return "(?>" + choice(depth: depth + 1) + ")"
        case 5: return pick(["(?=", "(?!"]) + choice(depth: depth + 1) + ")"
        case 6: return pick(["(?<=", "(?<!"]) + (chance(2) ? single() : choice(depth: 3)) + ")"
        case 7: return pick(["(?i:", "(?s:", "(?m:", "(?-i:", "(?a:", "(?u:", "(?x:"]) + choice(depth: depth + 1) + ")"
        case 8: return closed.isEmpty ? "a" : "\\\(pick(closed))"
        case 9:
            return closed.isEmpty ? "b" : "(?(\(pick(closed)))" + sequence(depth: 3) + "|" + sequence(depth: 3) + ")"
        case 10: return pick(["^", "$", "\\b", "\\B", "\\A", "\\Z"])
        default: return single()
        }
    }

    private mutating func single() -> String {
        if chance(4) {
            let members = (0..<pick([1, 2, 3])).map { _ in
                pick([
                    "a", "b", "S", "a-z", "A-Z", "0-9", "\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "-", "^", "\\n",
                    "\\x61", "é",
                ])
            }.joined()
            return pick(["[", "[^"]) + members + "]"
        }
        return pick([
            "a", "a", "b", "b", "S", "s", "e", "-", "1", "\\w", "\\W", "\\d", "\\D", "\\s", "\\S", ".", "\\n", "\\x61",
            "\\-", "é", "\\u00e9", "k", "ſ", "i",
        ])
    }

    /// A text to match: letters that the patterns know.
    mutating func text() -> String {
        if chance(3) {
            return pick([
                "Server", "Server-optional", "IoT", "Everything", "Cloud_Base", "Minimal\n", "", "Größe", "a b",
            ])
        }
        let letters = ["a", "b", "A", "B", "S", "s", "-", "1", "_", "\n", "é", "É", "K", "ſ", "ı", " ", "e"]
        return (0..<Int.random(in: 0...6, using: &generator)).map { _ in pick(letters) }.joined()
    }
}
