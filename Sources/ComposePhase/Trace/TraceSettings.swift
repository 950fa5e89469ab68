package import Koji

/// What the environment says of traces: `TRACEPARENT` as W3C has it, `OTEL_*` as OpenTelemetry and Pungi have them.
package struct TraceSettings: Sendable, Hashable {
    /// Where spans go.
    package enum Destination: Sendable, Hashable {
        /// A line for each on stderr.
        case console
        case collector(Collector)
    }

    /// A server that takes spans over HTTP.
    package struct Collector: Sendable, Hashable {
        /// The whole URL, with `/v1/traces`.
        package var url: String
        /// What it wants to see; often a secret, so never shown.
        package var headers: [HTTPHeader]
        package var encoding: Encoding
        /// Seconds that one request may take, and that the end of a run waits for the last spans.
        package var timeout: Double
        /// A PEM file of the authorities that are trusted; nil is the system's own.
        package var authorities: String?
    }

    /// The two forms of OTLP over HTTP.
    package enum Encoding: String, Sendable, Hashable {
        case protobuf = "http/protobuf"
        case json = "http/json"

        package var mediaType: String {
            switch self {
            case .protobuf: "application/x-protobuf"
            case .json: "application/json"
            }
        }
    }

    package var destination: Destination
    /// Who says all this: `service.name` and what `OTEL_RESOURCE_ATTRIBUTES` adds.
    package var resource: [String: SpanValue]
    /// The span of the program that started us.
    package var parent: TraceContext?

    /// - Parameters:
    ///   - environment: the value of a variable; empty is as good as unset, as OpenTelemetry says.
    ///   - warn: gets what is wrong, a sentence each. Nothing of it keeps a run from going on.
    /// - Returns: nil where traces are off: nobody named an endpoint or exporter, `OTEL_SDK_DISABLED=true`,
    ///   `OTEL_TRACES_EXPORTER=none`, or a `TRACEPARENT` that is not sampled.
    package static func read(
        _ environment: @escaping (String) -> String?, warn: (String) -> Void
    ) -> TraceSettings? {
        TraceEnvironment(value: environment).settings(warn)
    }
}
