import Foundation
import LibYAML
import PungiConfig
import TestSupport
import Testing

/// The pages that explain the codes.
@Suite("Pages of the lint")
struct LintPagesTests {
    static func pages() throws -> [YAMLNode] {
        let path = Checkout.root.appendingPathComponent("Sources/ComposePhase/Diagnostics/pages-lint.yaml")
        guard case .sequence(let pages, _) = try YAMLReader.read(Array(Data(contentsOf: path)), name: "pages-lint.yaml")
        else { return [] }
        return pages
    }

    private static func text(_ node: YAMLNode, _ key: String) -> String? {
        if case .scalar(let text, _, _)? = node[key] { text } else { nil }
    }

    @Test("every rule has a page with its severity, and every page is of a rule")
    func everyRuleHasAPage() throws {
        let pages = try Self.pages()
        #expect(
            pages.compactMap { Self.text($0, "code") }.sorted() == LintFixturesTests.rules.map { "lint.\($0)" })
        for page in pages {
            let code = try #require(Self.text(page, "code"))
            let rule = String(code.dropFirst("lint.".count))
            #expect(Self.text(page, "title")?.isEmpty == false)
            #expect((Self.text(page, "text")?.split(separator: ".").count ?? 0) >= 2)
            let path = LintFixturesTests.folder.appendingPathComponent("\(rule).bad.conf").path
            let found = try LintWorld(path: path, pluginVersion: LintFixturesTests.plugins[rule]).found
            #expect(Set(found.map(\.severity.rawValue)) == [try #require(Self.text(page, "severity"))], "\(code)")
        }
    }

    @Test("every code in the sources of the lint has a fixture")
    func everyCodeHasAFixture() throws {
        let folder = Checkout.root.appendingPathComponent("Sources/ComposePhase/Lint")
        var codes: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            for part in text.components(separatedBy: "code: \"").dropFirst() {
                codes.insert(String(part.prefix { $0 != "\"" }))
            }
        }
        #expect(codes.sorted() == LintFixturesTests.rules.map { "lint.\($0)" })
    }
}
