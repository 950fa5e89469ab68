import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("JSON as Python writes it")
struct JSONTests {
    static let table: [(JSONValue, String)] = [
        (.object([:]), "{}"), (.array([]), "[]"), (.null, "null"), (.bool(true), "true"), (.int(-7), "-7"),
        (.string("a\"\\\n\u{8}\u{c}\u{1}\u{7f}é😀"), #""a\"\\\n\b\f\u0001\u007f\u00e9\ud83d\ude00""#),
        (.double(1.5), "1.5"), (.double(1e16), "1e+16"), (.double(123456789012345680), "1.2345678901234568e+17"),
        (.double(1e15), "1000000000000000.0"), (.double(0.0001), "0.0001"), (.double(0.00001), "1e-05"),
        (.double(-0.0), "-0.0"), (.double(100), "100.0"), (.double(.leastNonzeroMagnitude), "5e-324"),
        (.double(.infinity), "Infinity"),
        (
            .object(["b": 1, "a": .array([1, .object(["z": .null])])]),
            "{\n    \"a\": [\n        1,\n        {\n            \"z\": null\n        }\n    ],\n    \"b\": 1\n}"
        ),
    ]

    @Test("values are written as Python writes them", arguments: 0..<table.count)
    func write(index: Int) {
        let (value, expected) = Self.table[index]
        #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == expected)
    }

    @Test("one line for a file of lines")
    func line() {
        let value: JSONValue = .object(["b": .array([1, 2]), "a": "x"])
        #expect(String(decoding: JSONWriter.line(value), as: UTF8.self) == "{\"a\": \"x\", \"b\": [1, 2]}\n")
    }

    @Test("what is not JSON is refused and named")
    func refuse() {
        #expect(throws: MetadataFailure.self) { try JSONReader.read(Array("{\"a\": ".utf8), name: "x.json") }
        #expect(throws: MetadataFailure.self) { try JSONReader.read([0xFF, 0xFE], name: "x.json") }
    }

    @Test("random values are written byte for byte as Python does (seeded)", .needsPeers)
    func differential() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<300).map { _ in
            String(decoding: JSONWriter.pretty(Self.random(depth: 0, &generator)), as: UTF8.self)
        }
        let answers = try ProductMDPeer.ask(texts.map { ("json", $0) })
        for (text, answer) in zip(texts, answers) { #expect(answer.text == text, "seed \(seed)") }
    }

    static func random(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .int(Int.random(in: Int.min...Int.max, using: &generator))
        case 3:
            let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
            return .double(number.isFinite ? number : 0.1)
        case 4: return .string(text(&generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(depth: depth + 1, &generator) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                members[text(&generator)] = random(depth: depth + 1, &generator)
            }
            return .object(members)
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let alphabet: [Unicode.Scalar] = ["a", "Z", "\"", "\\", "\n", "\t", "\u{7f}", "ß", "日", "😀", "\u{1}", " ", "/"]
        var text = ""
        for _ in 0..<Int.random(in: 0..<6, using: &generator) {
            text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "a")
        }
        return text
    }
}
