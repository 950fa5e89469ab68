/// OTLP in protobuf, the same message as ``SpanJSON``: the form that every collector takes.
///
/// The numbers of the fields are those of `opentelemetry/proto/trace/v1/trace.proto` and its neighbours.
package enum SpanProtobuf {
    /// An `ExportTraceServiceRequest` for a batch of spans of one process.
    package static func message(_ spans: [Span], resource: [String: SpanValue], version: String) -> [UInt8] {
        var request = ProtobufWriter()
        request.message(1) { resourceSpans in
            resourceSpans.message(1) { attributes(resource, field: 1, &$0) }
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.message(1) {
                    $0.string(1, "phase-runner")
                    $0.string(2, version)
                }
                for span in spans { scopeSpans.message(2) { write(span, &$0) } }
            }
        }
        return request.bytes
    }

    private static func write(_ span: Span, _ out: inout ProtobufWriter) {
        out.bytes(1, TraceDigits.bytes(span.trace.text))
        out.bytes(2, TraceDigits.bytes(span.id.text))
        if let state = span.state { out.string(3, state) }
        if let parent = span.parent { out.bytes(4, TraceDigits.bytes(parent.text)) }
        out.string(5, span.name)
        out.varint(6, UInt64(span.kind.rawValue))
        out.fixed64(7, SpanJSON.nanoseconds(span.start))
        out.fixed64(8, SpanJSON.nanoseconds(span.end))
        attributes(span.attributes, field: 9, &out)
        for event in span.events {
            out.message(11) {
                $0.fixed64(1, SpanJSON.nanoseconds(event.time))
                $0.string(2, event.name)
                attributes(event.attributes, field: 3, &$0)
            }
        }
        if span.droppedEvents > 0 { out.varint(12, UInt64(span.droppedEvents)) }
        for link in span.links {
            out.message(13) {
                $0.bytes(1, TraceDigits.bytes(link.trace.text))
                $0.bytes(2, TraceDigits.bytes(link.span.text))
                if let state = link.state { $0.string(3, state) }
            }
        }
        out.message(15) {
            guard case .error(let message) = span.status else { return }
            $0.string(2, message)
            $0.varint(3, 2)
        }
        // The flags of W3C: sampled.
        out.fixed32(16, 1)
    }

    private static func attributes(_ attributes: [String: SpanValue], field: Int, _ out: inout ProtobufWriter) {
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            out.message(field) {
                $0.string(1, key)
                $0.message(2) { write(value, &$0) }
            }
        }
    }

    private static func write(_ value: SpanValue, _ out: inout ProtobufWriter) {
        switch value {
        case .string(let text): out.string(1, text)
        case .bool(let flag): out.varint(2, flag ? 1 : 0)
        case .int(let number): out.varint(3, UInt64(bitPattern: Int64(number)))
        case .double(let number): out.fixed64(4, number.bitPattern)
        case .strings(let texts):
            out.message(5) { list in
                for text in texts { list.message(1) { $0.string(1, text) } }
            }
        }
    }
}

/// Writes the wire format of protobuf: fields with their numbers, messages in messages.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ field: Int, _ value: UInt64) {
        key(field, 0)
        raw(value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        key(field, 1)
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func fixed32(_ field: Int, _ value: UInt32) {
        key(field, 5)
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func string(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

    mutating func bytes(_ field: Int, _ content: [UInt8]) {
        key(field, 2)
        raw(UInt64(content.count))
        bytes += content
    }

    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        bytes(field, inner.bytes)
    }

    private mutating func key(_ field: Int, _ type: UInt64) { raw(UInt64(field) << 3 | type) }

    private mutating func raw(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
