import Koji
import Testing

@Suite("Calls and responses of XML-RPC")
struct XMLRPCDocumentTests {
    private func failure(_ text: String) -> XMLRPCFailure? {
        do throws(XMLRPCFailure) {
            _ = try XMLRPCResponse.decode(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("a call is written as the known client writes it, and read again")
    func call() throws {
        let call = XMLRPCCall(method: "getTaskInfo", args: [.int(1)], keywords: ["request": .bool(true)])
        let bytes = try call.encoded()
        #expect(
            String(decoding: bytes, as: UTF8.self) == "<?xml version='1.0'?>\n<methodCall><methodName>getTaskInfo"
                + "</methodName><params><param><value><int>1</int></value></param><param><value><struct>"
                + "<member><name>__starstar</name><value><boolean>1</boolean></value></member>"
                + "<member><name>request</name><value><boolean>1</boolean></value></member>"
                + "</struct></value></param></params></methodCall>")
        #expect(try XMLRPCCall.decode(bytes) == call)
    }

    @Test("keyword arguments are the members of a last struct whose __starstar is true")
    func keywords() {
        let marked = XMLRPCCall(method: "m", args: [.int(1)], keywords: ["x": .int(2)])
        #expect(marked.params.count == 2)
        #expect(marked.arguments.positional == [.int(1)])
        #expect(marked.arguments.keywords == ["x": .int(2)])

        let none = XMLRPCCall(method: "m", args: [.int(1)])
        #expect(none.params == [.int(1)])
        #expect(none.arguments.positional == [.int(1)])
        #expect(none.arguments.keywords.isEmpty)

        let plain = XMLRPCCall(method: "m", params: [.object(["x": .int(1)])])
        #expect(plain.arguments.positional == [.object(["x": .int(1)])])

        let notLast = XMLRPCCall(method: "m", params: [.object(["x": .int(1), "__starstar": .bool(true)]), .int(1)])
        #expect(notLast.arguments.positional.count == 2)

        let number = XMLRPCCall(method: "m", params: [.object(["x": .int(1), "__starstar": .int(1)])])
        #expect(number.arguments.keywords == ["x": .int(1)])

        let off = XMLRPCCall(method: "m", params: [.object(["x": .int(1), "__starstar": .bool(false)])])
        #expect(off.arguments.positional.count == 1)
    }

    @Test("a call may lack its parameters")
    func noParams() throws {
        for params in ["", "<params/>", "<params>\n</params>"] {
            let text = "<methodCall><methodName>getAPIVersion</methodName>\(params)</methodCall>\n"
            #expect(try XMLRPCCall.decode(Array(text.utf8)) == XMLRPCCall(method: "getAPIVersion", params: []))
        }
    }

    @Test("a fault is read with line feeds and quotes, and other members do not disturb")
    func fault() throws {
        let fault = XMLRPCFault(code: 1002, text: "a \"b\"\n  <c> & d")
        #expect(try XMLRPCResponse.decode(XMLRPCResponse.fault(fault).encoded()) == .fault(fault))
        #expect("\(fault)" == "fault 1002: a \"b\"\n  <c> & d")
        #expect(throws: fault) { try XMLRPCResponse.fault(fault).get() }
        #expect(try XMLRPCResponse.value(.int(1)).get() == .int(1))

        let more = XMLRPCValue.object(["faultCode": .int(5), "faultString": .string("x"), "traceback": .array([])])
        #expect(XMLRPCFault(more) == XMLRPCFault(code: 5, text: "x"))
        #expect(XMLRPCFault(.object(["faultCode": .string("5"), "faultString": .string("x")])) == nil)
        #expect(XMLRPCFault(.object(["faultCode": .int(5)])) == nil)
        #expect(XMLRPCFault(.array([])) == nil)
    }

    @Test("an answer that no hub gave is told apart, without its text")
    func foreign() {
        let cases: [(String, XMLRPCFailure.Kind, String)] = [
            ("", .empty, "empty where XML-RPC was expected"),
            (" \r\n", .empty, "empty where XML-RPC was expected"),
            (
                "Bad Gateway", .foreign,
                "plain text where XML-RPC was expected; a web server or a proxy speaks here"
            ),
            (
                "\n<!doctype HTML PUBLIC x><p>secret", .foreign,
                "an HTML page where XML-RPC was expected; a web server or a proxy speaks here"
            ),
            (
                "<HTML><body>", .foreign,
                "an HTML page where XML-RPC was expected; a web server or a proxy speaks here"
            ),
            ("<?xml version='1.0'?><html/>", .foreign, "<html> where <methodResponse> must stand"),
            ("<rss/>", .malformed, "<rss> where <methodResponse> must stand"),
            ("<methodCall/>", .malformed, "<methodCall> where <methodResponse> must stand"),
            ("<methodResponse/>", .malformed, "the answer holds neither value nor fault"),
            ("<methodResponse><x/></methodResponse>", .malformed, "<x> where <params> or <fault> must stand"),
            ("<methodResponse><params/></methodResponse>", .malformed, "<param> is missing"),
            (
                "<methodResponse><fault><value/></fault></methodResponse>", .malformed,
                "the fault has no integer faultCode or no faultString of text"
            ),
            (
                "<!DOCTYPE x><methodResponse/>", .malformed,
                "a document type declaration (DOCTYPE) is not allowed here"
            ),
        ]
        for (text, kind, message) in cases {
            #expect(failure(text)?.kind == kind, "\(text)")
            #expect(failure(text)?.message == message)
        }
    }

    @Test("an answer that is cut off or changed anywhere is refused or read, never a crash")
    func hostile() throws {
        let value = XMLRPCValue.object([
            "a": .array([.int(1), .null, .double(2.5), .bool(true)]), "é": .string("x<y"), "b": .bytes([1, 2]),
        ])
        let document = try XMLRPCResponse.value(value).encoded()
        for length in 0..<document.count {
            #expect(throws: XMLRPCFailure.self) { try XMLRPCResponse.decode(Array(document.prefix(length))) }
        }
        for place in document.indices {
            for byte in [0, 9, 0x20, 0x22, 0x26, 0x2F, 0x30, 0x3C, 0x3E, 0x41, 0x80, 0xC3, 0xFF] as [UInt8] {
                var changed = document
                changed[place] = byte
                _ = try? XMLRPCResponse.decode(changed)
            }
        }
    }

    @Test("a multiCall's answer is told apart entry by entry")
    func multiCall() throws {
        let call = MultiCall.call([
            XMLRPCCall(method: "getTaskInfo", args: [.int(1)], keywords: ["request": .bool(true)]),
            XMLRPCCall(method: "getAPIVersion", args: []),
        ])
        #expect(call.method == "multiCall")
        #expect(
            call.params == [
                .array([
                    .object([
                        "methodName": .string("getTaskInfo"),
                        "params": .array([.int(1), .object(["request": .bool(true), "__starstar": .bool(true)])]),
                    ]),
                    .object(["methodName": .string("getAPIVersion"), "params": .array([])]),
                ])
            ])
        let fault = XMLRPCFault(code: 1000, text: "no")
        let answer = XMLRPCValue.array([.array([.null]), fault.value, .array([.array([])])])
        #expect(try MultiCall.results(answer, count: 3) == [.value(.null), .fault(fault), .value(.array([]))])
        for wrong in [.null, .array([.int(1)]), .array([.array([])]), .array([.object([:])])] as [XMLRPCValue] {
            #expect(throws: XMLRPCFailure.self) { try MultiCall.results(wrong, count: 1) }
        }
        #expect(throws: XMLRPCFailure.self) { try MultiCall.results(answer, count: 2) }
    }
}
