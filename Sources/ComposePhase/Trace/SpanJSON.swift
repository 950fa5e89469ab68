package import ProductMD

/// OTLP in JSON: the message that a collector takes at `/v1/traces`.
///
/// As the protocol says: numbers of traces and spans in hexadecimal, 64-bit numbers as strings, names in camel case.
package enum SpanJSON {
    /// The whole message for a batch of spans of one process.
    package static func message(_ spans: [Span], resource: [String: SpanValue], version: String) -> JSONValue {
        let scope: JSONValue = ["name": "phase-runner", "version": .string(version)]
        let scopeSpans: JSONValue = ["scope": scope, "spans": .array(spans.map(json))]
        let sender: JSONValue = [
            "resource": ["attributes": attributes(resource)], "scopeSpans": .array([scopeSpans]),
        ]
        return ["resourceSpans": .array([sender])]
    }

    /// One span.
    package static func json(_ span: Span) -> JSONValue {
        var members: [String: JSONValue] = [
            "traceId": .string(span.trace.text), "spanId": .string(span.id.text), "name": .string(span.name),
            "kind": .int(span.kind.rawValue), "startTimeUnixNano": .string(String(nanoseconds(span.start))),
            "endTimeUnixNano": .string(String(nanoseconds(span.end))), "attributes": attributes(span.attributes),
            "status": status(span.status), "flags": 1,
        ]
        if let parent = span.parent { members["parentSpanId"] = .string(parent.text) }
        if let state = span.state { members["traceState"] = .string(state) }
        if !span.events.isEmpty { members["events"] = .array(span.events.map(event)) }
        if span.droppedEvents > 0 { members["droppedEventsCount"] = .int(span.droppedEvents) }
        if !span.links.isEmpty { members["links"] = .array(span.links.map(link)) }
        return .object(members)
    }

    /// Nanoseconds since 1970, as OTLP has times.
    static func nanoseconds(_ instant: Instant) -> UInt64 {
        // In two parts: a double does not hold so many digits.
        let whole = instant.seconds.rounded(.down)
        guard whole >= 0, whole < 18_000_000_000 else { return 0 }
        return UInt64(whole) * 1_000_000_000 + UInt64((instant.seconds - whole) * 1e9)
    }

    private static func event(_ event: Span.Event) -> JSONValue {
        [
            "name": .string(event.name), "timeUnixNano": .string(String(nanoseconds(event.time))),
            "attributes": attributes(event.attributes),
        ]
    }

    private static func link(_ context: TraceContext) -> JSONValue {
        var members: [String: JSONValue] = [
            "traceId": .string(context.trace.text), "spanId": .string(context.span.text),
        ]
        if let state = context.state { members["traceState"] = .string(state) }
        return .object(members)
    }

    private static func status(_ status: Span.Status) -> JSONValue {
        switch status {
        case .unset: [:]
        case .error(let message): ["code": 2, "message": .string(message)]
        }
    }

    private static func attributes(_ attributes: [String: SpanValue]) -> JSONValue {
        .array(
            attributes.sorted { $0.key < $1.key }.map { ["key": .string($0.key), "value": value($0.value)] })
    }

    private static func value(_ value: SpanValue) -> JSONValue {
        switch value {
        case .string(let text): ["stringValue": .string(text)]
        case .int(let number): ["intValue": .string(String(number))]
        case .double(let number): ["doubleValue": .double(number)]
        case .bool(let flag): ["boolValue": .bool(flag)]
        case .strings(let texts):
            ["arrayValue": ["values": .array(texts.map { ["stringValue": .string($0)] })]]
        }
    }
}
