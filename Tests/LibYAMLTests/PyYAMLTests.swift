import Foundation
import LibYAML
import TestSupport
import Testing

/// What we write and read, held against PyYAML's safe loader and dumper.
@Suite("As PyYAML", .needsPeers)
struct PyYAMLTests {
    @Test("PyYAML reads what we write as the same values")
    func written() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of PyYAMLTests.written: \(seed)")
        var random = RandomYAML(seed: seed)
        let values = (0..<1500).map { _ in random.value(depth: 0) }
        let requests = try values.map { ["load": String(decoding: try YAMLWriter.write($0), as: UTF8.self)] }
        let answers = try ask(requests)
        for (value, (request, answer)) in zip(values, zip(requests, answers)) {
            #expect(same(answer["value"], tagged(value)), "\(request) \(answer)")
        }
    }

    @Test("we read what PyYAML writes as the same values")
    func read() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of PyYAMLTests.read: \(seed)")
        var random = RandomYAML(seed: seed)
        let values = (0..<1500).map { _ in random.value(depth: 0) }
        let styles: [[String: Any]] = [
            [:], ["default_flow_style": true], ["width": 20], ["indent": 4, "sort_keys": false],
        ]
        let requests: [[String: Any]] = values.enumerated().map { index, value in
            ["dump": tagged(value), "options": styles[index % styles.count]]
        }
        for (value, answer) in zip(values, try ask(requests)) {
            let text = try #require(answer["text"] as? String)
            let again = try YAMLReader.read(Array(text.utf8), name: "f").resolved(in: "f")
            #expect(same(tagged(again), tagged(value)), "\(text)")
        }
    }

    @Test("plain texts resolve as PyYAML resolves them")
    func resolution() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of PyYAMLTests.resolution: \(seed)")
        var random = RandomYAML(seed: seed)
        let texts = (0..<6000).map { _ in random.numberLike() }
        var compared = 0
        for (text, answer) in zip(texts, try ask(texts.map { ["load": "- " + $0] })) {
            let ours = try? YAMLReader.read(Array(("- " + text).utf8), name: "f").resolved(in: "f")
            guard let theirs = answer["value"] as? [Any], let list = theirs.last as? [[Any]], let only = list.first,
                list.count == 1, only.first as? String != "map"
            else {
                // PyYAML fails on impossible dates, on numbers without digits and on `=`. A colon at the end makes a
                // mapping, whose key is a number there and a text here.
                continue
            }
            guard let ours, case .list(let values) = ours, let value = values.first else {
                #expect(only.first as? String == "int", "\(text) \(answer)")
                continue
            }
            compared += 1
            if only.first as? String == "other" {
                #expect(value == .string(text))
            } else {
                #expect(same(tagged(value), only), "\(text) \(only)")
            }
        }
        #expect(compared > 5000)
    }

    private func ask(_ requests: [[String: Any]]) throws -> [[String: Any]] {
        let lines = try requests.map { try JSONSerialization.data(withJSONObject: $0) }
        let output = try PythonPeer.run("yaml_peer.py", input: Data(lines.joined(separator: [0x0A])))
        let answers = try output.split(separator: 0x0A).map { line in
            try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
        }
        #expect(answers.count == requests.count)
        return answers
    }

    private func tagged(_ value: YAMLValue) -> [Any] {
        switch value {
        case .null: ["null", NSNull()]
        case .bool(let value): ["bool", value]
        case .int(let value): ["int", String(value)]
        case .double(let value):
            ["float", value.isNaN ? "nan" : value.isInfinite ? value < 0 ? "-inf" : "inf" : "\(value)"]
        case .string(let value): ["str", value]
        case .list(let values): ["list", values.map(tagged)]
        case .mapping(let entries): ["map", entries.map { [$0.key, tagged($0.value)] as [Any] }]
        }
    }

    /// Compares two tagged values; maps without regard to order, floats by value.
    private func same(_ left: Any?, _ right: Any?) -> Bool {
        guard let left = left as? [Any], let right = right as? [Any], left.count == 2, right.count == 2,
            let kind = left[0] as? String, kind == right[0] as? String
        else { return false }
        switch kind {
        case "null": return true
        case "bool": return left[1] as? Bool == right[1] as? Bool
        case "float":
            guard let a = (left[1] as? String).flatMap(Double.init), let b = (right[1] as? String).flatMap(Double.init)
            else { return false }
            return a == b || a.isNaN && b.isNaN
        case "list":
            guard let a = left[1] as? [Any], let b = right[1] as? [Any] else { return false }
            return a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        case "map":
            guard let a = left[1] as? [[Any]], let b = right[1] as? [[Any]], a.count == b.count else { return false }
            return a.allSatisfy { entry in
                b.contains { $0[0] as? String == entry[0] as? String && same($0[1], entry[1]) }
            }
        default: return (left[1] as? String).map { Array($0.utf8) } == (right[1] as? String).map { Array($0.utf8) }
        }
    }
}
