/// The value of an attribute.
package enum SpanValue: Sendable, Hashable {
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case strings([String])
}

extension SpanValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Something that took time and is over, as OpenTelemetry has it. A span is sent once, when it has ended.
package struct Span: Sendable, Hashable {
    package var trace: TraceID
    package var id: SpanID
    /// The span that this one is a part of; nil at the top of a trace.
    package var parent: SpanID?
    /// `TRACESTATE` as it came.
    package var state: String?
    package var name: String
    package var kind: Kind
    package var start: Instant
    package var end: Instant
    package var attributes: [String: SpanValue]
    package var events: [Event]
    /// Events that were left out, as there were too many.
    package var droppedEvents: Int
    /// Other traces that this span has to do with.
    package var links: [TraceContext]
    package var status: Status

    /// OpenTelemetry's numbers.
    package enum Kind: Int, Sendable, Hashable {
        /// Work of our own.
        case `internal` = 1
        /// A request to another program.
        case client = 3
    }

    /// Something that happened in the middle of a span.
    package struct Event: Sendable, Hashable {
        package var name: String
        package var time: Instant
        package var attributes: [String: SpanValue]

        package init(_ name: String, at time: Instant, _ attributes: [String: SpanValue] = [:]) {
            self.name = name
            self.time = time
            self.attributes = attributes
        }
    }

    /// How it ended.
    package enum Status: Sendable, Hashable {
        /// Well, as far as one can tell.
        case unset
        case error(String)
    }

    /// More events than these are counted only; OpenTelemetry's usual limit.
    static let mostEvents = 128

    package init(
        trace: TraceID, id: SpanID, parent: SpanID?, state: String? = nil, name: String, kind: Kind = .internal,
        start: Instant, end: Instant? = nil, attributes: [String: SpanValue] = [:], events: [Event] = [],
        links: [TraceContext] = [], status: Status = .unset
    ) {
        self.trace = trace
        self.id = id
        self.parent = parent
        self.state = state
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end ?? start
        self.attributes = attributes
        self.events = events
        droppedEvents = 0
        self.links = links
        self.status = status
    }

    /// Adds an event while there is room.
    mutating func add(_ event: Event) {
        if events.count < Self.mostEvents { events.append(event) } else { droppedEvents += 1 }
    }

    /// The same span, ended. Clocks differ from machine to machine: none ends before it began.
    func ended(at instant: Instant, _ status: Status? = nil) -> Span {
        var span = self
        span.end = max(start, instant)
        if let status { span.status = status }
        return span
    }
}

/// Text as it may leave in a span.
enum SpanText {
    /// Longer text is cut; a blueprint in a request may be large.
    static let longest = 4096

    /// The text without the user and password of URLs in it, and not too long.
    static func clean(_ text: String) -> String {
        let shown = withoutUsers(text)
        guard shown.utf8.count > longest else { return shown }
        return String(shown.prefix(longest)) + "…"
    }

    /// Takes `user:password@` out of every `scheme://user:password@host`.
    private static func withoutUsers(_ text: String) -> String {
        guard text.contains("://"), text.contains("@") else { return text }
        var kept = ""
        var rest = text[...]
        while let slashes = rest.firstRange(of: "://") {
            kept += rest[..<slashes.upperBound]
            rest = rest[slashes.upperBound...]
            let host = rest.prefix { !"/?# \"'\\\n\t,<>".contains($0) }
            if let at = host.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        }
        return kept + rest
    }
}
