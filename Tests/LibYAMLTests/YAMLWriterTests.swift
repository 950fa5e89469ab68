import LibYAML
import Testing

@Suite("Writing YAML")
struct YAMLWriterTests {
    private func text(_ value: YAMLValue) throws -> String {
        String(decoding: try YAMLWriter.write(value), as: UTF8.self)
    }

    @Test("a value tree is written in block style")
    func block() throws {
        let value: YAMLValue = .mapping([
            .init("name", .string("Fedora-Minimal")), .init("version", .string("44")), .init("seed", .int(0)),
            .init("ratio", .double(1e20)), .init("arches", .list([.string("aarch64"), .string("x86_64")])),
            .init("opts", .mapping([.init("scratch", .bool(false)), .init("repos", .list([]))])),
            .init("none", .null), .init("empty", .mapping([])), .init("44", .string("")),
        ])
        #expect(
            try text(value) == """
                name: Fedora-Minimal
                version: "44"
                seed: 0
                ratio: 1.0e+20
                arches:
                - aarch64
                - x86_64
                opts:
                  scratch: false
                  repos: []
                none: null
                empty: {}
                "44": ""

                """)
    }

    @Test(
        "a text that could be read as something else stands in quotes",
        arguments: [
            "", "~", "null", "yes", "No", "on", "y", "N", "44", "0x1f", "1_000", "1.5", "1e5", "-.5", ".inf", "0o17",
            "1:30", "2026-01-02", "2026-1-2 10:00:00", "<<", "=", "a\nb", "\t", " x", "x ", "# x", "a: b", "- a",
            "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "\"a", "\u{0}", "\u{85}", "\u{FEFF}", "\u{2028}", "a #b",
        ])
    func quoted(text: String) throws {
        let written = try self.text(.string(text))
        #expect(written.hasPrefix("\"") || written.hasPrefix("'"), "\(written)")
        #expect(try YAMLReader.read(Array(written.utf8), name: "f").resolved(in: "f") == .string(text))
        let key = try YAMLWriter.write(.mapping([.init(text, .null)]))
        #expect(try YAMLReader.read(key, name: "f").resolved(in: "f") == .mapping([.init(text, .null)]))
    }

    @Test("a plain text has no quotes", arguments: ["x86_64", "f44-build", "https://a.example/x?y=z", "1.10.2", "é ü"])
    func plain(text: String) throws {
        #expect(try self.text(.string(text)) == text + "\n")
    }

    @Test("long lines are not folded")
    func long() throws {
        let line = Array(repeating: "word", count: 200).joined(separator: " ")
        #expect(try text(.string(line)) == line + "\n")
    }

    @Test("a key may not be written twice")
    func twice() {
        #expect(throws: YAMLFailure.self) { try YAMLWriter.write(.mapping([.init("a", .null), .init("a", .null)])) }
    }

    @Test("what is nested too deeply is refused")
    func deep() {
        var value = YAMLValue.null
        for _ in 0..<1000 { value = .list([value]) }
        #expect(throws: YAMLFailure.self) { try YAMLWriter.write(value) }
    }

    @Test(
        "floats keep their value and are floats for YAML 1.1",
        arguments: [
            (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (1e-7, "1.0e-07"), (1.5e300, "1.5e+300"), (.nan, ".nan"),
            (.leastNonzeroMagnitude, "5.0e-324"), (-.infinity, "-.inf"), (123_456_789.125, "123456789.125"),
        ] as [(Double, String)])
    func floats(value: Double, expected: String) throws {
        let written = try text(.double(value))
        #expect(written == expected + "\n")
        guard case .double(let again) = try YAMLReader.read(Array(written.utf8), name: "f").resolved(in: "f") else {
            Issue.record("\(written) is no float")
            return
        }
        #expect(again == value || again.isNaN && value.isNaN)
    }

    @Test("what can be read is written so that it is read again as the same, and damaged bytes are only refused")
    func again() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of YAMLWriterTests.again: \(seed)")
        var random = RandomYAML(seed: seed)
        var read = 0
        for _ in 0..<3000 {
            let bytes = random.damaged(try YAMLWriter.write(random.value(depth: 0)))
            guard let value = try? YAMLReader.read(bytes, name: "f").resolved(in: "f") else { continue }
            read += 1
            let written = try YAMLWriter.write(value)
            let again = try YAMLReader.read(written, name: "f").resolved(in: "f")
            // Written once more, because NaN is not equal to itself.
            #expect(try YAMLWriter.write(again) == written, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(read > 1000)
    }
}
