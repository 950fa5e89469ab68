import PungiConfig
import Testing

@Suite("Patterns that are searched")
struct SearchPatternTests {
    @Test(
        "a pattern is found anywhere, as Python's re.search does",
        arguments: [
            ("b", "abc", true), ("^b", "abc", false), ("^a", "abc", true), ("c$", "abc", true), ("b$", "abc", false),
            ("(?i)ABC", "xxabc", true), ("", "", true), ("x", "", false), (#"\bkoji\."#, "a koji.AuthError", true),
            (#"\d{3}"#, "Status 50", false), (#"\d{3}"#, "Status 503 for", true), ("é", "caf\u{e9}", true),
            (#"error code 6\b"#, "error code 60", false),
        ])
    func search(pattern: String, text: String, isFound: Bool) throws {
        #expect(try SearchPattern(pattern).search(text) == (isFound ? .found : .notFound))
    }

    @Test("a search without end is given up", .timeLimit(.minutes(1)))
    func givenUp() throws {
        let text = String(repeating: "a", count: 2000)
        #expect(try SearchPattern("(a*)*[bc]").search(text) == .givenUp)
        #expect(try SearchPattern("(a|aa)+$").search(text + "!") == .givenUp)
    }

    @Test("what Python refuses is refused", arguments: ["(", "a**", "[b-a]", String(repeating: "a", count: 4001)])
    func refused(pattern: String) {
        #expect(throws: PatternFailure.self) { try SearchPattern(pattern) }
    }
}
