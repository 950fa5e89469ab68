import Foundation
import PungiConfig
import TestSupport
import Testing

/// variants.xml of configs with the answers of the real Pungi.
@Suite("Variants as Pungi", .needsShared)
struct PungiVariantsTests {
    @Test("every recorded file gives the variants that Pungi made of it, or is refused as there")
    func recorded() throws {
        let cases = Checkout.shared.appendingPathComponent("pungi-cases")
        var accepted = 0
        var refused = 0
        for folder in try FileManager.default.contentsOfDirectory(at: cases, includingPropertiesForKeys: nil) {
            let file = folder.appendingPathComponent("variants.xml")
            let answer = folder.appendingPathComponent("expected-plan.json")
            guard let bytes = try? Data(contentsOf: file), let data = try? Data(contentsOf: answer) else { continue }
            let expected = try JSONDecoder().decode(Answer.self, from: data)
            let name = folder.lastPathComponent
            if let variants = expected.variants {
                accepted += 1
                let set = try VariantSet.load(
                    bytes: Array(bytes), path: "variants.xml", treeArches: [], treeVariants: [])
                #expect(set.all.map { Answer.Variant($0) } == variants, "\(name)")
            } else if name.hasPrefix("variants-") {
                refused += 1
                #expect(throws: ConfigFailure.self, "\(name): \(expected.error ?? "")") {
                    try VariantSet.load(bytes: Array(bytes), path: "variants.xml", treeArches: [], treeVariants: [])
                }
            }
        }
        #expect(accepted > 30 && refused > 6, "\(accepted) \(refused)")
    }

    fileprivate struct Answer: Decodable {
        struct Variant: Decodable, Equatable {
            let id, name, uid, type: String
            let arches: [String]
            let is_empty: Bool
        }
        let variants: [Variant]?
        let error: String?
    }
}

extension PungiVariantsTests.Answer.Variant {
    fileprivate init(_ variant: PungiConfig.Variant) {
        self.init(
            id: variant.id, name: variant.name, uid: variant.uid, type: variant.type.rawValue, arches: variant.arches,
            is_empty: variant.isEmpty)
    }
}
