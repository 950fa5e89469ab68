import PungiConfig
import Testing

struct TextEditTests {
    struct Row: Sendable {
        var edits: [TextEdit]
        var result: String

        init(_ edits: [(Range<Int>, String)], _ result: String) {
            self.edits = edits.map { TextEdit(range: $0.0, replacement: $0.1) }
            self.result = result
        }
    }

    @Test(
        "edits are made where the bytes were before all of them",
        arguments: [
            Row([], "abcdef"), Row([(0..<6, "")], ""), Row([(6..<6, "!")], "abcdef!"), Row([(0..<0, "!")], "!abcdef"),
            Row([(4..<6, "Y"), (0..<2, "XXX")], "XXXcdY"), Row([(2..<4, ""), (4..<5, "é")], "abéf"),
            Row([(3..<3, "1"), (3..<3, "2")], "abc12def"), Row([(3..<5, "x"), (3..<3, "y")], "abcyxf"),
        ])
    func apply(_ row: Row) throws {
        #expect(try TextEdits.apply(row.edits, to: Array("abcdef".utf8)) == Array(row.result.utf8))
    }

    @Test("edits that cannot be made are refused")
    func refused() {
        func problem(_ ranges: Range<Int>...) -> TextEditProblem? {
            do {
                _ = try TextEdits.apply(ranges.map { TextEdit(range: $0, replacement: "x") }, to: Array("abcdef".utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(problem(0..<7) == .outside(0..<7, fileBytes: 6))
        #expect(problem(-1..<2) == .outside(-1..<2, fileBytes: 6))
        #expect(problem(2..<5, 0..<3) == .overlap(0..<3, 2..<5))
        #expect(problem(1..<5, 2..<2) == .overlap(1..<5, 2..<2))
        #expect(problem(1..<3, 1..<3) == .overlap(1..<3, 1..<3))
    }
}
