import PungiConfig
import TestSupport
import Testing

struct JSONConfigTests {
    static let accepted: [(text: String, values: String)] = [
        ("{}", ""), (" {\n}\n", ""), (#"{"a": 1, "a": 2, "b": null}"#, "'a' = int(2)\n'b' = None"),
        (
            #"{"a": [1, -2.5, true, false, "x"], "_b": {"c": {}}}"#,
            "'a' = [int(1), float(-2.5), True, False, 'x']\n'_b' = {'c': {}}"
        ),
        (#"{"a": [NaN, Infinity, -Infinity, 1e400]}"#, "'a' = [float(nan), float(inf), float(-inf), float(inf)]"),
        (
            #"{"a": [1E3, 1e-7, 0.1, -0, -0.0, 123456789012345678901234567890]}"#,
            "'a' = [float(1000.0), float(1e-07), float(0.1), int(0), float(-0.0), int(123456789012345678901234567890)]"
        ),
        (#"{"a": "\n\u00e9\ud83d\ude00\/\"\\é"}"#, "'a' = '<10><233><128512>/\"\\<233>'"),
    ]

    static let refused: [(text: String, line: Int, column: Int)] = [
        ("", 1, 1), ("[]", 1, 1), ("1", 1, 1), ("{} x", 1, 4), ("{\"a\": 1,}", 1, 9), ("{\"a\": [1,]}", 1, 10),
        ("{'a': 1}", 1, 2),
        ("{\"a\" 1}", 1, 6), ("{\"a\": 01}", 1, 8), ("{\"a\": 1.}", 1, 8), ("{\"a\": .5}", 1, 7), ("{\"a\": +1}", 1, 7),
        ("{\"a\": \"x}", 1, 7), ("{\"a\": \"x\ny\"}", 1, 9), ("{\"a\": \"\\x\"}", 1, 8), ("{\"a\": \"\\u12\"}", 1, 8),
        ("{\"a\": nul}", 1, 7), ("{\n \"a\": 1\n", 3, 1), ("\u{FEFF}{}", 1, 1), ("{\"a\": tru", 1, 7),
        ("{\"é\": ?}", 1, 7),
        ("{\"a\": 1}\0", 1, 9), ("{\"a\": -}", 1, 7),
    ]

    @Test("JSON is read as Python reads it", arguments: accepted)
    func accepts(_ text: String, _ values: String) throws {
        #expect(Tagged.text(of: try ConfigCase(text, name: "main.json").load()) == values)
    }

    @Test("broken JSON is refused, with the place", arguments: refused.map { ($0.text, "\($0.line):\($0.column)") })
    func refuses(_ text: String, _ expected: String) throws {
        let first = try #require(try ConfigCase(text, name: "main.json").failure().first)
        let place = try #require(first.location)
        #expect("\(place.line):\(place.column)" == expected, "\(first.rendered())")
        #expect(first.code == "config.json" || first.code == "config.unclosed")
    }

    @Test("the tables above are what Python's json says", .needsPeers)
    func tables() throws {
        let texts = Self.accepted.map(\.text) + Self.refused.map(\.text)
        #expect(
            try KoboPeer.compare(texts.map { ConfigCase($0, name: "main.json") }, mode: "json") == Self.accepted.count)
    }

    @Test("damaged JSON is accepted or refused as by Python", .needsPeers)
    func damaged() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        print("JSON seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let good = Array(
            #"{"a": [1, -2.5e3, true], "b": {"é": null, "c": "x\nA"}, "d": [[], {}, NaN, 0.1]}"#.unicodeScalars)
        let spare = Array("{}[]\",:\\-+.eE019 nN\n\tt\u{0}".unicodeScalars)
        let cases = (0..<600).map { _ in
            var scalars = good
            for _ in 0..<Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                let new = spare[Int.random(in: 0..<spare.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(new, at: place)
                default: scalars[place] = new
                }
            }
            return ConfigCase(scalars.map { String($0) }.joined(), name: "main.json")
        }
        #expect(try KoboPeer.compare(cases, mode: "json") > 50, "seed \(seed)")
    }

    @Test("deep JSON is refused, and a lone surrogate too")
    func limits() throws {
        let deep = "{\"a\": " + String(repeating: "[", count: 100_000)
        #expect(try ConfigCase(deep, name: "main.json").failure().map(\.code) == ["config.too-deep"])
        #expect(try ConfigCase(#"{"a": "\ud800"}"#, name: "main.json").failure().map(\.code) == ["config.json"])
    }

    @Test("a configuration is written as sorted JSON")
    func writing() throws {
        let document = try ConfigCase(
            "b = (1, 'é\"\\t😀', [], {})\na = {'z': 1.0e16, 'é': None}\nc = {2: 1, 1.5: 2, True: 3}\nd = {None: 1}\ne = {'x': 1, 2: 2}"
        ).load()
        #expect(
            document.languageJSON() == """
                {
                    "a": {
                        "z": 1e+16,
                        "\\u00e9": null
                    },
                    "b": [
                        1,
                        "\\u00e9\\"\\\\t\\ud83d\\ude00",
                        [],
                        {}
                    ],
                    "c": {
                        "true": 3,
                        "1.5": 2,
                        "2": 1
                    },
                    "d": {
                        "null": 1
                    },
                    "e": {
                        "2": 2,
                        "x": 1
                    }
                }
                """)
    }
}
