import Koji
import LibXML
import Testing

@Suite("Limits of XML-RPC documents")
struct XMLRPCLimitTests {
    private static func list(_ content: String) -> [UInt8] {
        Array(
            ("<?xml version='1.0'?><methodResponse><params><param><value><array><data>\(content)</data></array></value>"
                + "</param></params></methodResponse>").utf8)
    }

    private static func refusal(
        _ bytes: [UInt8], _ limits: XMLRPCLimits = .standard
    ) -> XMLRPCFailure? {
        do {
            _ = try XMLRPCResponse.decode(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test("as many values as allowed are read, one more is refused with its place")
    func values() throws {
        let limits = XMLRPCLimits(values: 100)
        // The list itself is one.
        let most = String(repeating: "<value/>", count: 99)
        #expect(
            try XMLRPCResponse.decode(Self.list(most), limits: limits)
                == .value(.array(Array(repeating: .string(""), count: 99))))
        let failure = try #require(Self.refusal(Self.list(most + "<value/>"), limits))
        #expect(failure.kind == .malformed && failure.message == "more than 100 values")
        #expect(failure.location?.line == 1)
    }

    @Test(
        "values of every kind count",
        arguments: [
            "<value><int>1</int></value>", "<value>x</value>", "<value><nil/></value>",
            "<value><array><data><value/></data></array></value>",
            "<value><struct><member><name/><value/></member></struct></value>",
        ])
    func kinds(value: String) {
        let document = Self.list(String(repeating: value, count: 20))
        #expect(Self.refusal(document, XMLRPCLimits(values: 41)) == nil)
        #expect(Self.refusal(document, XMLRPCLimits(values: 20))?.message == "more than 20 values")
    }

    @Test("members of one name count each, although only the last stays")
    func members() {
        let members = String(repeating: "<member><name>a</name><value/></member>", count: 50)
        let document = Self.list("<value><struct>\(members)</struct></value>")
        #expect(Self.refusal(document, XMLRPCLimits(values: 50))?.message == "more than 50 values")
        #expect(Self.refusal(document, XMLRPCLimits(values: 52)) == nil)
    }

    @Test("a document that is too large is refused unread, answers and calls alike")
    func size() {
        let document = Self.list("<value/>")
        let limits = XMLRPCLimits(bytes: document.count - 1)
        #expect(
            Self.refusal(document, limits)?.message
                == "the document has \(document.count) bytes; the limit is \(document.count - 1)")
        #expect(Self.refusal(document, XMLRPCLimits(bytes: document.count)) == nil)
        #expect(throws: XMLRPCFailure.self) { try XMLRPCCall.decode(document, limits: limits) }
        #expect(XMLRPCLimits.standard.bytes == 67_108_864)
    }

    @Test("comments and instructions side by side are refused beyond some number, since libxml2 keeps them all")
    func asides() throws {
        for aside in ["<!-- -->", "<?a?>", "<?a b?><!---->"] {
            let many = String(repeating: aside, count: 1_000)
            #expect(Self.refusal(Self.list(many))?.message == "more than 1000 comments and instructions")
            let few = try XMLRPCResponse.decode(Self.list(String(repeating: aside, count: 400)))
            #expect(few == .value(.array([])))
        }
        // What is escaped, as hubs do, is no comment.
        let text = String(repeating: "&lt;!-- ", count: 2_000)
        #expect(Self.refusal(Self.list("<value>\(text)</value>")) == nil)
    }

    private static let hostile: [(name: String, part: String, text: String)] = [
        ("an entity", "DOCTYPE", "<!DOCTYPE a [<!ENTITY b 'bb'>]><methodResponse>&b;</methodResponse>"),
        (
            "an unknown entity", "Entity 'b' not defined",
            "<methodResponse><params><param><value>&b;</value></param></params></methodResponse>"
        ),
        ("a file", "DOCTYPE", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><methodResponse><params/></methodResponse>"),
        ("depth", "inside each other", String(repeating: "<a>", count: 10_000)),
        ("attributes", "attributes", "<methodResponse " + (0..<300).map { "a\($0)=''" }.joined(separator: " ") + "/>"),
        (
            "namespaces", "namespaces",
            "<methodResponse " + (0..<100).map { "xmlns:a\($0)='b'" }.joined(separator: " ") + "/>"
        ),
        ("brackets", "", "<methodResponse>" + String(repeating: "<", count: 10_000)),
        ("ampersands", "", "<methodResponse><params><param><value>" + String(repeating: "&amp", count: 10_000)),
        ("UTF-32 by name", "encoding", "<?xml version='1.0' encoding='utf-32'?><methodResponse/>"),
        ("zero bytes", "", "<methodResponse>\u{0}\u{0}</methodResponse>"),
    ]

    @Test("what hostile documents use to take time and memory is refused")
    func hostileDocuments() throws {
        for (name, part, text) in Self.hostile {
            let failure = try #require(Self.refusal(Array(text.utf8)), "\(name)")
            #expect(failure.kind == .malformed, "\(name)")
            #expect(part.isEmpty || failure.message.contains(part), "\(name): \(failure)")
            #expect(failure.description.utf8.count < 300, "\(name)")
            #expect(throws: XMLRPCFailure.self, "\(name)") { try XMLRPCCall.decode(Array(text.utf8)) }
        }
    }

    @Test("an integer or a date that is endless is refused by its shape, not copied into the message")
    func longScalars() throws {
        let digits = String(repeating: "9", count: 100_000)
        for element in ["int", "i8", "boolean", "double", "base64"] {
            let text = element == "double" ? digits + "x" : element == "base64" ? digits + "!" : digits
            let failure = try #require(Self.refusal(Self.list("<value><\(element)>\(text)</\(element)></value>")))
            #expect(failure.description.utf8.count < 200, "\(element): \(failure)")
        }
        let name = String(repeating: "n", count: 10_000)
        let failure = try #require(Self.refusal(Self.list("<value><\(name)/></value>")))
        #expect(failure.description.utf8.count < 200)
    }
}
