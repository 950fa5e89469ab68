import Foundation
import Koji
import LibYAML
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("The table of image types")
struct ImageTypeCatalogTests {
    static let path = Checkout.root.appendingPathComponent("Sources/ComposePhase/Lint/image-types.yaml")

    static func catalog() throws -> ImageTypeCatalog {
        try ImageTypeCatalog(yaml: Array(Data(contentsOf: path)), name: "image-types.yaml")
    }

    @Test("the program carries the table of the repository")
    func isEmbedded() throws {
        #expect(try ImageTypeCatalog.builtIn == Self.catalog())
        #expect(ImageTypeCatalog.builtIn.distributions.map(\.name) == ["fedora", "rhel-10", "rhel-9"])
    }

    @Test("suffixes are those of Koji's table, and it has every name")
    func agreesWithKoji() throws {
        let distributions = try Self.catalog().distributions
        let names = Set(distributions.flatMap { $0.types.map(\.name) })
        var all: Set<String> = []
        for distribution in distributions {
            for type in distribution.types {
                for name in [type.name] + type.aliases {
                    all.insert(name)
                    // An older name may be another distribution's own: azure.
                    guard name == type.name || !names.contains(name) else { continue }
                    #expect(ImageTypeOutputs.suffix(of: name) == type.suffix, "\(name) of \(distribution.name)")
                }
            }
            for gone in distribution.gone {
                all.insert(gone.name)
                #expect(ImageTypeOutputs.suffix(of: gone.name) == gone.suffix)
                #expect(distribution.type(gone.now)?.name == gone.now)
                #expect(distribution.type(gone.name) == nil)
            }
        }
        #expect(all.sorted() == ImageTypeOutputs.known)
    }

    @Test("metadata are what Pungi tells from the suffix; what it does not know has none")
    func agreesWithProductMD() throws {
        for type in try Self.catalog().distributions.flatMap(\.types) {
            let detected = ImageTypeTable.detect(fileName: "image.\(type.suffix)")
            #expect(type.metadata?.type == detected?.type, "\(type.name)")
            #expect(type.metadata?.format == detected?.format, "\(type.name)")
            if let expected = type.expected {
                let formats = try #require(ImageVocabulary.formatsByType[expected])
                let format = try #require(type.metadata?.format)
                #expect(formats.isEmpty || formats.contains(format), "\(type.name)")
                #expect(expected != type.metadata?.type)
            }
        }
    }

    @Test("no name stands for two types of a distribution, and arches are real and sorted")
    func isConsistent() throws {
        for distribution in try Self.catalog().distributions {
            let names =
                distribution.types.flatMap { [$0.name] + $0.aliases } + distribution.gone.map(\.name)
            #expect(Set(names).count == names.count)
            for type in distribution.types {
                #expect(!type.arches.isEmpty && type.arches == type.arches.sorted())
                #expect(type.arches.allSatisfy(ImageVocabulary.arches.contains))
                #expect(type.requires.allSatisfy { part in type.blueprint?.contains(part) == true })
            }
        }
    }

    @Test(
        "what is wrong with a table is said with its place",
        arguments: [
            ("distributions: []", "blueprints must be a mapping"),
            ("blueprints: {}", "distributions must be a list"),
            ("blueprints: {a: b}\ndistributions: []", "a must be a list"),
            ("blueprints: {a: [[]]}\ndistributions: []", "a is a list of texts"),
            ("blueprints: {}\ndistributions: []\nmore: 1", "there is no key more"),
            ("blueprints: {}\ndistributions: [{types: []}]", "a name is needed here"),
            ("blueprints: {}\ndistributions: [{name: f, types: [{name: t}]}]", "a suffix is needed here"),
            (
                "blueprints: {}\ndistributions: [{name: f, types: [{name: t, suffix: s, metadata: m}]}]",
                "metadata is TYPE/FORMAT, not m"
            ),
            (
                "blueprints: {}\ndistributions: [{name: f, types: [{name: t, suffix: s, blueprint: m}]}]",
                "there is no blueprint list m"
            ),
            (
                "blueprints: {}\ndistributions: [{name: f, types: [{name: t, suffix: s, ostree: m}]}]",
                "ostree is takes or makes, not m"
            ),
            ("[]", "a mapping is needed here"),
        ])
    func badTables(yaml: String, message: String) {
        #expect { try ImageTypeCatalog(yaml: Array(yaml.utf8), name: "t.yaml") } throws: { error in
            "\(error)".hasPrefix("t.yaml") && "\(error)".hasSuffix(message)
        }
    }
}
