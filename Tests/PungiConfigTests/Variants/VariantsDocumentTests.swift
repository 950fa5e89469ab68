import PungiConfig
import Testing

@Suite("The form of variants.xml")
struct VariantsDocumentTests {
    private func load(_ text: String) throws(ConfigFailure) -> VariantSet {
        try VariantSet.load(bytes: Array(text.utf8), path: "v.xml", treeArches: [], treeVariants: [])
    }

    @Test("a document with everything that may stand in it is read")
    func everything() throws {
        let set = try load(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE variants PUBLIC "-//Red Hat, Inc.//DTD Variants info//EN" "variants2.dtd">
            <!-- a comment -->
            <variants>
              <ref id="X"/>
              <variant id="A" name="A &amp; B" type="variant" has_optional="false" is_empty="false">
                <release name="n" short="s" version="v">text</release>
                <arches><arch>x86_64</arch><!-- no more --><arch><![CDATA[aarch64]]></arch></arches>
                <groups><group glob="true" default="true" uservisible="false">core</group></groups>
                <environments><environment display_order="1">e</environment></environments>
                <environments><environment>f</environment></environments>
                <variants/>
                <variants><variant id="B" name="B" type="addon"><arches><arch>x86_64</arch></arches></variant></variants>
                <buildinstallpackages><package>p</package></buildinstallpackages>
                <modules><module glob="false">m</module><kojitag>k</kojitag></modules>
              </variant>
            </variants>

            """)
        #expect(set.all.map(\.uid) == ["A", "A-B"])
        #expect(set["A"]?.name == "A & B")
        #expect(set["A"]?.arches == ["aarch64", "x86_64"])
    }

    @Test("no variants are no error")
    func none() throws {
        #expect(try load("<variants/>").all.isEmpty)
    }

    @Test(
        "what the DTD refuses is refused at its place",
        arguments: [
            ("<variant/>", "1:1: error: the outermost element is <variant>, not <variants>"),
            ("<variants><varaint/></variants>", "1:11: error: unknown element <varaint> inside <variants>"),
            ("<variants>\n  text</variants>", "1:11: error: text is not allowed directly inside <variants>"),
            ("<variants><ref/></variants>", "1:11: error: <ref> lacks the attribute id"),
            ("<variants><ref id=\"a\">x</ref></variants>", "1:11: error: <ref> must be empty"),
            ("<variants><ref id=\"a\"> </ref></variants>", "1:11: error: <ref> must be empty"),
            ("<variants xmlns=\"x\"/>", "1:11: error: <variants> has no attribute xmlns"),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addn\"/></variants>",
                "1:36: error: 'addn' is not a value of type"
            ),
            (
                "<variants>\n<variant id=\"A\" nam=\"A\" type=\"addon\"/></variants>",
                "2:17: error: <variant> has no attribute nam"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><groups><group>g</group></groups></variant></variants>",
                "1:11: error: <variant> lacks <arches>"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><arches/></variant></variants>",
                "1:49: error: <arches> lacks <arch>"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><arches><arch>a</arch></arches><arches><arch>b</arch></arches></variant></variants>",
                "1:80: error: <arches> may stand only once inside <variant>"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><arches><arch>a</arch></arches><release/></variant></variants>",
                "1:80: error: <release> must stand before <arches>"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><arches><arch>a<b/></arch></arches></variant></variants>",
                "1:64: error: <b> is not allowed inside <arch>, which holds text only"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"><arches><arch> a\n</arch></arches></variant></variants>",
                "1:57: error: there is white space around the text of <arch>"
            ),
            (
                "<variants><variant id=\"A\" name=\"A\" type=\"addon\"/><ref id=\"x\"/></variants>",
                "1:50: error: <ref> must stand before <variant>"
            ),
        ])
    func invalid(text: String, message: String) {
        let failure = #expect(throws: ConfigFailure.self) { try load(text) }
        #expect(failure?.description.contains("v.xml:" + message) == true, "\(failure?.description ?? "")")
    }

    @Test("all complaints come at once, in order, with the line, a caret and a likely cure")
    func rendered() {
        let failure = #expect(throws: ConfigFailure.self) {
            try load(
                """
                <variants>
                  <variant id="A" name="A" typ="variant">
                    <archs><arch>x86_64</arch></archs>
                  </variant>
                </variants>
                """)
        }
        #expect(
            failure?.description == """
                v.xml:2:3: error: <variant> lacks the attribute type [variants.attribute]
                      <variant id="A" name="A" typ="variant">
                      ^
                v.xml:2:3: error: <variant> lacks <arches> [variants.element]
                      <variant id="A" name="A" typ="variant">
                      ^
                v.xml:2:28: error: <variant> has no attribute typ [variants.attribute]
                      <variant id="A" name="A" typ="variant">
                                               ^
                  fix: did you mean type?
                v.xml:3:5: error: unknown element <archs> inside <variant> [variants.element]
                        <archs><arch>x86_64</arch></archs>
                        ^
                  note: allowed inside <variant>: release, arches, groups, environments, variants, buildinstallpackages, modules
                  fix: did you mean <arches>?
                """)
    }

    @Test(
        "a text that is not well-formed XML gives one complaint",
        arguments: [
            "", "<variants><variant></variants>", "<variants>", "<variants/><variants/>", "<variants a=1/>", "text",
            "<variants>&foo;</variants>", "<!DOCTYPE v [<!ENTITY x \"y\">]><variants>&x;</variants>",
            "<variants>\u{1}</variants>",
        ])
    func malformed(text: String) {
        let failure = #expect(throws: ConfigFailure.self) { try load(text) }
        #expect(failure?.diagnostics.map(\.code) == ["variants.syntax"])
        #expect(failure?.diagnostics.first?.location?.file == "v.xml")
    }

    @Test("a document nested too deeply is refused")
    func deep() {
        let text = String(repeating: "<variants>", count: 5000) + String(repeating: "</variants>", count: 5000)
        let failure = #expect(throws: ConfigFailure.self) { try load(text) }
        #expect(failure?.diagnostics.map(\.code) == ["variants.syntax"])
    }

    @Test("a billion laughs are not told")
    func laughs() {
        let text = """
            <!DOCTYPE v [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
            <variants><variant id="&c;" name="a" type="variant"/></variants>
            """
        #expect(throws: ConfigFailure.self) { try load(text) }
    }

    @Test("damaged bytes give variants or complaints with a place")
    func damaged() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of VariantsDocumentTests.damaged: \(seed)")
        var random = RandomVariants(seed: seed)
        var refused = 0
        for _ in 0..<1500 {
            do {
                let bytes = random.damaged()
                _ = try VariantSet.load(bytes: bytes, path: "v.xml", treeArches: [], treeVariants: [])
            } catch {
                refused += 1
                #expect(!error.diagnostics.isEmpty)
                #expect(error.diagnostics.allSatisfy { $0.severity == .error && ($0.location?.line ?? 0) > 0 })
            }
        }
        #expect(refused > 500)
    }
}
