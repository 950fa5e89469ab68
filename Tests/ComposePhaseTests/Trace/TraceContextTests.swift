import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("TRACEPARENT")
struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let span = "b7ad6b7169203331"

    @Test(
        "what W3C Trace Context allows is read",
        arguments: [
            ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-ff", true),
            ("01-\(trace)-\(span)-01", true), ("cc-\(trace)-\(span)-01-what-comes-later", true),
        ])
    func good(_ text: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(traceParent: text))
        #expect(context.trace.text == Self.trace)
        #expect(context.span.text == Self.span)
        #expect(context.isSampled == isSampled)
        #expect(context.traceParent == "00-\(Self.trace)-\(Self.span)-\(isSampled ? "01" : "00")")
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-more", "ff-\(trace)-\(span)-01",
            "00-\(trace.uppercased())-\(span)-01", "00-\(String(repeating: "0", count: 32))-\(span)-01",
            "00-\(trace)-0000000000000000-01", "00-\(trace.dropLast())-\(span)-01", "00-\(trace)-\(span)0-01",
            "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-0g", "0x-\(trace)-\(span)-01", " 00-\(trace)-\(span)-01",
            "00_\(trace)_\(span)_01", "00-\(trace)-\(span)-٠١",
        ])
    func bad(_ text: String) { #expect(TraceContext(traceParent: text) == nil) }

    @Test("numbers that are drawn are numbers, and those of a name are always the same")
    func numbers() throws {
        var random = SeededGenerator(seed: 7)
        let trace = TraceID(using: &random)
        #expect(TraceID(trace.text) == trace)
        for _ in 0..<200 {
            let span = SpanID(using: &random)
            #expect(SpanID(span.text) == span)
        }
        #expect(SpanID(of: "run 0", in: trace) == SpanID(of: "run 0", in: trace))
        #expect(SpanID(of: "run 0", in: trace) != SpanID(of: "run 1", in: trace))
        #expect(SpanID(of: "run 0", in: trace) != SpanID(of: "run 0", in: TraceID(using: &random)))
    }

    @Test("the record of a run keeps its trace, and one that cannot be read is none")
    func record() throws {
        let trace = try #require(TraceID(Self.trace))
        for origin in [
            TraceOrigin(trace: trace), TraceOrigin(trace: trace, parent: SpanID(Self.span), state: "a=b"),
        ] {
            #expect(TraceOrigin(json: origin.json) == origin)
        }
        #expect(TraceOrigin(json: .null) == nil)
        #expect(TraceOrigin(json: ["id": "x"]) == nil)
        #expect(TraceOrigin(json: ["id": 7]) == nil)
    }
}
