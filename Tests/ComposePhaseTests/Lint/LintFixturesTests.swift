import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

@Suite("Rules of the field, by their fixtures")
struct LintFixturesTests {
    static let folder = Checkout.fixtures.appendingPathComponent("lint")

    /// The rules' names, from their fixtures.
    static let rules: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".bad.conf") }.map { String($0.dropLast(".bad.conf".count)) }.sorted()
    }()

    /// The version of the hub's plugin where a rule is about it.
    static let plugins = ["plugin-option": 6, "plugin-failable": 10]

    @Test("each rule fires on the fixture made for it, at the marked lines, and no other does", arguments: rules)
    func fires(rule: String) throws {
        let path = Self.folder.appendingPathComponent("\(rule).bad.conf").path
        let world = try LintWorld(path: path, pluginVersion: Self.plugins[rule])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let marked = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.hasSuffix("# here") }.map { $0.offset + 1 }
        #expect(!marked.isEmpty)
        #expect(Set(world.found.map(\.code)) == ["lint.\(rule)"])
        #expect(world.found.compactMap(\.location?.line).sorted() == marked)
        #expect(world.found.allSatisfy { $0.location?.file.hasSuffix("\(rule).bad.conf") == true })
    }

    @Test("no rule fires on the fixture that says the same well", arguments: rules)
    func isSilent(rule: String) throws {
        let path = Self.folder.appendingPathComponent("\(rule).good.conf").path
        let world = try LintWorld(path: path, pluginVersion: Self.plugins[rule])
        #expect(world.found.map { $0.rendered() } == [])
        #expect(world.plan.diagnostics.filter { $0.severity > .note }.map { $0.rendered() } == [])
    }

    @Test(
        "the configurations of Fedora's composes lint without a complaint",
        arguments: ["fedora-iot/fedora-iot.conf", "fedora-minimal/fedora.conf"])
    func composes(config: String) throws {
        let world = try LintWorld(path: Checkout.fixtures.appendingPathComponent("pungi-configs/\(config)").path)
        #expect(world.found.map { $0.rendered() } == [])
    }

    @Test(
        "real configurations lint without a false alarm", .needsShared,
        arguments: [
            "bodhi-f40/pungi.rpm-40-stable.conf", "ultramarine-35/um35.conf", "ultramarine-35/um35-updates.conf",
        ])
    func realConfigs(config: String) throws {
        let path = Checkout.shared.appendingPathComponent("real-configs/\(config)").path
        let document = try ConfigDocument.load(path: path)
        let found = try Self.lintReal(document, besideConfig: path)
        #expect(found.map { $0.rendered() } == [])
    }

    private static func lintReal(_ document: ConfigDocument, besideConfig path: String) throws -> [Diagnostic] {
        let (settings, _) = try SettingsReader.read(document)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let name = try #require(names.first { $0.hasPrefix("variants") && $0.hasSuffix(".xml") })
        let variants = try VariantSet.load(
            bytes: Array(Data(contentsOf: folder.appendingPathComponent(name))), path: name,
            treeArches: settings.treeArches, treeVariants: settings.treeVariants)
        let compose = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: "20260102", respin: 0))
        let plan = PhasePlanner(
            settings: settings, variants: variants, compose: compose, composeDirectory: "/c", namesHub: true
        ).plan()
        return Lint(document: document, settings: settings, variants: variants, compose: compose, plan: plan)
            .diagnostics
    }
}
