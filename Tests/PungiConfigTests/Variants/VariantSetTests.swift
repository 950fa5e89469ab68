import PungiConfig
import Testing

/// Builds a document from the inside of `<variants>`.
private func load(
    _ inside: String, arches: [String] = [], variants: [String] = []
) throws(ConfigFailure) -> VariantSet {
    try VariantSet.load(
        bytes: Array("<variants>\n\(inside)\n</variants>".utf8), path: "v.xml", treeArches: arches,
        treeVariants: variants)
}

/// A variant without anything special.
private func node(
    _ id: String, _ type: String = "variant", arches: String = "x86_64", attributes: String = "", inside: String = ""
) -> String {
    let list = arches.split(separator: " ").map { "<arch>\($0)</arch>" }.joined()
    return
        "<variant id=\"\(id)\" name=\"\(id)\" type=\"\(type)\" \(attributes)><arches>\(list)</arches>\(inside)</variant>"
}

@Suite("Variants")
struct VariantSetTests {
    @Test("a variant has what the file says")
    func plain() throws {
        let set = try load(node("Server", arches: "x86_64 aarch64 ppc64le"))
        let server = try #require(set["Server"])
        #expect(server.name == "Server" && server.uid == "Server" && server.type == .variant)
        #expect(server.arches == ["aarch64", "ppc64le", "x86_64"])
        #expect(!server.isEmpty && server.parentUID == nil && server.release == nil && server.children.isEmpty)
        #expect(server.location == SourceLocation(file: "v.xml", line: 2, column: 10))
        #expect(set.notices.isEmpty)
    }

    @Test(
        "is_empty means what it says",
        arguments: [("is_empty=\"true\"", true), ("is_empty=\"false\"", false), ("", false)])
    func emptiness(attributes: String, expected: Bool) throws {
        #expect(try load(node("A", attributes: attributes))["A"]?.isEmpty == expected)
    }

    @Test("variants come before addons, those before optionals, each by uid and code point")
    func order() throws {
        let set = try load(
            node(
                "b", attributes: "has_optional=\"true\"",
                inside: "<variants><ref id=\"Z\"/><ref id=\"L\"/>\(node("C", "addon"))</variants>")
                + node("a", inside: "<variants>\(node("C"))</variants>") + node("B") + node("Z", "addon")
                + node("L", "layered-product").replacing(
                    "<arches>", with: "<release name=\"n\" short=\"s\" version=\"1\"/><arches>", maxReplacements: 1))
        #expect(set.topLevel.map(\.uid) == ["b", "a", "B"])
        #expect(set.all.map(\.uid) == ["B", "a", "a-C", "b", "b-C", "b-L", "b-Z", "b-optional"])
        #expect(set["b"]?.children.map(\.id) == ["C", "optional", "Z", "L"])
        #expect(set["b-L"]?.release == VariantRelease(name: "n", short: "s", version: "1"))
        #expect(set["b-Z"]?.parentUID == "b")
    }

    @Test("a generated optional has its parent's arches and is not empty")
    func generated() throws {
        let set = try load(node("A", arches: "x86_64 aarch64", attributes: "has_optional=\"true\" is_empty=\"true\""))
        #expect(set["A-optional"]?.type == .optional)
        #expect(set["A-optional"]?.arches == ["aarch64", "x86_64"])
        #expect(set["A-optional"]?.isEmpty == false)
    }

    @Test("no optional is generated beside one that is written")
    func written() throws {
        let set = try load(
            node("A", attributes: "has_optional=\"true\"", inside: "<variants>\(node("O", "optional"))</variants>"))
        #expect(set.all.map(\.uid) == ["A", "A-O"])
    }

    @Test("a child keeps the arches that its parent has too")
    func intersection() throws {
        let inside = "<variants>\(node("B", "addon", arches: "s390x x86_64 aarch64"))</variants>"
        #expect(
            try load(node("A", arches: "x86_64 aarch64 ppc64le", inside: inside))["A-B"]?.arches == [
                "aarch64", "x86_64",
            ])
    }

    @Test("a grandchild is built but is not among all")
    func grandchild() throws {
        let inner = "<variants>\(node("C", "addon"))</variants>"
        let set = try load(node("A", inside: "<variants>\(node("B", inside: inner))</variants>"))
        #expect(set.all.map(\.uid) == ["A", "A-B"])
        #expect(set.topLevel.first?.children.first?.children.map(\.uid) == ["A-B-C"])
        #expect(set["A-B-C"] == nil)
    }

    @Test("tree_arches drops arches, and variants that have none left")
    func treeArches() throws {
        let set = try load(
            node("A", arches: "x86_64 aarch64") + node("B", arches: "s390x")
                + node("C", inside: "<variants><ref id=\"D\"/></variants>") + node("D", "addon", arches: "s390x"),
            arches: ["x86_64"])
        #expect(set.all.map(\.uid) == ["A", "C"])
        #expect(set["A"]?.arches == ["x86_64"])
        #expect(set.notices.map(\.severity) == [.note, .note])
        #expect(set.notices.first?.message == "variant B is left out: all its arches are filtered")
    }

    @Test("tree_variants drops variants with their children")
    func treeVariants() throws {
        let text =
            node("A", attributes: "has_optional=\"true\"", inside: "<variants>\(node("B", "addon"))</variants>")
            + node("C", attributes: "has_optional=\"true\"")
        #expect(try load(text, variants: ["A", "A-B"]).all.map(\.uid) == ["A", "A-B"])
        #expect(try load(text, variants: ["A-B", "C"]).all.map(\.uid) == ["C"])
        let misspelt = try load(text, variants: ["A", "A-optinal"])
        #expect(misspelt.notices.last?.fix == "did you mean A-optional?")
        #expect(misspelt.notices.contains { $0.message == "tree_variants names A-optinal, which is no variant" })
    }

    @Test("an empty variant element is valid and left out")
    func bare() throws {
        let set = try load("<variant id=\"A\" name=\"A\" type=\"variant\"/>" + node("B"))
        #expect(set.all.map(\.uid) == ["B"])
    }

    @Test("the later of two top-level variants with one id counts")
    func twice() throws {
        let set = try load(node("A") + node("B") + node("A", arches: "aarch64"))
        #expect(set.topLevel.map(\.uid) == ["A", "B"])
        #expect(set["A"]?.arches == ["aarch64"])
        #expect(set.notices.map(\.code) == ["variants.ignored"])
    }

    @Test("the first of two children with one id counts")
    func childTwice() throws {
        let set = try load(
            node(
                "A", arches: "x86_64 aarch64",
                inside: "<variants>\(node("B", "addon"))\(node("B", "addon", arches: "aarch64"))</variants>"))
        #expect(set["A-B"]?.arches == ["x86_64"])
        #expect(set.notices.map(\.code) == ["variants.ignored"])
    }

    @Test("what has no effect is pointed out")
    func noEffect() throws {
        let set = try load("<ref id=\"X\"/>" + node("O", "optional") + node("A", arches: "x86_64 x86_64"))
        #expect(set.all.map(\.uid) == ["A"])
        #expect(set["A"]?.arches == ["x86_64"])
        #expect(set.notices.map(\.severity) == [.warning, .warning, .warning])
    }

    @Test(
        "variants that do not go together are refused",
        arguments: [
            (node("A", inside: "<variants><ref id=\"Z\"/></variants>"), "A refers to Z, which does not exist"),
            (
                node("A", inside: "<variants><ref id=\"B\"/></variants>") + node("B"),
                "A refers to B, which is of type variant"
            ),
            (
                node("A", inside: "<variants>\(node("B", "addon", arches: "s390x"))</variants>"),
                "the arches of A-B (s390x) and those of its parent (x86_64) have none in common"
            ),
            (
                node("A", inside: "<variants>\(node("A", "addon"))</variants>"),
                "the variant A contains one with the same id"
            ),
            (
                node(
                    "A",
                    inside:
                        "<variants>\(node("B", "addon", inside: "<variants>\(node("C", "addon"))</variants>"))</variants>"
                ),
                "A-B is of type addon: only a variant of type variant can contain others"
            ),
            (
                node("A", inside: "<variants><ref id=\"B\"/></variants>")
                    + node("B", "addon", inside: "<variants><ref id=\"B\"/></variants>"),
                "A-B is of type addon"
            ),
            (
                node("A", inside: "<variants>\(node("B", "addon", attributes: "has_optional=\"true\""))</variants>"),
                "it cannot have an optional variant"
            ),
            (
                node("A", inside: "<variants><ref id=\"L\"/></variants>") + node("L", "layered-product"),
                "lacks <release>"
            ),
            (node("A", arches: "src x86_64"), "src is not an arch"),
            (node("A/../B"), "'A/../B' cannot be the id of a variant"), (node(""), "'' cannot be the id"),
            (node("A", inside: "<variants>\(node("B-C", "addon"))</variants>"), "'B-C' cannot be the id"),
        ])
    func refused(text: String, message: String) {
        let failure = #expect(throws: ConfigFailure.self) { try load(text) }
        #expect(failure?.diagnostics.contains { $0.message.contains(message) } == true, "\(failure?.description ?? "")")
    }

    @Test("all that is wrong is said at once, with place, line and a likely cure")
    func rendered() {
        let text =
            node("A", inside: "<variants><ref id=\"HB\"/><ref id=\"X\"/></variants>") + "\n" + node("HA", "addon")
        let failure = #expect(throws: ConfigFailure.self) { try load(text) }
        #expect(failure?.diagnostics.count == 2)
        #expect(failure?.diagnostics.map(\.location?.column) == [93, 107])
        let long = "<variants><ref id=\"Extaras\"/></variants>"
        let other = #expect(throws: ConfigFailure.self) { try load(node("A", inside: long) + node("Extras", "addon")) }
        #expect(other?.diagnostics.first?.fix == "did you mean Extras?")
        #expect(other?.diagnostics.first?.sourceLine?.contains("Extaras") == true)
    }

    @Test("a long file on one line is read in time that grows with its length only")
    func oneLine() throws {
        let set = try load((0..<10_000).map { node("V\($0)") }.joined())
        #expect(set.all.count == 10_000)
    }

    @Test("thousands of wrong references end quickly")
    func many() {
        let references = (0..<10_000).map { "<ref id=\"Reference\($0)\"/>" }.joined()
        let nodes = (0..<300).map { node("Addon\($0)", "addon") }.joined()
        let failure = #expect(throws: ConfigFailure.self) {
            try load(node("A", inside: "<variants>\(references)</variants>") + nodes)
        }
        #expect(failure?.diagnostics.count == 100)
    }
}
