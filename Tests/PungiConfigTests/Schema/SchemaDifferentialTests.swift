import Foundation
import TestSupport
import Testing

@testable import PungiConfig

/// Generated configurations through a real JSON Schema validator with Pungi's additions, and through ours.
///
/// `PHASE_RUNNER_SCHEMA_SEED` repeats a run.
@Suite("Complaints beside those of Pungi's validator", .needsShared, .needsPeers)
struct SchemaDifferentialTests {
    @Test("the same options are complained about, with the same severity")
    func complaints() throws {
        let given = ProcessInfo.processInfo.environment["PHASE_RUNNER_SCHEMA_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0..<1_000_000)
        print("PHASE_RUNNER_SCHEMA_SEED=\(seed)")
        var generator = SettingsGenerator(seed: seed)
        let texts = (0..<1500).map { _ in generator.next() }
        let question: [String: Any] = [
            "schema": Checkout.shared.appendingPathComponent("pungi-schema.json").path,
            "rules": Checkout.shared.appendingPathComponent("pungi-schema-rules.json").path,
            "configs": texts,
        ]
        let answer = try PythonPeer.run("schema_peer.py", input: JSONSerialization.data(withJSONObject: question))
        let theirs = try #require(try JSONSerialization.jsonObject(with: answer) as? [[[String]]])
        #expect(theirs.count == texts.count)
        var good = 0
        for (text, theirs) in zip(texts, theirs) {
            let document = try ConfigDocument.parse(bytes: Array(text.utf8), path: "generated.json")
            let ours = Set(
                SchemaCheck.run(document, for: .pungi).diagnostics.filter { $0.code != "config.alias" }.map(
                    Self.accused))
            let expected = Set(theirs.map { $0.joined(separator: " ") })
            if expected.isEmpty { good += 1 }
            guard ours == expected else {
                Issue.record(
                    "seed \(seed): \(text)\nonly ours: \(ours.subtracting(expected).sorted())\nonly theirs: \(expected.subtracting(ours).sorted())"
                )
                return
            }
        }
        #expect(good > 40, "seed \(seed): too few of the configurations are good ones")
    }

    private static func accused(_ diagnostic: Diagnostic) -> String {
        let option = diagnostic.option ?? ""
        switch diagnostic.code {
        case "config.requires" where option.hasPrefix("base_product_"): return "relation base_product"
        case "config.requires", "config.conflicts":
            // The two options that do not go together, in order.
            let names = PungiOptions.all.map(\.name).filter { name in
                diagnostic.message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == name }
            }
            return "relation " + Array(Set(names)).sorted().joined(separator: "/")
        default: return "\(diagnostic.severity.rawValue) \(option)"
        }
    }
}

/// Configurations made from the schema: most values fit, some do not.
struct SettingsGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The next configuration, as JSON.
    mutating func next() -> String {
        let mistakes = chance(3) ? 0.0 : Double.random(in: 0..<0.1, using: &random)
        var members: [String: Any] = [:]
        for option in PungiOptions.all {
            if option.isRequired ? chance(60) : !chance(12) { continue }
            if option.removal != nil, !chance(20) { continue }
            members[option.name] = value(option.shape, mistakes)
        }
        if chance(5) { members[pick(["zzz", "global_seed", "imagebuilder_targt", "koji_profil"])] = 1 }
        if chance(4) {
            for name in ["name", "short", "version"] { members["base_product_\(name)"] = chance(9) ? "" : "b" }
        }
        let data = try? JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
        return String(decoding: data ?? Data("{}".utf8), as: UTF8.self)
    }

    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
    }

    private mutating func value(_ shape: Shape, _ mistakes: Double) -> Any {
        if Double.random(in: 0..<1, using: &random) < mistakes {
            return pick(
                [NSNull(), true, 1, 2.5, "x", "", ["x"], [1], ["a": "b"], [String: Any](), [Any](), "["] as [Any])
        }
        switch shape {
        case .string: return pick(["a", "", "f44", "x y"])
        case .url: return "https://example.com/x.git#HEAD"
        case .regex: return pick(["^.*$", "^Server$", "(a|b)"])
        case .boolean: return chance(2)
        case .integer: return Int.random(in: -5...5, using: &random)
        case .number: return chance(2) ? 2.5 as Any : 7 as Any
        case .none: return NSNull()
        case .anything: return pick([1, "x", ["y"]] as [Any])
        case .word(let words): return pick(words)
        case .oneOfNumbers(let numbers): return pick(numbers)
        case .list(let item, let least, let most):
            let few = Int.random(in: 0..<3, using: &random)
            return (0..<(chance(20) ? few : min(max(few, least), most))).map { _ in value(item, mistakes) }
        case .row(let shapes, _):
            let cut = chance(20) ? Array(shapes.dropLast()) : chance(20) ? shapes + [.string] : shapes
            return cut.map { value($0, mistakes) }
        case .either(let shapes): return value(pick(shapes), mistakes)
        case .mapping(let mapping):
            var members: [String: Any] = [:]
            for option in mapping.options where !option.isNewerThanPungi {
                if option.isRequired ? !chance(25) : chance(3) {
                    members[option.name] = value(option.shape, mistakes)
                    for old in option.aliases + option.appended where chance(6) {
                        members[old] = value(option.shape, mistakes)
                    }
                }
            }
            if let keys = mapping.keys {
                for _ in 0..<Int.random(in: 0..<3, using: &random) {
                    members[pick(["^Server$", "x86_64", "module", "comps", chance(8) ? "" : "*"])] =
                        value(keys.shape, mistakes)
                }
            }
            if chance(20) { members["unknown_key"] = 1 }
            return members
        }
    }
}
