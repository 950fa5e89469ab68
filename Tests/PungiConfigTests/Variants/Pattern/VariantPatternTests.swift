import PungiConfig
import Testing

@Suite("Variant patterns")
struct VariantPatternTests {
    @Test(
        "a pattern matches at the start of the uid only, as Python's re.match",
        arguments: [
            ("Server", "Server", true), ("Server", "Server-optional", true), ("^Server$", "Server-optional", false),
            ("erver", "Server", false), ("^erver", "Server", false), (".*erver", "Server", true), ("", "Server", true),
            ("^(Server|IoT)$", "IoT", true), ("^(Server|IoT)$", "Cloud", false), ("^[A-Z]\\w+$", "Minimal", true),
            ("(?i)server", "SERVER", true), ("server", "SERVER", false), ("(?x) Ser ver # the uid", "Server", true),
            ("^Server$", "Server\n", true), ("^Server\\Z", "Server\n", false), ("a.b", "a\nb", false),
            ("(?s)a.b", "a\nb", true), ("(?P<n>a)b(?P=n)", "aba", true), ("(?P<n>a)b(?P=n)", "abc", false),
            ("a{,2}b", "aab", true), ("a{,2}b", "a{,2}b", false), ("a{}b", "a{}b", true), ("a{x", "a{x", true),
            ("[[:alpha:]]", ":]", true), ("[[:alpha:]]", "b]", false), ("(?!Server)", "Server", false),
            ("(?!Server)", "Cloud", true), ("(?<!x)Server", "Server", true), ("a*+a", "aaa", false),
            ("(?>a*)a", "aaa", false),
            // Each round of a possessive repetition keeps what it took.
            ("(?:a{1,2}|b){2}+", "aa", false), ("((?:a|ab)){2}+", "aab", true), ("(?:ab?|b){2}+$", "ab", false),
            ("(a)?(?(1)b|c)", "ab", true), ("(a)?(?(1)b|c)", "c", true),
            ("\\101", "A", true), ("\\x41\\u0042\\U00000043", "ABC", true), ("(a)\\1", "aa", true),
            ("\\w+$", "Größe", true), ("(?a)\\w+$", "Größe", false), ("\\d", "\u{663}", true),
            ("\\s", "\u{1C}", true), ("\\s", "\u{180E}", false), ("(?i)\u{131}", "I", true),
            ("(?ai)k", "\u{212A}", false),
            ("(?i)k", "\u{212A}", true), ("(?m)a\\n^b", "a\nb", true), ("(?m)a\\n^", "a\n", true), ("\\B", "", false),
            ("\\b", "a", true), ("[]a]", "]", true), ("[^]a]", "]", false), ("[a-]", "-", true),
            ("[\\w-]+$", "a-b", true),
            ("[\\W\\d]+$", "-1", true), ("[^\\Wx]+$", "abc", true), ("[^\\Wx]+$", "abx", false),
            ("\\ud800", "a", false),
            ("[^\\ud800]", "a", true), ("(?i:a)B", "AB", true), ("(?i:a)B", "Ab", false),
        ] as [(String, String, Bool)])
    func matches(pattern: String, uid: String, expected: Bool) throws {
        #expect(try VariantPattern(pattern).matches(uid) == expected)
    }

    @Test(
        "what Python refuses is refused, with the place",
        arguments: [
            ("Server(", 6, "missing ), unterminated subpattern"), ("a)", 1, "unbalanced parenthesis"),
            ("*", 0, "nothing to repeat"), ("^*", 1, "nothing to repeat"), ("a**", 2, "multiple repeat"),
            ("a{2}{3}", 4, "multiple repeat"), ("a{3,2}", 1, "min repeat greater than max repeat"),
            ("[a", 0, "unterminated character set"), ("[b-a]", 1, "bad character range"),
            ("[\\w-a]", 1, "bad character range"), ("a\\", 1, "bad escape: the pattern ends with \\"),
            ("\\z", 0, "bad escape \\z"), ("\\h", 0, "bad escape \\h"), ("\\Qa\\E", 0, "bad escape \\Q"),
            ("\\K", 0, "bad escape \\K"), ("\\G", 0, "bad escape \\G"), ("\\p{L}", 0, "bad escape \\p"),
            ("\\x4", 0, "incomplete escape \\x4"), ("\\U00110000", 0, "bad escape \\U00110000"),
            ("\\477", 0, "octal escape value \\477 outside of range 0-0o377"), ("\\1", 1, "invalid group reference 1"),
            ("(a\\1)", 2, "cannot refer to an open group"), ("(?P<1>a)", 4, "bad character in group name '1'"),
            ("(?P<n>a)(?P<n>b)", 8, "redefinition of group name 'n' as group 2; was group 1"),
            ("(?P=n)", 4, "unknown group name 'n'"), ("(?<n>a)", 3, "unknown extension ?<n"),
            ("(?'n'a)", 2, "unknown extension ?'"), ("(?|a)", 2, "unknown extension ?|"),
            ("(?R)", 2, "unknown extension ?R"), ("(?1)", 2, "unknown extension ?1"),
            ("a(?i)", 1, "global flags not at the start of the expression"), ("(?L)a", 2, "cannot use 'L' flag"),
            ("(?z)", 2, "unknown extension ?z"), ("(?i-i:a)", 2, "flag turned on and off"),
            ("(?(2)a)", 3, "invalid group reference 2"), ("(a)(?(1)a|b|c)", 11, "more than two branches"),
            ("(?<=a+)b", 0, "look-behind requires fixed-width pattern"), ("(?#a", 0, "unterminated comment"),
            ("(?<=(a)\\1)", 7, "cannot refer to group defined in the same lookbehind subpattern"),
            ("(*FAIL)", 1, "nothing to repeat"), ("\\N{DIGIT ONE}", 0, "is not supported here"),
            ("a{70000}", 1, "the repetition number is too large"),
        ])
    func refused(pattern: String, position: Int, reason: String) {
        let failure = #expect(throws: PatternFailure.self) { try VariantPattern(pattern) }
        #expect(failure?.position == position)
        #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }

    @Test("a pattern that backtracks without end is given up", arguments: ["(a*)*b", "(a|a)*b", "(?:a?){30}a{30}b"])
    func catastrophe(pattern: String) throws {
        let pattern = try VariantPattern(pattern)
        let failure = #expect(throws: PatternFailure.self) {
            try pattern.matches(String(repeating: "a", count: 5000))
        }
        #expect(failure?.reason.contains("was given up") == true)
    }

    @Test("huge and deeply nested patterns are refused")
    func huge() {
        let patterns = [
            String(repeating: "(", count: 3000),
            String(repeating: "(?:", count: 500) + String(repeating: ")", count: 500),
            String(repeating: "a", count: 5000), "((((a{1000}){1000}){1000}){1000})",
            String(repeating: "(?(1)", count: 700),
            String(repeating: "(?<=", count: 900), "(?<=a{60000}a{60000})b",
        ]
        for pattern in patterns {
            #expect(throws: PatternFailure.self) { try VariantPattern(pattern) }
        }
    }

    @Test("a pattern nested as deeply as is allowed can be used")
    func deep() throws {
        let depth = 98
        let pattern = String(repeating: "(?:(", count: depth / 2) + "a" + String(repeating: ")+)*", count: depth / 2)
        #expect(try VariantPattern(pattern).matches("b"))
    }
}
