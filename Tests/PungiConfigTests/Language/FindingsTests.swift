import Foundation
import PungiConfig
import TestSupport
import Testing

struct FindingsTests {
    private static func fixture(_ name: String) -> String {
        Checkout.fixtures.appendingPathComponent("language/\(name)").path
    }

    @Test("independent mistakes are reported in one go")
    func together() throws {
        let failure = #expect(throws: ConfigFailure.self) { try ConfigDocument.load(path: Self.fixture("broken.conf")) }
        let found = try #require(failure).diagnostics
        #expect(
            found.map { "\($0.location?.line ?? 0) \($0.code)" } == [
                "2 config.undefined", "3 config.duplicate-key", "4 config.format", "5 config.number",
                "6 config.undefined",
                "7 config.private-name", "8 config.unclosed",
            ])
        #expect(found[0].fix == "did you mean `release_name`?")
        #expect(found[4].fix == "write `True`")
        #expect(found.allSatisfy { $0.severity == .error && $0.sourceLine != nil })
    }

    @Test("what hardly anybody means is warned of")
    func warnings() throws {
        let warnings = try ConfigDocument.load(path: Self.fixture("surprises.conf")).warnings
        #expect(
            warnings.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)" } == [
                "1:13 config.string-escape", "2:10 config.string-quotes", "3:7 config.string-prefix",
                "5:5 config.missing-comma",
            ])
        #expect(warnings.allSatisfy { $0.severity == .warning && $0.fix != nil })
        #expect(try ConfigDocument.load(path: Self.fixture("grammar.conf")).warnings.isEmpty)
    }

    @Test("a finding shows its line with a caret, its notes and its fix")
    func rendering() {
        let finding = Diagnostic(
            severity: .error, code: "config.x", message: "bad",
            location: SourceLocation(file: "f.conf", line: 3, column: 4),
            notes: ["why"], fix: "mend it", sourceLine: "\ta = é\u{1B}[0m")
        #expect(
            finding.rendered()
                == "f.conf:3:4: error: bad [config.x]\n    \ta = é\u{FFFD}[0m\n    \t  ^\n  note: why\n  fix: mend it")
        #expect(Diagnostic(severity: .note, code: "c", message: "m").rendered() == "note: m [c]")
    }

    @Test("of a very long line the part around the place is shown")
    func longLine() throws {
        let found = try ConfigCase("a = [" + String(repeating: "'é', ", count: 100_000) + "nope]").failure()
        #expect(found[0].location?.column == 500_006)
        let line = try #require(found[0].sourceLine)
        #expect(line.unicodeScalars.count <= 200)
        #expect(Array(line)[try #require(found[0].caretColumn) - 1] == "n")
    }

    @Test("severities are ordered and places too")
    func order() {
        #expect(Severity.allCases.sorted() == [.note, .warning, .error])
        let places = [(1, 2), (1, 10), (2, 1)].map { SourceLocation(file: "f", line: $0.0, column: $0.1) }
        #expect(places.shuffled().sorted() == places)
    }
}
