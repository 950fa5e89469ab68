import Foundation
import OrderedCollections
import PungiConfig
import TestSupport
import Testing

/// The tree of a file beside what the reader makes of the same file.
struct SourceTreeTests {
    @Test("the bytes of a value alone say what the reader gives for it, at the same place")
    func property() throws {
        let environment = ProcessInfo.processInfo.environment["PHASE_RUNNER_LANGUAGE_SEED"]
        let seed = environment.flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)
        print("PHASE_RUNNER_LANGUAGE_SEED=\(seed)")
        var generator = ConfigGenerator(seed: seed)
        var compared = 0
        for _ in 0..<3000 {
            let config = generator.next()
            guard let document = try? config.load(), let main = config.files.elements.first else { continue }
            let shown = String(decoding: main.value, as: UTF8.self)
            let tree = try SourceTree.read(bytes: main.value, path: "/conf/" + main.key)
            checkRanges(of: tree, shown)
            for assignment in tree.assignments where isLast(assignment, in: tree) {
                let value = try #require(document[assignment.name.text])
                compared += try compare(assignment.value, value, tree, shown)
            }
        }
        #expect(compared > 2000, "seed \(seed): too few values were compared")
    }

    /// Whether nothing after it in the file gives its name another value.
    private func isLast(_ assignment: SourceTree.Assignment, in tree: SourceTree) -> Bool {
        !tree.statements.contains { statement in
            guard statement.range.lowerBound > assignment.range.lowerBound else { return false }
            switch statement {
            case .assignment(let other): return other.name.text.hasSameScalars(as: assignment.name.text)
            case .global(let name): return name.text.hasSameScalars(as: assignment.name.text)
            case .importing: return true
            }
        }
    }

    private func compare(_ node: SourceNode, _ value: ConfigValue, _ tree: SourceTree, _ shown: String) throws -> Int {
        var compared = 0
        if !node.usesVariables {
            let bytes = Array("x = ".utf8) + tree.bytes[node.range]
            let alone = try ConfigDocument.parse(bytes: bytes, path: "alone.conf")
            #expect(Tagged.text(of: try #require(alone["x"])) == Tagged.text(of: value), "\(shown.debugDescription)")
            #expect(node.location == value.location, "\(shown.debugDescription)")
            #expect(tree.node(at: value.location)?.range == node.range, "\(shown.debugDescription)")
            compared += 1
        }
        switch (node.kind, value.kind) {
        case (.scalar(.string(let text, let content)), .string(let read)):
            #expect(text.hasSameScalars(as: read), "\(shown.debugDescription)")
            // On the disk a line may end otherwise than kobo reads it.
            if !tree.bytes.contains(UInt8(ascii: "\r")) { #expect(tree.text(content).hasSameScalars(as: text)) }
        case (.list(let nodes), .list(let items)), (.tuple(let nodes), .tuple(let items)):
            #expect(nodes.count == items.count, "\(shown.debugDescription)")
            for (node, item) in zip(nodes, items) { compared += try compare(node, item, tree, shown) }
        case (.mapping(let entries), .dict(let dict)):
            #expect(dict.count <= entries.count, "\(shown.debugDescription)")
        case (.variable, _), (.format, .string), (.scalar, _): break
        default: Issue.record("another kind: \(shown.debugDescription)")
        }
        return compared
    }

    private func checkRanges(of tree: SourceTree, _ shown: String) {
        var end = 0
        for statement in tree.statements {
            #expect(statement.range.lowerBound >= end && !statement.range.isEmpty, "\(shown.debugDescription)")
            end = statement.range.upperBound
            guard case .assignment(let assignment) = statement else { continue }
            #expect(assignment.name.range.upperBound < assignment.value.range.lowerBound)
            #expect(tree.text(assignment.name.range) == assignment.name.text)
            checkRanges(of: assignment.value, shown)
        }
        #expect(end <= tree.bytes.count)
    }

    private func checkRanges(of node: SourceNode, _ shown: String) {
        var end = node.range.lowerBound
        for child in node.children {
            #expect(child.range.lowerBound >= end && !child.range.isEmpty, "\(shown.debugDescription)")
            end = child.range.upperBound
            checkRanges(of: child, shown)
        }
        #expect(end <= node.range.upperBound, "\(shown.debugDescription)")
    }

    @Test("comments and line ends are no part of a value, names and keys are found")
    func lookup() throws {
        let text = """
            from base import a, b # why
            global g
            é = 'ü' # c\r
            image = {\r
                '^X$': [{'n': 'disk', 'r': '%s-%s' % ( # why
                    a, -1)}, ], # last
                '^X$': (),
            }
            é = None
            """
        let tree = try SourceTree.read(bytes: Array(text.utf8), path: "t.conf")
        #expect(tree.imports.map(\.path) == ["base"])
        #expect(tree.imports.first?.names.map(\.text) == ["a", "b"])
        #expect(
            tree.statements.map { tree.text($0.range) }.prefix(3) == ["from base import a, b", "global g", "é = 'ü'"])
        #expect(tree.assignments(of: "é").map { tree.text($0.value.range) } == ["'ü'", "None"])
        #expect(tree.assignments(of: "e").isEmpty)

        let image = try #require(tree.assignments(of: "image").first).value
        #expect(image.entries.count == 2)
        #expect(image.entry("^X$").map { tree.text($0.value.range) } == "()")
        let block = try #require(image.entries.first?.value.children.first)
        #expect(tree.text(block.range).hasSuffix("# why\n        a, -1)}"))
        let format = try #require(block.entry("r")?.value)
        guard case .format(let template, let arguments) = format.kind else {
            Issue.record("no format")
            return
        }
        #expect(template.string == "%s-%s")
        #expect(tree.text(arguments.range) == "( # why\n        a, -1)")
        #expect(format.usesVariables)
        #expect(arguments.children.last.map { tree.text($0.range) } == "-1")
        #expect(format.location == SourceLocation(file: "t.conf", line: 5, column: 32))
        #expect(tree.node(at: format.location)?.range == format.range)
        #expect(tree.node(at: SourceLocation(file: "t.conf", line: 5, column: 31)) == nil)
    }

    @Test(
        "what cannot be read has its place",
        arguments: [
            ("a = ", 1, 5), ("a = [1", 1, 7), ("\na 1", 2, 3), ("a = {[]: 1}", 1, 6), ("a = {1 2}", 1, 8),
            ("from x\n", 1, 1), ("from x import 1", 1, 15), ("a = -x", 1, 6), ("a = 'x", 1, 4), ("= 1", 1, 1),
            (" a = 1\n  b = 2\n c = '''", 3, 6), ("a = )", 1, 5),
        ])
    func broken(_ text: String, _ line: Int, _ column: Int) throws {
        do {
            _ = try SourceTree.read(bytes: Array(text.utf8), path: "t.conf")
            Issue.record("read: \(text)")
        } catch {
            #expect(error.diagnostics.map(\.location) == [SourceLocation(file: "t.conf", line: line, column: column)])
        }
    }

    @Test("values as deep as the reader takes them are read, deeper ones refused")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(("a = " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try ConfigDocument.parse(bytes: nested(500), path: "t.conf")
        let tree = try SourceTree.read(bytes: nested(500), path: "t.conf")
        #expect(tree.assignments.first?.value.range == 4..<1004)
        #expect(throws: ConfigFailure.self) { try SourceTree.read(bytes: nested(501), path: "t.conf") }
    }
}
