import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    static let values: [(text: String, value: JSONValue)] = [
        ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)), ("1.0", .double(1)),
        ("1e2", .double(100)), ("-0.5E-1", .double(-0.05)), ("[]", .array([])), ("{ }", .object([:])),
        (#"[1, [2], {"a": null}]"#, .array([1, .array([2]), .object(["a": .null])])),
        (#"{"a": 1, "a": 2}"#, .object(["a": 2])), (#""\"\\\/\b\f\n\r\t\u00e9""#, "\"\\/\u{8}\u{c}\n\r\té"),
        (#""\ud83d\ude00😀""#, "😀😀"), (#""\u0000""#, "\u{0}"),
    ]

    @Test("each kind of value is read", arguments: 0..<values.count)
    func read(index: Int) throws {
        let (text, value) = Self.values[index]
        #expect(try JSONReader.read(Array(text.utf8), name: "x") == value)
    }

    @Test("what was written is read back: a float stays a float")
    func roundTrip() throws {
        let value: JSONValue = .object([
            "seed": .double(3), "n": 3, "text": "ü\u{7f}😀", "list": .array([.null, true, .double(1e300)]),
        ])
        #expect(try JSONReader.read(JSONWriter.pretty(value), name: "x") == value)
        #expect(try JSONReader.read(JSONWriter.line(value), name: "x") == value)
    }

    static let broken: [(text: String, place: String, reason: String)] = [
        ("", ":1:1:", "value is expected"), ("{\n  \"a\": ,\n}", ":2:8:", "value is expected"),
        ("[1 2]", ":1:4:", "',' or ']'"), ("[1,]", ":1:4:", "value is expected"), ("{\"a\" 1}", ":1:6:", "':'"),
        ("{a: 1}", ":1:2:", "name in double quotes"), ("{\"a\": 1", ":1:8:", "'}'"),
        ("[", ":1:2:", "value is expected"),
        ("1 1", ":1:3:", "more after its end"), ("01", ":1:2:", "more after its end"), ("+1", ":1:1:", "value"),
        ("1.", ":1:3:", "digit"), ("-", ":1:2:", "digit"), ("1e", ":1:3:", "digit"), ("NaN", ":1:1:", "value"),
        ("Infinity", ":1:1:", "value"), ("nul", ":1:1:", "value"), ("9223372036854775808", ":1:1:", "64 bits"),
        ("1e400", ":1:1:", "too large"), ("\"a", ":1:1:", "not closed"), ("\"a\nb\"", ":1:3:", "control character"),
        (#""\x""#, ":1:3:", "escape"), (#""\u12g4""#, ":1:6:", "hexadecimal"), (#""\ud800""#, ":1:2:", "surrogate"),
        (#""\ud800\u0041""#, ":1:2:", "surrogate"), (#""\udc00""#, ":1:2:", "surrogate"),
        ("\u{feff}1", ":1:1:", "value"),
    ]

    @Test("what is no JSON is refused with its line and column", arguments: 0..<broken.count)
    func refuse(index: Int) {
        let (text, place, reason) = Self.broken[index]
        let failure = #expect(throws: MetadataFailure.self) { try JSONReader.read(Array(text.utf8), name: "odd.json") }
        #expect(failure?.description.hasPrefix("odd.json\(place)") == true, "\(failure?.description ?? "")")
        #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
    }

    @Test("bytes that are not UTF-8 are refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func encoding(bytes: [UInt8]) {
        #expect(throws: MetadataFailure.self) { try JSONReader.read([0x22] + bytes + [0x22], name: "x") }
    }

    @Test("depth and size are bounded")
    func limits() throws {
        let deep = Array(String(repeating: "[", count: 128).utf8) + Array(String(repeating: "]", count: 128).utf8)
        #expect(throws: Never.self) { try JSONReader.read(deep, name: "x") }
        let deeper = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        let failure = #expect(throws: MetadataFailure.self) { try JSONReader.read(deeper, name: "x") }
        #expect(failure?.description.contains("deeper than 128") == true)
        let long = #expect(throws: MetadataFailure.self) {
            try JSONReader.read(Array("[1, 2]".utf8), name: "x", limits: JSONLimits(bytes: 5))
        }
        #expect(long?.description.contains("6 bytes") == true)
        // Lists beside one another are not deep.
        let wide = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSONReader.read(Array(wide.utf8), name: "x") }
    }

    @Test("a document cut or changed anywhere gives an error or a value, never a crash (seeded)")
    func mutations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let text = Array(#"{"a": [1, -2.5e3, "é\n\ud83d\ude00", {"b": null}], "c": true}"#.utf8)
        for length in text.indices {
            #expect(throws: MetadataFailure.self) { try JSONReader.read(Array(text[..<length]), name: "x") }
        }
        for _ in 0..<2000 {
            var changed = text
            changed[Int.random(in: 0..<text.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            do {
                let value = try JSONReader.read(changed, name: "x")
                #expect(try JSONReader.read(JSONWriter.pretty(value), name: "x") == value, "seed \(seed)")
            } catch {
                #expect(error.description.hasPrefix("x:"), "seed \(seed)")
            }
        }
    }

    @Test("random documents of Python's are read and written the same (seeded)", .needsPeers)
    func differential() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<200).map { _ in
            String(decoding: JSONWriter.line(JSONTests.random(depth: 0, &generator)), as: UTF8.self)
        }
        for (text, answer) in zip(texts, try ProductMDPeer.ask(texts.map { ("json", $0) })) {
            let value = try JSONReader.read(Array(text.utf8), name: "x")
            #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == answer.text, "seed \(seed)")
        }
    }
}
