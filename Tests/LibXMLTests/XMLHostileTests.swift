import LibXML
import Testing

@Suite("Hostile XML")
struct XMLHostileTests {
    /// The failure of reading to the end; nil if there is none.
    private func failure(_ document: [UInt8], limits: XMLLimits = .standard) -> XMLFailure? {
        do throws(XMLFailure) {
            let reader = try XMLReader(bytes: document, name: "h.xml", limits: limits, allowsDoctype: true)
            while try reader.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    private func failure(_ document: String) -> XMLFailure? { failure(Array(document.utf8)) }

    static let laughs: String = {
        var text = "<!DOCTYPE a [<!ENTITY l0 \"lol\">"
        for level in 1..<30 {
            text += "<!ENTITY l\(level) \"" + String(repeating: "&l\(level - 1);", count: 10) + "\">"
        }
        return text + "]>"
    }()

    @Test("entities that stand for billions of others are refused at once", .timeLimit(.minutes(1)))
    func billionLaughs() {
        #expect(failure(Self.laughs + "<a>&l29;</a>") != nil)
        #expect(failure(Self.laughs + "<a b='&l29;'/>") != nil)
        #expect(failure(Self.laughs + "<a/>") == nil)
    }

    @Test("what makes libxml2 slow is refused before it gets it", .timeLimit(.minutes(1)))
    func slowThings() {
        func many(_ count: Int, _ part: (Int) -> String) -> String { (0..<count).map(part).joined() }
        let cases: [(String, String)] = [
            ("<a " + many(300) { "b\($0)='' " } + "/>", "a tag with more than 256 attributes"),
            ("<a>" + many(60_000) { "<n\($0)/>" } + "</a>", "more than 50000 different names"),
            ("<a>" + many(60_000) { "<n b\($0)=''/>" } + "</a>", "more than 50000 different names"),
            ("<a>" + many(60_000) { "<?n\($0)?>" } + "</a>", "more than 50000 different names"),
            ("<a>" + many(100_001) { _ in "<!---->" } + "</a>", "more than 100000 comments and instructions"),
            ("<a/>" + many(100_001) { _ in "<?b?>" }, "more than 100000 comments and instructions"),
            (many(65) { "<n xmlns:b\($0)='u:'>" }, "more than 64 namespaces"),
            (many(1_000_000) { _ in "<a>" }, "more than 200 elements inside each other"),
            ("<!DOCTYPE a [" + many(5000) { "<!ELEMENT b\($0) ANY>" } + "]><a/>", "declaration of more than 65536"),
            ("<a>" + String(repeating: "x", count: 10_001_000) + "</a>", "more than 10000000 bytes"),
            (String(repeating: "<", count: 1_000_000), "invalid element name"),
        ]
        for (document, message) in cases {
            let found = failure(document)
            #expect(found?.message.contains(message) == true, "\(message): \(found?.message ?? "no failure")")
        }
    }

    @Test("namespaces out of scope do not count")
    func manyNamespacesInTurn() {
        let nils = String(repeating: "<ex:nil xmlns:ex='urn:ext'/><b xmlns:q='urn:q'></b>", count: 1000)
        #expect(failure("<a>" + nils + "</a>") == nil)
    }

    @Test("limits are kept, and reaching them exactly is fine")
    func limits() {
        var limits = XMLLimits()
        limits.bytes = 40
        limits.depth = 2
        limits.textBytes = 4
        func message(_ document: String) -> String? { failure(Array(document.utf8), limits: limits)?.message }
        #expect(message("<a><b c='1234'>1234</b></a>") == nil)
        #expect(message("<a><b><c/></b></a>") == nil)
        #expect(message("<a><b><c></c></b></a>") == "more than 2 elements inside each other")
        #expect(message("<a>12345</a>") == "a text of more than 4 bytes")
        #expect(message("<a>12<![CDATA[34]]>5</a>") == "a text of more than 4 bytes")
        #expect(message("<a b='12345'/>") == "an attribute of more than 4 bytes")
        #expect(
            message("<a>" + String(repeating: " ", count: 34) + "</a>") == "the document has 41 bytes; the limit is 40")
    }

    @Test("a document that is cut off anywhere is refused")
    func cutOff() {
        let document = Array(
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]><!-- c --><a b='é'><?p q?>é&amp;<![CDATA[x]]><c/></a>"
                .utf8)
        #expect(failure(document) == nil)
        for length in 0..<document.count {
            #expect(failure(Array(document.prefix(length))) != nil, "\(length)")
        }
    }

    @Test("any byte may be replaced by any other without a crash")
    func changedBytes() {
        let document = Array("<?xml version='1.0'?><a b='é'>é&amp;<![CDATA[x]]><c/></a>".utf8)
        var refused = 0
        for place in document.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = document
                changed[place] = byte
                if failure(changed) != nil { refused += 1 }
            }
        }
        // Some changes inside text and names are harmless; most are not.
        #expect((document.count * 128..<document.count * 256).contains(refused), "\(refused)")
    }

    @Test("broken UTF-8 is refused")
    func brokenUTF8() {
        let wrong: [[UInt8]] = [
            [0x80], [0xC3], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0],
        ]
        for bytes in wrong {
            #expect(failure(Array("<a>".utf8) + bytes + Array("</a>".utf8)) != nil, "\(bytes)")
        }
    }
}
