import LibXML
import TestSupport
import Testing

@Suite("Writing XML")
struct XMLWriterTests {
    private func written(_ build: (XMLWriter) -> Void) -> String {
        let writer = XMLWriter()
        build(writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private let head = "<?xml version='1.0'?>\n"

    @Test("elements, attributes and text are written without white space of the writer's own")
    func plain() {
        let text = written {
            $0.start("a")
            $0.attribute("b", "1")
            $0.start("c")
            $0.end()
            $0.text("x")
            $0.start("d")
            $0.text("")
            $0.end()
        }
        #expect(text == head + "<a b=\"1\"><c/>x<d></d></a>")
    }

    @Test(
        "markup and white space that readers would change is escaped",
        arguments: [
            ("a<b>&\"'", "a&lt;b&gt;&amp;\"'", "a&lt;b&gt;&amp;&quot;'"),
            ("x\ry\n\tz", "x&#13;y\n\tz", "x&#13;y&#10;&#9;z"),
            ("é日😀", "é日😀", "é日😀"),
            ("\u{1}a\u{FFFE}", "\u{FFFD}a\u{FFFD}", "\u{FFFD}a\u{FFFD}"),
            ("]]>", "]]&gt;", "]]&gt;"),
        ])
    func escapes(value: String, text: String, attribute: String) {
        let document = written {
            $0.start("a")
            $0.attribute("b", value)
            $0.text(value)
        }
        #expect(document == head + "<a b=\"\(attribute)\">\(text)</a>")
    }

    @Test(
        "characters that XML cannot carry are found",
        arguments: [
            ("", nil), ("plain\t\n\r", nil), ("\u{7F}\u{80}\u{FFFD}", nil), ("a\u{0}", "\u{0}"), ("\u{1F}", "\u{1F}"),
            ("\u{FFFE}", "\u{FFFE}"), ("é\u{FFFF}", "\u{FFFF}"),
        ] as [(String, Unicode.Scalar?)])
    func forbidden(text: String, expected: Unicode.Scalar?) {
        #expect(XMLWriter.firstForbidden(in: text) == expected)
    }

    @Test("what is written is read again unchanged")
    func roundTrip() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("XMLWriterTests.roundTrip seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab <>&\"'\r\n\t]é日😀\u{85}\u{2028}".unicodeScalars)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 1...20, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            let value = String(String.UnicodeScalarView(scalars))
            let writer = XMLWriter()
            writer.start("a")
            writer.attribute("b", value)
            writer.text(value)
            let reader = try XMLReader(bytes: writer.finish(), name: "t", allowsDoctype: false)
            guard case .start("a", let attributes) = try reader.next(), case .text(let text) = try reader.next() else {
                Issue.record("seed \(seed)")
                return
            }
            #expect(Array(text.unicodeScalars) == scalars, "seed \(seed)")
            #expect(Array((attributes.first?.value ?? "").unicodeScalars) == scalars, "seed \(seed)")
        }
    }
}
