import Foundation
import Koji
import TestSupport
import Testing

@Suite("XML-RPC against Python's xmlrpc.client", .needsPeers)
struct PythonTests {
    /// A random value without what Python changes by its own rules.
    static func random(_ depth: Int, using random: inout SeededGenerator) -> XMLRPCValue {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .int(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3: .double(double(using: &random))
        case 4: .bytes((0..<Int.random(in: 0...130, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        case 5, 6: .string(text(using: &random))
        case 7, 8:
            .array((0..<Int.random(in: 0...5, using: &random)).map { _ in self.random(depth - 1, using: &random) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in
                        (text(using: &random), self.random(depth - 1, using: &random))
                    }, uniquingKeysWith: { $1 }))
        }
    }

    private static func double(using random: inout SeededGenerator) -> Double {
        let any = Double(bitPattern: random.next())
        return any.isFinite ? any : 0.1
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let alphabet = Array("ab.Z9_ <>&\"'\n\t]é日😀\u{7F}\u{A0}".unicodeScalars)
        let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
            alphabet.randomElement(using: &random)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The peer's notation of a value.
    private static func tree(_ value: XMLRPCValue) -> [Any] {
        switch value {
        case .null: ["null"]
        case .bool(let value): ["bool", value]
        case .int(let value): ["int", String(value)]
        case .double(let value): ["double", value.description]
        case .string(let text): ["string", text]
        case .bytes(let bytes): ["bytes", Data(bytes).base64EncodedString()]
        case .date(let text): ["date", text]
        case .array(let values): ["array", values.map(tree)]
        case .object(let members): ["object", members.map { [$0.key, tree($0.value)] }]
        }
    }

    static func value(_ tree: Any?) -> XMLRPCValue? {
        guard let tree = tree as? [Any], let kind = tree.first as? String else { return nil }
        let content = tree.dropFirst().first
        switch (kind, content) {
        case ("null", _): return .null
        case ("bool", let flag as Bool): return .bool(flag)
        case ("int", let text as String): return Int64(text).map { .int($0) }
        case ("double", let text as String): return Double(text).map { .double($0) }
        case ("string", let text as String): return .string(text)
        case ("bytes", let text as String): return Data(base64Encoded: text).map { .bytes(Array($0)) }
        case ("date", let text as String): return .date(text)
        case ("array", let entries as [Any]): return .array(entries.compactMap(value))
        case ("object", let members as [[Any]]):
            let pairs = members.compactMap { member in
                (member.first as? String).flatMap { name in value(member.last).map { (name, $0) } }
            }
            return .object(Dictionary(pairs, uniquingKeysWith: { $1 }))
        default: return nil
        }
    }

    static func ask(_ questions: [[String: Any]]) throws -> [[String: Any]] {
        let lines = try questions.map { try JSONSerialization.data(withJSONObject: $0) }
        let answers = try PythonPeer.run("xmlrpc_peer.py", input: Data(lines.joined(separator: Data("\n".utf8))))
        return try answers.split(separator: UInt8(ascii: "\n")).map {
            try JSONSerialization.jsonObject(with: $0) as? [String: Any] ?? [:]
        }
    }

    @Test("what we write Python reads, and what Python writes we read")
    func bothWays() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("PythonTests.bothWays seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let values = (0..<400).map { _ in Self.random(4, using: &random) }
        let documents = try values.map { try XMLRPCResponse.value($0).encoded() }

        let read = try Self.ask(documents.map { ["decode": Data($0).base64EncodedString()] })
        let written = try Self.ask(values.map { ["encode": Self.tree($0)] })
        try #require(read.count == values.count && written.count == values.count)
        for (index, value) in values.enumerated() {
            #expect(Self.value(read[index]["value"]) == .array([value]), "seed \(seed): \(read[index])")
            let text = try #require(written[index]["document"] as? String)
            let bytes = try #require(Data(base64Encoded: text))
            #expect(try XMLRPCResponse.decode(Array(bytes)) == .value(value), "seed \(seed)")
        }
    }

    @Test("calls and faults of ours are understood by Python")
    func callsAndFaults() throws {
        let call = XMLRPCCall(method: "a.b", args: [.int(1), .date("20261122T21:44:25")], keywords: ["x": .null])
        let fault = XMLRPCFault(code: 1000, text: "a\n<b>")
        let answers = try Self.ask(
            [try call.encoded(), try XMLRPCResponse.fault(fault).encoded()].map {
                ["decode": Data($0).base64EncodedString()]
            })
        try #require(answers.count == 2)
        #expect(answers[0]["method"] as? String == "a.b")
        #expect(Self.value(answers[0]["value"]) == .array(call.params))
        let parts = try #require(answers[1]["fault"] as? [Any])
        #expect(parts.first as? Int == 1000)
        #expect(parts.last as? String == "a\n<b>")
    }

    @Test("where both read a document that was damaged, both read the same")
    func damaged() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("PythonTests.damaged seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let marks = Array("<>/&;\"' 019-aevil\n".utf8)
        var documents: [[UInt8]] = []
        for _ in 0..<600 {
            var document = try XMLRPCResponse.value(Self.random(2, using: &random)).encoded()
            let place = Int.random(in: 22..<document.count, using: &random)
            document[place] = marks.randomElement(using: &random) ?? 0
            documents.append(document)
        }
        let answers = try Self.ask(documents.map { ["decode": Data($0).base64EncodedString()] })
        try #require(answers.count == documents.count)
        var compared = 0
        for (document, answer) in zip(documents, answers) {
            guard case .value(let ours)? = try? XMLRPCResponse.decode(document) else { continue }
            // We never read what Python refuses.
            let theirs = Self.value(answer["value"])
            #expect(theirs == .array([ours]), "seed \(seed): \(String(decoding: document, as: UTF8.self)) \(answer)")
            compared += 1
        }
        #expect(compared > 20)
    }
}
