import Foundation
import PungiConfig
import TestSupport
import Testing

/// What the real Pungi complained of, case by case.
@Suite("Complaints agree with Pungi's", .needsShared)
struct ValidationCasesTests {
    struct Answer: Decodable {
        let stage: String?
        let errors: [String]?
        let warnings: [String]?
    }

    private static let folders: [URL] = {
        let cases = Checkout.shared.appendingPathComponent("pungi-cases")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []
        return names.sorted().map { cases.appendingPathComponent($0) }
    }()

    @Test("every case is accepted or refused, for the same options")
    func cases() throws {
        var refused = 0
        var accepted = 0
        for folder in Self.folders {
            let file = folder.appendingPathComponent("expected-plan.json")
            guard let data = try? Data(contentsOf: file) else { continue }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            guard let errors = answer.errors,
                let document = try? ConfigDocument.load(path: folder.appendingPathComponent("compose.conf").path)
            else { continue }
            let found = SchemaCheck.run(document, for: .pungi).diagnostics
            let ours = found.filter { $0.severity == .error && !Self.isRelation($0) }.compactMap(\.option)
            let theirs = errors.compactMap { $0.wholeMatch(of: /(?s)Failed validation in ([^:]*): .*/) }.map {
                String($0.1)
            }
            #expect(Set(ours) == Set(theirs), "\(folder.lastPathComponent)")
            let hasRelations = errors.contains { $0.hasPrefix("ERROR: ") }
            #expect(found.contains(where: Self.isRelation) == hasRelations, "\(folder.lastPathComponent)")
            let warned = (answer.warnings ?? []).compactMap { $0.firstMatch(of: /option:? ([a-z_0-9]+)/) }.map {
                String($0.1)
            }
            let oursWarned = found.filter { $0.severity == .warning }.compactMap(\.option)
            #expect(Set(oursWarned) == Set(warned), "\(folder.lastPathComponent)")
            if errors.isEmpty { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 40 && refused > 15)
    }

    @Test("real configurations of others are accepted")
    func realConfigs() throws {
        let folder = Checkout.shared.appendingPathComponent("real-configs")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let main = files.filter { $0.lastPathComponent.hasSuffix(".kobo.json") }
        #expect(main.count > 3)
        for answer in main {
            let document = try ConfigDocument.load(path: String(answer.path.dropLast(".kobo.json".count)))
            let errors = SchemaCheck.run(document, for: .pungi).diagnostics.filter { $0.severity == .error }
            // A file that others import lacks what they set.
            let serious = errors.filter { $0.code != "config.required" || document["release_name"] != nil }
            #expect(serious.isEmpty, "\(answer.lastPathComponent): \(serious)")
        }
    }

    private static func isRelation(_ diagnostic: Diagnostic) -> Bool {
        ["config.requires", "config.conflicts"].contains(diagnostic.code)
    }
}
