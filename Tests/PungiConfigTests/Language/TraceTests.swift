import OrderedCollections
import PungiConfig
import TestSupport
import Testing

@Suite("Traces")
struct TraceTests {
    /// Steps as text: `DEPTH KIND LINE:COLUMN of FILE [EXPRESSION]`.
    private static func steps(_ value: TracedValue?) -> [String] {
        (value?.steps ?? []).map { step in
            let file = step.location.file.split(separator: "/").last ?? ""
            let place = "\(file):\(step.location.line):\(step.location.column)"
            return "\(step.depth) \(step.word) \(place)" + (step.expression.map { " \($0)" } ?? "")
        }
    }

    private static func trace(_ files: OrderedDictionary<String, String>) throws -> ConfigTrace {
        let config = ConfigCase(files)
        let source = MemoryFileSource(
            Dictionary(uniqueKeysWithValues: config.files.map { ("/conf/" + $0.key, $0.value) }))
        let document = try ConfigDocument.load(path: "/conf/main.conf", from: source, tracing: true)
        return try #require(document.trace)
    }

    static let ways: [(name: String, files: OrderedDictionary<String, String>, steps: [String])] = [
        ("written out", ["main.conf": "x = 1"], []),
        ("a variable", ["main.conf": "a = 'v'\nx = a"], ["0 variable main.conf:1:1 \"v\""]),
        (
            "a variable of a variable", ["main.conf": "a = 1\nb = a\nx = b"],
            ["0 variable main.conf:2:1 a", "1 variable main.conf:1:1 1"]
        ),
        (
            "formatting, with what is inside tuples and dicts",
            ["main.conf": "a = 1\nb = 2\nx = '%s%s' % (a, [b])"],
            ["0 variable main.conf:1:1 1", "0 variable main.conf:2:1 2"]
        ),
        (
            "an import of all", ["main.conf": "from sub import *", "sub.conf": "x = 1"],
            ["0 import main.conf:1:1"]
        ),
        (
            "an import by name, at the name", ["main.conf": "from sub import y, x", "sub.conf": "x = 1\ny = 2"],
            ["0 import main.conf:1:20"]
        ),
        (
            "imports through imports, the innermost first",
            ["main.conf": "from a import *", "a.conf": "\nfrom b import *", "b.conf": "x = 1"],
            ["0 import a.conf:2:1", "0 import main.conf:1:1"]
        ),
        (
            "an earlier value", ["main.conf": "x = 1\nx = 2"],
            ["0 overridden main.conf:1:1 1"]
        ),
        (
            "an earlier value that is used", ["main.conf": "x = 'a'\nx = '%sb' % x"],
            ["0 overridden main.conf:1:1 \"a\"", "0 variable main.conf:1:1 \"a\""]
        ),
        (
            "an import that overrides", ["main.conf": "x = 1\nfrom sub import *", "sub.conf": "x = 2"],
            ["0 import main.conf:2:1", "0 overridden main.conf:1:1 1"]
        ),
        (
            "global, with the value that it took away", ["main.conf": "b = 1\nglobal b\nb = 2\nx = b"],
            ["0 variable main.conf:3:1 2", "1 overridden main.conf:1:1 1"]
        ),
        (
            "a name that is global comes back as it was",
            ["main.conf": "global b\nb = 2\nfrom sub import *\nx = b", "sub.conf": "c = b"],
            ["0 variable main.conf:2:1 2"]
        ),
        (
            "a name that an imported file sees",
            ["main.conf": "global b\nb = 2\nfrom sub import *", "sub.conf": "x = b"],
            ["0 import main.conf:3:1", "0 variable main.conf:2:1 2", "1 global main.conf:3:1"]
        ),
    ]

    @Test("the way of a value is told", arguments: 0..<ways.count)
    func way(index: Int) throws {
        let (name, files, expected) = Self.ways[index]
        #expect(Self.steps(try Self.trace(files).option("x")) == expected, "\(name)")
    }

    @Test("one file that is imported twice gives two ways")
    func twice() throws {
        let trace = try Self.trace([
            "main.conf": "global b\nb = 'one'\nfrom sub import v\nx = v\nb = 'two'\nfrom sub import v\ny = v",
            "sub.conf": "v = '%s!' % b",
        ])
        #expect(Self.steps(trace.option("x")).contains("1 variable main.conf:2:1 \"one\""))
        #expect(Self.steps(trace.option("y")).contains("1 variable main.conf:5:1 \"two\""))
    }

    @Test("keys and items are found behind variables, at their places")
    func inside() throws {
        let trace = try Self.trace([
            "main.conf": "from sub import *\nx = {'k': [1, block]}", "sub.conf": "t = 'v'\nblock = {'target': t}",
        ])
        let block = try #require(trace.option("x")?.key("k")?.item(1))
        #expect(block.place.description == "/conf/main.conf:2:15")
        #expect(block.expression == "block")
        let target = try #require(block.key("target"))
        #expect(target.place.description == "/conf/sub.conf:2:10")
        #expect(target.valuePlace.description == "/conf/sub.conf:2:20")
        #expect(Self.steps(target) == ["0 variable sub.conf:1:1 \"v\""])
        #expect(trace.option("x")?.key("none") == nil)
        #expect(trace.option("x")?.key("k")?.item(2) == nil)
        #expect(trace.option("x")?.item(0) == nil)
        #expect(block.item(0) == nil, "a dict has no items")
        #expect(trace.option("y") == nil)
    }

    @Test("chains and doublings of any size end")
    func hostile() throws {
        let chain = "a0 = 1\n" + (1..<60_000).map { "a\($0) = a\($0 - 1)\n" }.joined() + "x = a59999\n"
        let steps = try Self.trace(["main.conf": chain]).option("x")?.steps ?? []
        #expect(steps.count < 200 && steps.last?.word == "more")
        let doubling =
            "a0 = 'v'\n" + (1..<18).map { "a\($0) = (a\($0 - 1), a\($0 - 1))\n" }.joined() + "x = '%s' % (a17,)\n"
        let doubled = try #require(try Self.trace(["main.conf": doubling]).option("x"))
        #expect(doubled.steps.count == 18, "each variable is told once")
        #expect(doubled.expression == "\"%s\" % (a17)")
    }

    @Test("a trace changes no value, and has every value at its place")
    func agrees() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = ConfigGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<1500 {
            let config = generator.next()
            guard let plain = try? config.load() else { continue }
            accepted += 1
            let source = MemoryFileSource(
                Dictionary(uniqueKeysWithValues: config.files.map { ("/conf/" + $0.key, $0.value) }))
            let main = try #require(config.files.keys.first)
            let traced = try ConfigDocument.load(path: "/conf/" + main, from: source, tracing: true)
            #expect(plain.trace == nil)
            #expect(Tagged.text(of: plain) == Tagged.text(of: traced), "seed \(seed)")
            for (name, value) in traced.values {
                let option = try #require(traced.trace?.option(name), "seed \(seed): \(name)")
                #expect(option.place == traced.definitions[name], "seed \(seed): \(name)")
                Self.compare(option, value, "seed \(seed): \(name)")
            }
        }
        #expect(accepted > 300)
    }

    private static func compare(_ traced: TracedValue, _ value: ConfigValue, _ name: String) {
        _ = traced.steps
        switch value.kind {
        case .list(let items), .tuple(let items):
            #expect(traced.children.count == items.count, "\(name)")
            for (child, item) in zip(traced.children, items) { compare(child, item, name) }
        case .dict(let dict):
            for (key, item) in dict.entries {
                guard let text = key.string else { continue }
                guard let child = traced.key(text) else {
                    Issue.record("\(name): no trace of \(text)")
                    continue
                }
                compare(child, item, name)
            }
        case .none: break
        default:
            if traced.isWrittenOut { #expect(traced.valuePlace == value.location, "\(name)") }
        }
    }
}
