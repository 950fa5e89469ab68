import ComposePhase
import Foundation
import TestSupport
import Testing

@Suite("Pages of diagnostics")
struct CatalogueTests {
    /// Files of pages, and the codes that Swift sources name.
    private static let sources = Checkout.root.appendingPathComponent("Sources")

    private static func files(_ ending: String) -> [URL] {
        let all = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        return (all?.allObjects as? [URL] ?? []).filter { $0.lastPathComponent.hasSuffix(ending) }
    }

    @Test("every file of pages can be read, and all of them are built in")
    func pages() throws {
        let files = Self.files(".yaml").filter { $0.lastPathComponent.hasPrefix("pages-") }
        let pages = try files.flatMap {
            try DiagnosticCatalogue.read(Array(Data(contentsOf: $0)), name: $0.lastPathComponent)
        }
        #expect(pages.count > 60)
        #expect(Set(pages.map(\.code)).count == pages.count, "a code has two pages")
        #expect(Set(pages) == Set(DiagnosticCatalogue.builtIn.pages))
        for page in pages {
            #expect(!page.title.hasSuffix(".") && !page.title.isEmpty, "\(page.code)")
            #expect(page.text.count > 40 || page.text.contains("Pungi"), "\(page.code) says too little")
        }
    }

    @Test("every code has a page, and every page a code")
    func codes() throws {
        let pattern = /"((?:config|plan|hub|lint|migrate|branch)\.[a-z][a-z-]*)"/
        var used: Set<String> = []
        for file in Self.files(".swift") {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: pattern) {
                used.insert(String(match.1))
            }
        }
        let known = Set(DiagnosticCatalogue.builtIn.pages.map(\.code))
        #expect(used.subtracting(known).sorted() == [])
        // Codes of variants.xml are put together from two words.
        #expect(known.subtracting(used).filter { !$0.hasPrefix("variants.") }.sorted() == [])
    }

    @Test("docs/diagnostics.md has the same pages")
    func document() throws {
        let file = Checkout.root.appendingPathComponent("docs/diagnostics.md")
        let text = DiagnosticCatalogue.builtIn.markdown
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("a misspelt code is known again")
    func nearest() {
        #expect(DiagnosticCatalogue.builtIn.nearestCode(to: "plan.typs") == "plan.types")
        #expect(DiagnosticCatalogue.builtIn.nearestCode(to: "zzzzzz") == nil)
    }
}
