import Foundation
import PungiConfig
import TestSupport
import Testing

/// The form of variants.xml held against lxml and a DTD.
@Suite("The form of variants.xml as lxml", .needsPeers)
struct VariantsPeerTests {
    @Test("mutated documents are valid for us when they are for the DTD")
    func mutations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of VariantsPeerTests.mutations: \(seed)")
        var random = RandomVariants(seed: seed)
        let texts = (0..<2000).map { _ in random.document() }
        let encoder = JSONEncoder()
        let lines = try texts.map { try encoder.encode(["xml": $0]) }
        let output = try PythonPeer.run("variants_peer.py", input: Data(lines.joined(separator: [0x0A])))
        let answers = try output.split(separator: 0x0A).map { try JSONDecoder().decode(Answer.self, from: $0) }
        #expect(answers.count == texts.count)
        for (text, answer) in zip(texts, answers) {
            #expect(isValid(text) == answer.valid, "\(answer.error)\n\(text)")
        }
        let valid = answers.filter(\.valid).count
        print("documents: \(valid) valid, \(answers.count - valid) not")
        #expect(valid > 500 && answers.count - valid > 300)
    }

    private struct Answer: Decodable {
        let valid: Bool
        let error: String
    }

    /// Whether the form is right. What variants say together is no matter of the form.
    private func isValid(_ text: String) -> Bool {
        do {
            _ = try VariantSet.load(bytes: Array(text.utf8), path: "v.xml", treeArches: [], treeVariants: [])
            return true
        } catch {
            let form = ["syntax", "element", "attribute", "type", "order", "content", "text", "whitespace"]
            return !error.diagnostics.contains { form.map { "variants.\($0)" }.contains($0.code) }
        }
    }
}
