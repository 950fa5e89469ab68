import Foundation
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("OTLP")
struct SpanEncodingTests {
    /// Every kind of thing that a span may hold.
    static func spans() throws -> [Span] {
        let trace = try #require(TraceID("0af7651916cd43dd8448eb211c80319c"))
        let id = try #require(SpanID("b7ad6b7169203331"))
        let parent = try #require(SpanID("00f067aa0ba902b7"))
        var full = Span(
            trace: trace, id: id, parent: parent, state: "a=b", name: "image IoT/\u{1F427}", kind: .client,
            start: Instant(seconds: 1_795_392_000.25), end: Instant(seconds: 1_795_392_001.5),
            attributes: [
                "text": "a \"b\"\n", "number": 7, "negative": -1, "flag": true, "no": false, "share": .double(0.5),
                "list": .strings(["x86_64", ""]), "none": .strings([]),
                "long": .string(String(repeating: "ž", count: 300)),
            ], links: [TraceContext(trace: trace, span: parent, state: "c=d")], status: .error("no"))
        full.add(.init("retry", at: Instant(seconds: 1_795_392_000.75), ["reason": "x"]))
        full.droppedEvents = 3
        return [full, Span(trace: trace, id: parent, parent: nil, name: "", start: Instant(seconds: 0))]
    }

    @Test("OpenTelemetry's own classes read from protobuf what stands in our JSON", .needsPeers)
    func agree() throws {
        let resource: [String: SpanValue] = ["service.name": "phase-runner"]
        let spans = try Self.spans()
        let bytes = SpanProtobuf.message(spans, resource: resource, version: "1")
        let read = try PythonPeer.run("trace_collector.py", ["decode"], input: Data(bytes))
        let ours = JSONWriter.line(SpanJSON.message(spans, resource: resource, version: "1"))
        #expect(try Self.whole(read) == Self.whole(Data(ours)))
    }

    /// The document without what protobuf's own JSON leaves out: members that have the value they have anyway.
    private static func whole(_ document: Data) throws -> NSObject {
        func filled(_ value: Any) -> Any {
            if let list = value as? [Any] { return list.map(filled) }
            guard let members = value as? [String: Any] else { return value }
            return members.mapValues(filled).filter { name, value in
                // False and the empty list are values of attributes.
                if (value as? String)?.isEmpty == true { return name == "stringValue" }
                if (value as? [Any])?.isEmpty == true { return false }
                return !(name.hasSuffix("UnixNano") && value as? String == "0")
            }
        }
        return try #require(filled(try JSONSerialization.jsonObject(with: document)) as? NSDictionary)
    }

    @Test("a span in JSON is what OTLP says")
    func json() throws {
        let span = try Self.spans()[0]
        let json = SpanJSON.json(span)
        #expect(json["traceId"]?.string == "0af7651916cd43dd8448eb211c80319c")
        #expect(json["parentSpanId"]?.string == "00f067aa0ba902b7")
        #expect(json["startTimeUnixNano"]?.string == "1795392000250000000")
        #expect(json["kind"]?.int == 3)
        #expect(json["status"] == ["code": 2, "message": "no"])
        #expect(json["attributes"]?.array?.contains(["key": "number", "value": ["intValue": "7"]]) == true)
        #expect(SpanJSON.json(try Self.spans()[1])["parentSpanId"] == nil)
    }

    @Test(
        "times are nanoseconds, and a time that is none is 0",
        arguments: [(0, 0), (1.5, 1_500_000_000), (-1, 0), (1e300, 0), (.nan, 0), (.infinity, 0)])
    func times(seconds: Double, nanoseconds: UInt64) {
        #expect(SpanJSON.nanoseconds(Instant(seconds: seconds)) == nanoseconds)
    }

    @Test(
        "text goes out without the users of URLs",
        arguments: [
            ("https://user:s3cr3t@host/x", "https://host/x"),
            ("a https://s3cr3t@h b http://h/@x", "a https://h b http://h/@x"),
            (#"["https://u:s3cr3t@h/repo","x@y"]"#, #"["https://h/repo","x@y"]"#), ("://@", "://"),
            ("no@url", "no@url"),
        ])
    func clean(text: String, shown: String) { #expect(SpanText.clean(text) == shown) }

    @Test("text that is too long is cut, and events that are too many are counted")
    func limits() throws {
        #expect(SpanText.clean(String(repeating: "x", count: 10_000)).count == SpanText.longest + 1)
        var span = try Self.spans()[1]
        for number in 0..<200 { span.add(.init("e\(number)", at: span.start)) }
        #expect(span.events.count == 128 && span.droppedEvents == 72)
    }
}
