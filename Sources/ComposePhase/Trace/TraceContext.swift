import ProductMD

/// The number of a trace: 16 bytes as 32 hexadecimal digits, not all of them 0 (W3C Trace Context).
package struct TraceID: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// Nil for what is not 32 lower-case hexadecimal digits, or all 0.
    package init?(_ text: some StringProtocol) {
        guard TraceDigits.areNumber(text, count: 32) else { return nil }
        self.text = String(text)
    }

    /// A new trace.
    package init(using generator: inout some RandomNumberGenerator) {
        // Two halves, of which the second is not 0.
        text = TraceDigits.text(generator.next()) + TraceDigits.text(UInt64.random(in: 1 ... .max, using: &generator))
    }

    package var description: String { text }
}

/// The number of a span: 8 bytes as 16 hexadecimal digits, not all of them 0 (W3C Trace Context).
package struct SpanID: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// Nil for what is not 16 lower-case hexadecimal digits, or all 0.
    package init?(_ text: some StringProtocol) {
        guard TraceDigits.areNumber(text, count: 16) else { return nil }
        self.text = String(text)
    }

    /// A number that nothing else has.
    package init(using generator: inout some RandomNumberGenerator) {
        text = TraceDigits.text(UInt64.random(in: 1 ... .max, using: &generator))
    }

    /// The number of what `name` says, in one trace: every process that works on a run gives the same.
    package init(of name: String, in trace: TraceID) {
        let digest = RunningDigest(["sha256"])
        Array("\(trace.text) \(name)".utf8).withUnsafeBytes { digest.update($0) }
        let text = digest.finish()["sha256"]?.prefix(16) ?? ""
        // One in 2^64 is all 0, and is then the number 1.
        self.text = TraceDigits.areNumber(text, count: 16) ? String(text) : "0000000000000001"
    }

    package var description: String { text }
}

/// Where in a trace somebody is: what `TRACEPARENT` and `TRACESTATE` carry from process to process.
package struct TraceContext: Sendable, Hashable {
    package var trace: TraceID
    package var span: SpanID
    /// Whether the one who began the trace wants it to be recorded.
    package var isSampled: Bool
    /// What other tracing systems hand on, as it came.
    package var state: String?

    package init(trace: TraceID, span: SpanID, isSampled: Bool = true, state: String? = nil) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads `TRACEPARENT`, e.g. `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`. Of versions after 00 the parts
    /// that are known are read, as W3C Trace Context demands.
    package init?(traceParent text: String, state: String? = nil) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, TraceDigits.areDigits(parts[0], count: 2), parts[0] != "ff",
            parts[0] != "00" || parts.count == 4, let trace = TraceID(parts[1]), let span = SpanID(parts[2]),
            TraceDigits.areDigits(parts[3], count: 2), let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(trace: trace, span: span, isSampled: flags & 1 == 1, state: state)
    }

    /// The value of `TRACEPARENT` for a child.
    package var traceParent: String { "00-\(trace)-\(span)-\(isSampled ? "01" : "00")" }
}

/// Which trace a run belongs to, as its record keeps it: whoever takes the run up goes on with the same trace.
package struct TraceOrigin: Sendable, Hashable {
    package var trace: TraceID
    /// The span of another program that the run was begun in; nil where the trace begins with the run.
    package var parent: SpanID?
    /// `TRACESTATE` as it came.
    package var state: String?

    package init(trace: TraceID, parent: SpanID? = nil, state: String? = nil) {
        self.trace = trace
        self.parent = parent
        self.state = state
    }

    /// As `run.json` has it; nil for anything else.
    init?(json: JSONValue) {
        guard let trace = json["id"]?.string.flatMap({ TraceID($0) }) else { return nil }
        self.init(
            trace: trace, parent: json["parent"]?.string.flatMap { SpanID($0) }, state: json["state"]?.string)
    }

    var json: JSONValue {
        [
            "id": .string(trace.text), "parent": parent.map { .string($0.text) } ?? .null,
            "state": state.map { .string($0) } ?? .null,
        ]
    }
}

/// Hexadecimal digits as W3C Trace Context writes them: lower case.
enum TraceDigits {
    static func areDigits(_ text: some StringProtocol, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    static func areNumber(_ text: some StringProtocol, count: Int) -> Bool {
        areDigits(text, count: count) && text.utf8.contains { $0 != 0x30 }
    }

    static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The bytes of an even number of digits.
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value = digit < 0x3A ? digit - 0x30 : digit - 0x57
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
