import OrderedCollections
import TestSupport

/// Makes configurations at random: some that look like real ones, some that are soups of tokens.
struct ConfigGenerator {
    private var random: SeededGenerator
    private var names: [String] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> ConfigCase {
        names = []
        switch pick(0..<10) {
        case 0..<4: return ConfigCase(structured())
        case 4..<6: return ConfigCase(damaged(structured()))
        case 6: return ConfigCase(imports())
        case 7: return ConfigCase(formats())
        default: return ConfigCase(soup())
        }
    }

    // MARK: Likely configurations

    private mutating func structured() -> String {
        var text = ""
        for _ in 0..<pick(1..<6) {
            let name = pick(0..<30) == 0 ? "_p" : choose(["a", "b", "release", "größe", "名", "x_1", "global_"])
            if pick(0..<12) == 0 { text += choose([" ", "\t", "  "]) }
            text +=
                "\(name)\(space())=\(space())\(value(depth: 3))\(choose(["\n", "\n", "\n", "\r\n", "\r", " ", " # c\n", ""]))"
            names.append(name)
        }
        return text
    }

    private mutating func value(depth: Int) -> String {
        switch pick(0..<(depth > 0 ? 13 : 7)) {
        case 0..<2: return string()
        case 2: return number()
        case 3: return pick(0..<30) == 0 ? "true" : choose(["True", "False", "None"])
        case 4: return names.isEmpty ? string() : choose(names)
        case 5, 6: return string()
        case 7, 8: return "[" + items(depth) + "]"
        case 9: return "(" + items(depth) + ")"
        case 10: return formatted(depth)
        default:
            var text = "{"
            for _ in 0..<pick(0..<5) {
                let key = choose([string(), string(), number(), "True", "None", "1", "1.0", names.first ?? "None"])
                text += space() + key + choose([":", ": ", " : ", ":\n"]) + value(depth: depth - 1) + separator()
            }
            return text + "}"
        }
    }

    private mutating func formatted(_ depth: Int) -> String {
        let sign = choose([" % ", "%", " % \\\n "])
        switch pick(0..<6) {
        case 0: return string() + sign + value(depth: depth - 1)
        case 1: return "'%(a)s'" + sign + "{'a': " + value(depth: depth - 1) + "}"
        case 2: return "'%s-%r'" + sign + "(" + value(depth: depth - 1) + ", " + value(depth: depth - 1) + ")"
        default: return choose(["'%s'", "'%r'", "'%a'", "'%.3s'"]) + sign + "(" + value(depth: depth - 1) + ",)"
        }
    }

    private mutating func items(_ depth: Int) -> String {
        var text = choose(["", ",", "\n"])
        for _ in 0..<pick(0..<5) { text += value(depth: depth - 1) + separator() }
        return text
    }

    private mutating func string() -> String {
        choose([
            "'x'", "\"y\"", "''", "'%s'", "'%(a)s'", "\"it's\"", "'\\n'", "'a\\'b'", "'''t'''", "\"\"\"u\nv\"\"\"",
            "r'r'",
            "f\"f\"", "Rb'z'", "'é'", "'e\u{301}'", "'日本'", "'a\\\nb'", "'#'", "'%%'", "u''", "'\u{7f}\u{ad}\u{1F600}'",
            "'\u{2028}'", "'a\"b'", "'\u{0}'", "\"a'\\\"\"", "bR'''q'''", "'%d-%s'",
        ])
    }

    private mutating func number() -> String {
        guard pick(0..<20) > 0 else {
            return choose([
                "007", "0x1f", "0o7", "0b1", "1e3", "1j", "1.5j", "1__0", "0_7", "1e", "1E+5", "0XFF", "- x",
            ])
        }
        return choose([
            "0", "1", "-1", "12", "1_000", "1.5", "-2.50", ".5", "5.", "1.e2", "1.0e-7", "1.0e16", "0_0", "00", "- 3",
            "123456789012345678901234567890", "-9223372036854775808", "9007199254740993.0", "1.0e999", "-0.0", "-0",
            "0.1", "1.5_0", "2.5e1_0",
        ])
    }

    // MARK: Formatting

    private mutating func formats() -> String {
        var text = "d = {'a': 1, 'b': 2.5, 'c': 'x', 'e(f)': [1, 'q'], 'n': None}\nv = (1, 'two', 3.5)\n"
        for index in 0..<pick(1..<3) {
            guard pick(0..<3) == 0 else {
                text += "s\(index) = '\(fit())\n"
                continue
            }
            var template = ""
            for _ in 0..<pick(1..<4) { template += field() + choose(["", "-", " ", "é"]) }
            let arguments = choose([
                "d", "v", "1", "-17", "'s'", "2.5", "None", "True", "[1, 'a', (2,)]", "(1, 2)", "(3, 'abc', -4.75)",
                "()",
                "1.0e20", "123456789012345678901", "('é\\'', 7)", "(5, 2, 'w')", "-0.0", "1.0e999", "(True, 65)", "{}",
                "{'a': {1: 'x', None: (1.0,)}}", "('\u{200b}\"', '\u{1F600}')", "(12.0e9, 0.0001)",
            ])
            text += "s\(index) = '\(template)' % \(arguments)\n"
        }
        return text
    }

    /// A field and an argument of the kind that it wants.
    private mutating func fit() -> String {
        let layout =
            choose(["", "", "-", "0", "+", " ", "#", "-0", "+0", "#0", "# "]) + choose(["", "", "5", "12", "1", "30"])
            + choose(["", "", ".", ".0", ".2", ".12"])
        let whole = ["0", "1", "-17", "255", "123456789012345678901", "-123456789012345678901", "True", "(8,)"]
        let any = [
            "2.5", "-0.0", "1.0e20", "-4.75", "1.0e999", "0.00001", "123456.789", "1.0e100", "2.675", "0.5", "1.5",
        ]
        switch pick(0..<4) {
        case 0: return "%" + layout + choose(["x", "X", "o", "d", "i", "u", "f", "e", "g"]) + "' % " + choose(whole)
        case 1: return "%" + layout + choose(["e", "E", "f", "F", "g", "G"]) + "' % " + choose(any)
        case 2:
            let texts = [
                "'é\\''", "\"it's\"", "[1, 'a', (2,)]", "{'a': {1: 'x', None: (1.0,)}}", "'\u{200b}\u{1F600}'", "None",
            ]
            return "%" + layout + choose(["s", "r", "a"]) + "' % (" + choose(texts) + ",)"
        default: return "%" + layout + "c' % " + choose(["65", "'x'", "'é'", "128512", "'😀'", "True"])
        }
    }

    private mutating func field() -> String {
        if pick(0..<8) == 0 { return choose(["%%", "%", "x", "%(", "%(a", "%5%", "% "]) }
        let key = choose(["", "", "", "(a)", "(b)", "(c)", "(e(f))", "(zz)", "(n)"])
        let flags = choose(["", "", "-", "0", "+", " ", "#", "-0", "+0", "#0", "# "])
        let width = choose(["", "", "5", "12", "*", "1"])
        let precision = choose(["", "", ".", ".0", ".2", ".12", ".*"])
        let length = choose(["", "", "", "l", "h", "L"])
        return "%" + key + flags + width + precision + length
            + choose(["s", "s", "r", "a", "d", "i", "u", "x", "X", "o", "e", "E", "f", "F", "g", "G", "c", "y", "b"])
    }

    // MARK: Imports

    private mutating func imports() -> OrderedDictionary<String, String> {
        let main =
            "x = 1\nz = 3\n" + choose(["global g\ng = 'G'\n", "global x\n", ""]) + importLine() + "y = "
            + choose(["a", "b", "g", "x", "z"]) + "\n" + choose(["", importLine()])
        let base =
            choose(["", "global h\nh = [g]\n"]) + "a = \(value(depth: 1))\n"
            + choose(["", "b = g\n", "x = 2\n", "b = x\n"])
            + choose(["", "", "from sub/more import *\n"])
        return [
            "main.conf": main, "base.conf": base,
            "sub/more.conf": choose(["m = 1\n", "from ../leaf import *\n", "m = h\n"]),
            "leaf.conf": "l = 1\na = 'leaf'\n", "a-b.conf": "a = 5\n", "a'b.conf": "b = 6\n", "a b.conf": "b = 7\n",
            "a.b.conf": "z = 8\n", "ab.conf": "a = 9\n",
        ]
    }

    private mutating func importLine() -> String {
        let path = choose([
            "base", "base", "base", "./base", "sub/../base", "sub/more", "a-b", "a . b", "a'b", "a b", "no", "leaf",
            "a 'b",
            "base # c\n", "\\\n base",
        ])
        let names = choose([
            "*", "*", "*", "*", "a", "a, b", "a,,b", "a", "(a)", "x y", "l", "*, a", "a # c", "\\\n a", "\n a", "_x",
            "True",
        ])
        return "from \(path) import \(names)\(choose(["\n", "\n", "\n", "\n", "\n", "", " ;\n"]))"
    }

    // MARK: Soups

    private mutating func soup() -> String {
        var text = ""
        for _ in 0..<pick(1..<14) {
            text += choose([
                "a", "b", "=", "=", "1", "'x'", "[", "]", "(", ")", "{", "}", ":", ",", "%", "-", "+", "\n", "\n", " ",
                "  ",
                "\t", "#c\n", "\\\n", "\\", "from", "import", "global", "*", ".", "..", "...", "/", "'", "\"", "'''",
                "$", "?",
                "!", "!=", "==", ":=", "->", "\u{A0}", "\u{FEFF}", "²", "٣", "é", "e\u{301}", "ª", "℘", "·", "\u{0C}",
                "\r",
                "True", "class", "_z", "1.5", "0x", "a = 1\n", "b = [1]\n", "a=b\n", ";", "\u{0}", "if", "'a' % 1",
                "\u{0B}",
                "   c = 1\n", " d = 2\n", "\t e = 3\n", "'a\\\n", "b'", "ur'", "rb\"", "\u{2028}", "\u{1C}", "…",
                "match",
            ])
            text += choose(["", "", " "])
        }
        return text
    }

    private mutating func damaged(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<pick(1..<3) where !scalars.isEmpty {
            let place = pick(0..<scalars.count)
            switch pick(0..<3) {
            case 0: scalars.remove(at: place)
            case 1:
                scalars.insert(choose(["'", "\"", "\\", "\n", "(", "]", "%", ",", "#", " ", "=", "-", "."]), at: place)
            default: scalars.swapAt(place, pick(0..<scalars.count))
            }
        }
        var damaged = String.UnicodeScalarView()
        damaged.append(contentsOf: scalars)
        return String(damaged)
    }

    // MARK: Choices

    private mutating func space() -> String { choose(["", " ", " ", "  ", "\t"]) }
    private mutating func separator() -> String { choose([", ", ",", " ", ",\n", "\n", ",,", " # c\n"]) }
    private mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func choose<T>(_ list: [T]) -> T { list[pick(0..<list.count)] }
}
