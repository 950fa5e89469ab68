import Foundation
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Shell-like patterns")
struct ShellPatternTests {
    static let table: [(pattern: String, yes: [String], no: [String])] = [
        ("*", ["", "a", "a/b"], []),
        ("IoT/*", ["IoT/a", "IoT/a/b", "IoT/"], ["IoT", "xIoT/a", "iot/a"]),
        ("*-raw-xz", ["IoT/a/iot-raw-xz", "-raw-xz"], ["IoT/a/iot-raw-xz-2"]),
        ("?oT", ["IoT", "/oT", "éoT"], ["oT", "IIoT"]),
        ("[A-C]x", ["Ax", "Cx"], ["Dx", "ax"]), ("[!A-C]x", ["Dx", "/x"], ["Bx", "x"]),
        ("[]a]", ["]", "a"], ["b"]), ("[!]]", ["a"], ["]"]), ("[a-]", ["a", "-"], ["b"]),
        ("[z-a]", [], ["a", "z", "m"]), ("[", ["["], ["a", ""]), ("a[!", ["a[!"], ["ab"]), ("a[b", ["a[b"], ["ab"]),
        ("", [""], ["a"]), ("a*b*c", ["abc", "a-b-b-c"], ["acb", "ab"]), ("**", ["", "x"], []),
    ]

    @Test("a pattern takes the whole text or nothing", arguments: 0..<table.count)
    func matches(index: Int) {
        let row = Self.table[index]
        for text in row.yes { #expect(ShellPattern(row.pattern).matches(text), "\(row.pattern) \(text)") }
        for text in row.no { #expect(!ShellPattern(row.pattern).matches(text), "\(row.pattern) \(text)") }
    }

    @Test("a pattern of many stars ends")
    func manyStars() {
        let pattern = ShellPattern(String(repeating: "*a", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }

    @Test("patterns mean what Python's fnmatchcase makes of them (seeded)", .needsPeers)
    func asPython() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        // What goes with an empty range may leave a `!` in front.
        var pairs = [["/[a--!]", "/b"], ["[--!!]", "["], ["[[-/!a[]", "/"], ["[!b-a]", "x"], ["[b-a]", "b"]]
        for _ in 0..<20_000 {
            let pattern = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                String("ab-/[]!*?".randomElement(using: &generator) ?? "a")
            }
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                String("ab-/]![".randomElement(using: &generator) ?? "a")
            }
            pairs.append([pattern.joined(), text.joined()])
        }
        let program = """
            import fnmatch, json, sys
            print(json.dumps([fnmatch.fnmatchcase(t, p) for p, t in json.load(sys.stdin)]))
            """
        let result = try PythonPeer.run(
            program: PythonPeer.python, ["-c", program], input: try JSONEncoder().encode(pairs))
        try #require(result.status == 0, "\(result.stderr)")
        let expected = try JSONDecoder().decode([Bool].self, from: result.stdout)
        try #require(expected.count == pairs.count)
        for (pair, isMatch) in zip(pairs, expected) {
            #expect(ShellPattern(pair[0]).matches(pair[1]) == isMatch, "\(pair) seed \(seed)")
        }
    }
}
