import Koji
import LibXML
import Testing

@Suite("Values of XML-RPC")
struct XMLRPCValueTests {
    /// The value in a response whose `<value>` is `xml`.
    static func decoded(_ xml: String) throws(XMLRPCFailure) -> XMLRPCValue? {
        let document =
            "<?xml version='1.0'?>\n<methodResponse><params><param>\(xml)</param></params></methodResponse>"
        guard case .value(let value) = try XMLRPCResponse.decode(Array(document.utf8)) else { return nil }
        return value
    }

    @Test(
        "every type is read, in every form that hubs and clients write",
        arguments: [
            ("<value><nil/></value>", .null),
            ("<value><nil></nil></value>", .null),
            ("<value><ex:nil/></value>", .null),
            ("<value><ex:nil xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"/></value>", .null),
            ("<value><boolean>1</boolean></value>", .bool(true)),
            ("<value><boolean> 0 </boolean></value>", .bool(false)),
            ("<value><int>-5</int></value>", .int(-5)),
            ("<value><int> +7\n</int></value>", .int(7)),
            ("<value><i1>1</i1></value>", .int(1)),
            ("<value><i2>2</i2></value>", .int(2)),
            ("<value><i4>4</i4></value>", .int(4)),
            ("<value><ex:i8>9223372036854775807</ex:i8></value>", .int(.max)),
            ("<value><i8>-9223372036854775808</i8></value>", .int(.min)),
            ("<value><biginteger>4294967296</biginteger></value>", .int(4_294_967_296)),
            ("<value><double>1.5</double></value>", .double(1.5)),
            ("<value><double>1e+300</double></value>", .double(1e300)),
            ("<value><double> -1795384531.435696 </double></value>", .double(-1_795_384_531.435696)),
            ("<value><double>inf</double></value>", .double(.infinity)),
            ("<value><string></string></value>", .string("")),
            ("<value><string/></value>", .string("")),
            ("<value></value>", .string("")),
            ("<value/>", .string("")),
            ("<value>untyped</value>", .string("untyped")),
            ("<value>  </value>", .string("  ")),
            ("<value> <int>1</int>\n</value>", .int(1)),
            ("<value><string> a\n\tb </string></value>", .string(" a\n\tb ")),
            ("<value><string>a\r\nb&#13;c</string></value>", .string("a\nb\rc")),
            ("<value><string>&lt;a&gt;&amp;<![CDATA[<b>]]></string></value>", .string("<a>&<b>")),
            ("<value><string>日本語 😀</string></value>", .string("日本語 😀")),
            ("<value><base64>\nAAH+\nYmlu\n</base64></value>", .bytes([0, 1, 0xFE, 0x62, 0x69, 0x6E])),
            ("<value><base64>YQ==</base64></value>", .bytes([0x61])),
            ("<value><base64>YWI=</base64></value>", .bytes([0x61, 0x62])),
            ("<value><base64></base64></value>", .bytes([])),
            (
                "<value><dateTime.iso8601>20261122T21:44:25</dateTime.iso8601></value>", .date("20261122T21:44:25")
            ),
            ("<value><array><data></data></array></value>", .array([])),
            ("<value><array><data/></array></value>", .array([])),
            (
                "<value><array>\n<data>\n<value><nil/></value><value>x</value>\n</data>\n</array></value>",
                .array([.null, .string("x")])
            ),
            ("<value><struct/></value>", .object([:])),
            (
                "<value><struct>\n<member>\n<name>a.b č</name>\n<value><int>1</int></value>\n</member></struct></value>",
                .object(["a.b č": .int(1)])
            ),
            ("<value><struct><member><name/><value/></member></struct></value>", .object(["": .string("")])),
            (
                "<value><struct><member><name> a </name><value/></member></struct></value>",
                .object([" a ": .string("")])
            ),
            (
                "<value><struct><member><name>a</name><value>1</value></member>"
                    + "<member><name>a</name><value>2</value></member></struct></value>", .object(["a": .string("2")])
            ),
        ] as [(String, XMLRPCValue)])
    func reading(xml: String, expected: XMLRPCValue) throws {
        #expect(try Self.decoded(xml) == expected)
    }

    @Test(
        "what is no value is refused with its place",
        arguments: [
            ("<value><int></int></value>", "<int> is not an integer"),
            ("<value><int>1.5</int></value>", "<int> is not an integer"),
            ("<value><int>1_000</int></value>", "<int> is not an integer"),
            ("<value><int>99999999999999999999</int></value>", "an integer of more than 64 bit"),
            ("<value><int>-9223372036854775809</int></value>", "an integer of more than 64 bit"),
            ("<value><boolean>true</boolean></value>", "<boolean> is neither 0 nor 1"),
            ("<value><boolean></boolean></value>", "<boolean> is neither 0 nor 1"),
            ("<value><double></double></value>", "<double> is not a number"),
            ("<value><double>0x1p4</double></value>", "<double> is not a number"),
            ("<value><double>1,5</double></value>", "<double> is not a number"),
            ("<value><base64>YQ</base64></value>", "<base64> is not base64"),
            ("<value><base64>Y*==</base64></value>", "<base64> is not base64"),
            ("<value><base64>YQ==YQ==</base64></value>", "<base64> is not base64"),
            ("<value><base64>=</base64></value>", "<base64> is not base64"),
            ("<value><nil>x</nil></value>", "text between elements"),
            ("<value><nil><int>1</int></nil></value>", "<int> where </nil> must stand"),
            ("<value>x<int>1</int></value>", "text between elements"),
            ("<value><int>1</int>x</value>", "text between elements"),
            ("<value><int>1</int><int>2</int></value>", "<int> where </value> must stand"),
            ("<value><string><b/></string></value>", "an element inside <string>"),
            ("<value><string>a<b/></string></value>", "an element inside <string>"),
            ("<value><float4>1</float4></value>", "<float4> is no type of XML-RPC"),
            ("<value><array></array></value>", "<data> is missing"),
            ("<value><array><value/></array></value>", "<value> where <data> must stand"),
            ("<value><array><data/><data/></array></value>", "<data> where </array> must stand"),
            ("<value><array><data><int>1</int></data></array></value>", "<int> where <value> must stand"),
            ("<value><struct><name>a</name></struct></value>", "<name> where <member> must stand"),
            ("<value><struct><member><value/></member></struct></value>", "<value> where <name> must stand"),
            ("<value><struct><member><name>a</name></member></struct></value>", "<value> is missing"),
            (
                "<value><struct><member><name>a</name><value/><value/></member></struct></value>",
                "<value> where </member> must stand"
            ),
            ("<int>1</int>", "<int> where <value> must stand"),
            ("", "<value> is missing"),
            ("<value>1</value><value>2</value>", "<value> where </param> must stand"),
        ])
    func refusals(xml: String, message: String) {
        let failure = #expect(throws: XMLRPCFailure.self) { try Self.decoded(xml) }
        #expect(failure?.message == message)
        #expect(failure?.kind == .malformed)
        #expect(failure?.location?.line ?? 0 >= 2)
    }

    @Test(
        "values are written in the words of Koji's own client",
        arguments: [
            (.null, "<nil/>"), (.bool(true), "<boolean>1</boolean>"), (.bool(false), "<boolean>0</boolean>"),
            (.int(2_147_483_647), "<int>2147483647</int>"), (.int(-2_147_483_648), "<int>-2147483648</int>"),
            (.int(2_147_483_648), "<i8>2147483648</i8>"), (.int(.min), "<i8>-9223372036854775808</i8>"),
            (.double(1.5), "<double>1.5</double>"), (.double(1e300), "<double>1e+300</double>"),
            (.double(1e16), "<double>1e+16</double>"), (.double(-0.0), "<double>-0.0</double>"),
            (.string(""), "<string></string>"), (.string(" a "), "<string> a </string>"),
            (.string("<&>\r\n"), "<string>&lt;&amp;&gt;&#13;\n</string>"),
            (.bytes([]), "<base64>\n</base64>"), (.bytes([0, 1, 0xFE]), "<base64>\nAAH+\n</base64>"),
            (.date("20261122T21:44:25"), "<dateTime.iso8601>20261122T21:44:25</dateTime.iso8601>"),
            (.array([]), "<array><data/></array>"), (.object([:]), "<struct/>"),
            (
                .object(["b": .int(1), "a<": .array([.null])]),
                "<struct><member><name>a&lt;</name><value><array><data><value><nil/></value></data></array></value>"
                    + "</member><member><name>b</name><value><int>1</int></value></member></struct>"
            ),
        ] as [(XMLRPCValue, String)])
    func writing(value: XMLRPCValue, expected: String) throws {
        let bytes = try XMLRPCResponse.value(value).encoded()
        #expect(
            String(decoding: bytes, as: UTF8.self) == "<?xml version='1.0'?>\n<methodResponse><params><param><value>"
                + expected + "</value></param></params></methodResponse>")
        #expect(try XMLRPCResponse.decode(bytes) == .value(value))
    }

    @Test("base64 is broken into lines, and every length comes back", arguments: 0...200)
    func base64(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let document = try XMLRPCResponse.value(.bytes(bytes)).encoded()
        #expect(try XMLRPCResponse.decode(document) == .value(.bytes(bytes)))
        let lines = document.split(separator: UInt8(ascii: "\n")).map(\.count)
        #expect(lines.dropFirst(2).allSatisfy { $0 <= 93 })
    }

    @Test(
        "text that XML cannot carry is refused with its place in the value",
        arguments: [
            (.string("a\u{1}"), "params[0]", "U+0001"),
            (.array([.null, .string("\u{0}")]), "params[0][1]", "U+0000"),
            (
                .object(["blueprint": .object(["packages": .array([.object(["x": .string("\u{FFFE}")])])])]),
                "params[0].blueprint.packages[0].x", "U+FFFE"
            ),
            (.object(["a b": .string("\u{1B}")]), "params[0][\"a b\"]", "U+001B"),
            (.object(["a": .object(["\u{7}": .null])]), "name of a member of params[0].a", "U+0007"),
            (.date("\u{1F}"), "params[0]", "U+001F"),
        ] as [(XMLRPCValue, String, String)])
    func controls(value: XMLRPCValue, path: String, character: String) {
        let failure = #expect(throws: XMLRPCFailure.self) {
            try XMLRPCCall(method: "m", params: [value]).encoded()
        }
        #expect(failure?.path == path)
        #expect(failure?.kind == .unwritable)
        #expect(failure?.message == "the text has the character \(character), which XML cannot carry; take it out")
    }

    @Test("a method's name and a response's parts are named too")
    func otherPlaces() {
        func path(_ encode: () throws -> [UInt8]) -> String? {
            #expect(throws: XMLRPCFailure.self) { try encode() }?.path
        }
        #expect(path { try XMLRPCCall(method: "\u{1}", params: []).encoded() } == "method name")
        #expect(path { try XMLRPCResponse.value(.array([.string("\u{1}")])).encoded() } == "value[0]")
        #expect(
            path { try XMLRPCResponse.fault(XMLRPCFault(code: 1, text: "\u{1}")).encoded() } == "fault.faultString")
    }

    @Test("what is as deep as may be written can be read; deeper is refused in both directions")
    func depth() throws {
        func nested(_ levels: Int, _ wrap: (XMLRPCValue) -> XMLRPCValue) -> XMLRPCValue {
            (0..<levels).reduce(.int(1)) { value, _ in wrap(value) }
        }
        for wrap in [{ .array([$0]) }, { .object(["a": $0]) }] as [(XMLRPCValue) -> XMLRPCValue] {
            let deepest = nested(60, wrap)
            #expect(try XMLRPCResponse.decode(XMLRPCResponse.value(deepest).encoded()) == .value(deepest))
            let failure = #expect(throws: XMLRPCFailure.self) {
                try XMLRPCResponse.value(nested(61, wrap)).encoded()
            }
            #expect(failure?.message == "more than 60 lists and structs inside each other")
        }
        let tooDeep = String(repeating: "<value><array><data>", count: 61)
        let ends = String(repeating: "</data></array></value>", count: 61)
        let reading = #expect(throws: XMLRPCFailure.self) { try Self.decoded(tooDeep + ends) }
        #expect(reading?.message == "more than 60 lists and structs inside each other")
        let deep = String(repeating: "<value><array><data>", count: 1_000_000)
        #expect(throws: XMLRPCFailure.self) { try Self.decoded(deep) }
    }
}
