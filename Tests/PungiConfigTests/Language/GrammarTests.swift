import PungiConfig
import TestSupport
import Testing

/// Our own table of kobo's grammar; with the peers at hand the table itself is held against the real kobo.
struct GrammarTests {
    static let accepted: [(text: String, values: String)] = [
        ("", ""),
        ("# only a comment", ""),
        ("a = 1", "'a' = int(1)"),
        ("a = 1 b = 2", "'a' = int(1)\n'b' = int(2)"),
        ("a =\n\n 1\n", "'a' = int(1)"),
        ("  a = 1\n  b = 2\n", "'a' = int(1)\n'b' = int(2)"),
        ("a = 1\r\nb = 2\rc = 3", "'a' = int(1)\n'b' = int(2)\n'c' = int(3)"),
        ("a = \\\n 1", "'a' = int(1)"),
        ("a = (1)", "'a' = (int(1))"),
        ("a = () b = [] c = {}", "'a' = ()\n'b' = []\n'c' = {}"),
        ("a = [1 2,, 3,]", "'a' = [int(1), int(2), int(3)]"),
        ("a = [,'x' 'y']", "'a' = ['x', 'y']"),
        ("a = {,'k': 1 'j': 2}", "'a' = {'k': int(1), 'j': int(2)}"),
        ("a = {1: 'x', True: 'y', 1.0: 'z'}", "'a' = {int(1): 'z'}"),
        ("a = {-1: None, None: -1}", "'a' = {int(-1): None, None: int(-1)}"),
        ("k = (1, 'x')\nd = {k: 1}", "'k' = (int(1), 'x')\n'd' = {(int(1), 'x'): int(1)}"),
        ("a = 'é' b = {'e\u{301}': 1, 'é': 2}", "'a' = '<233>'\n'b' = {'e<769>': int(1), '<233>': int(2)}"),
        ("größe = 1\nb = größe", "'gr<246><223>e' = int(1)\n'b' = int(1)"),
        ("a = 1_000 b = 00 c = -0", "'a' = int(1000)\n'b' = int(0)\n'c' = int(0)"),
        (
            "a = .5 b = 5. c = 1.0e3 d = -0.0",
            "'a' = float(0.5)\n'b' = float(5.0)\n'c' = float(1000.0)\n'd' = float(-0.0)"
        ),
        ("a = 1.0e16 b = 1.0e-5 c = 1.0e999", "'a' = float(1e+16)\n'b' = float(1e-05)\n'c' = float(inf)"),
        ("a = 123456789012345678901234567890", "'a' = int(123456789012345678901234567890)"),
        ("a = -9223372036854775808", "'a' = int(-9223372036854775808)"),
        (#"a = 'a\nb' b = '\''"#, #"'a' = 'a\nb'"# + "\n" + #"'b' = '\''"#),
        ("a = '''x'''", "'a' = '''x'''"),
        ("a = '''x\ny'''", "'a' = '''x<10>y'''"),
        ("a = r'x' b = Rb\"y\"", "'a' = ''x'\n'b' = 'b\"y'"),
        ("a = 'x\\\ny'", "'a' = 'x\\<10>y'"),
        ("a = '\0'", "'a' = '<0>'"),
        ("a = 1\na = [a, a]", "'a' = [int(1), int(1)]"),
        ("global x", "'x' = None"),
        ("x = 1\nglobal x", "'x' = None"),
        ("a = 1\nglobal", "'a' = int(1)"),
        ("match = 1 case = 2", "'match' = int(1)\n'case' = int(2)"),
        ("s = '%s' % '%s' % 'x'", "'s' = 'x'"),
        ("s = '%s' \\\n % 'x'", "'s' = 'x'"),
        ("s = {'k%s' % 1: 2}", "'s' = {'k1': int(2)}"),
        ("s = '100%'", "'s' = '100%'"),
    ]

    static let refused: [(text: String, code: String, line: Int, column: Int)] = [
        ("a", "config.syntax", 1, 2),
        ("a = ", "config.syntax", 1, 5),
        ("a = 1 + 2", "config.syntax", 1, 7),
        ("a = 'x' 'y'", "config.syntax", 1, 9),
        ("a = 1; b = 2", "config.syntax", 1, 6),
        ("a = +1", "config.syntax", 1, 5),
        ("a = -'x'", "config.syntax", 1, 6),
        ("a = [1}", "config.syntax", 1, 7),
        ("a = {1}", "config.syntax", 1, 7),
        ("a = {(1, 2): 3}", "config.syntax", 1, 6),
        ("a = 'x'\n% 1", "config.syntax", 2, 1),
        ("a = ['x'\n % 1]", "config.syntax", 2, 2),
        ("a = 007", "config.syntax", 1, 7),
        ("é = $x", "config.syntax", 1, 5),
        ("a =    ?", "config.syntax", 1, 8),
        ("\u{FEFF}a = 1", "config.syntax", 1, 1),
        ("a = 1\n\0", "config.syntax", 2, 1),
        ("global x = 1", "config.syntax", 1, 10),
        ("from x", "config.syntax", 1, 1),
        ("from x import (a)", "config.syntax", 1, 15),
        ("class = 1", "config.keyword", 1, 1),
        ("True = 1", "config.keyword", 1, 1),
        ("import x", "config.keyword", 1, 1),
        ("_a = 1", "config.private-name", 1, 1),
        ("a = b", "config.undefined", 1, 5),
        ("a = [\n  true]", "config.undefined", 2, 3),
        ("a = not True", "config.undefined", 1, 5),
        ("a = {'k': 1, 'k': 2}", "config.duplicate-key", 1, 14),
        ("t = (1,)\nu = (True,)\na = {t: 1, u: 2}", "config.duplicate-key", 3, 12),
        ("l = []\na = {l: 1}", "config.key-type", 1, 5),
        ("a = 0x10", "config.number", 1, 5),
        ("a = -1e3", "config.number", 1, 6),
        ("a = 1.5j", "config.number", 1, 5),
        ("a = '%s %s' % 1", "config.format", 1, 5),
        ("a = ['x", "config.unclosed", 1, 6),
        ("a = [1,\n2", "config.unclosed", 1, 5),
        ("a = '''x\n", "config.unclosed", 1, 5),
        ("a = 1 \\\n", "config.unclosed", 1, 7),
        ("    a = 1\n  b = 2", "config.indentation", 2, 3),
        ("from x import *", "config.import-missing", 1, 1),
    ]

    @Test("what kobo accepts is accepted with the same value", arguments: accepted)
    func accepts(_ text: String, _ values: String) throws {
        #expect(Tagged.text(of: try ConfigCase(text).load()) == values)
    }

    @Test(
        "what kobo refuses is refused, with the place",
        arguments: refused.map { ($0.text, "\($0.code) \($0.line):\($0.column)") })
    func refuses(_ text: String, _ expected: String) throws {
        let first = try #require(try ConfigCase(text).failure().first)
        let place = try #require(first.location)
        #expect("\(first.code) \(place.line):\(place.column)" == expected)
        #expect(place.file == "/conf/main.conf")
    }

    @Test("the tables above are what the real kobo says", .needsPeers)
    func tables() throws {
        let cases = Self.accepted.map { ConfigCase($0.text) } + Self.refused.map { ConfigCase($0.text) }
        #expect(try KoboPeer.compare(cases) == Self.accepted.count)
    }

    @Test("a value keeps the place where it is written, a name the place of its assignment")
    func places() throws {
        let document = try ConfigCase("x = ['é', {'k': 1}]\ny =\n  x\n").load()
        let list = try #require(document["y"]?.items)
        #expect(document["y"]?.location == document["x"]?.location)
        #expect(list[1].location.column == 11)
        #expect(list[1].dict?.keyLocation("k")?.column == 12)
        #expect(list[1].dict?["k"]?.location.column == 17)
        #expect(document.definitions["y"] == SourceLocation(file: "/conf/main.conf", line: 2, column: 1))
    }

    @Test("equality is strict about types and code points")
    func equality() throws {
        let document = try ConfigCase(
            "a = [1, True, 1.0, 'é', 'e\u{301}', [1], (1)]\nb = {'x': 1, 'y': 2} c = {'y': 2, 'x': 1}"
        ).load()
        let items = try #require(document["a"]?.items)
        for (i, left) in items.enumerated() {
            for (j, right) in items.enumerated() { #expect((left == right) == (i == j), "\(left) \(right)") }
        }
        #expect(document["b"] == document["c"])
    }

    @Test("large dicts find their keys")
    func largeDict() throws {
        let text = "d = {" + (0..<500).map { "'k\($0)': \($0), \($0): 'v\($0)'" }.joined(separator: ",") + "}"
        let dict = try #require(try ConfigCase(text).load()["d"]?.dict)
        #expect(dict.count == 1000)
        #expect(dict["k321"]?.int == 321)
        #expect(dict["k500"] == nil)
        #expect(dict.keyLocation("k0")?.column == 6)
    }
}
