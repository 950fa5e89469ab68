import Koji

/// The variables that say of traces, read one by one.
struct TraceEnvironment {
    /// The value of a variable.
    let value: (String) -> String?

    /// What OpenTelemetry's own programs use where nothing else is said.
    private static let usualEndpoint = "http://localhost:4318"
    private static let usualTimeout = 10.0

    /// Empty is unset.
    private subscript(name: String) -> String? {
        guard let text = value(name)?.trimmedOfSpaces, !text.isEmpty else { return nil }
        return text
    }

    /// The variable for traces alone, else the one for everything.
    private func exporter(_ name: String) -> (name: String, text: String)? {
        for name in ["OTEL_EXPORTER_OTLP_TRACES_\(name)", "OTEL_EXPORTER_OTLP_\(name)"] {
            if let text = self[name] { return (name, text) }
        }
        return nil
    }

    func settings(_ warn: (String) -> Void) -> TraceSettings? {
        guard self["OTEL_SDK_DISABLED"]?.lowercased() != "true" else { return nil }
        guard let place = place(warn) else { return nil }
        let parent = parent(warn)
        // Who began the trace does not want it to be recorded.
        if let parent, !parent.isSampled { return nil }
        guard let destination = destination(place, warn) else { return nil }
        return TraceSettings(destination: destination, resource: resource(warn), parent: parent)
    }

    // MARK: Where to

    private enum Place {
        case console
        case endpoint(String)
    }

    /// Nil where nobody wants traces.
    private func place(_ warn: (String) -> Void) -> Place? {
        let exporter = self["OTEL_TRACES_EXPORTER"]
        switch exporter {
        case "none"?: return nil
        case "console"?: return .console
        case "otlp"?, nil: break
        case let other?:
            warn(
                "OTEL_TRACES_EXPORTER=\(TraceEnvironment.shown(other)) is none that we have (otlp, console, none);"
                    + " no traces are sent")
            return nil
        }
        if let whole = self["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
            return whole == "console" ? .console : .endpoint(whole)
        }
        if let base = self["OTEL_EXPORTER_OTLP_ENDPOINT"] {
            // Pungi's way to look at spans without a collector.
            return base == "console" ? .console : .endpoint(Self.tracesURL(below: base))
        }
        return exporter == nil ? nil : .endpoint(Self.tracesURL(below: Self.usualEndpoint))
    }

    private static func tracesURL(below base: String) -> String {
        base + (base.hasSuffix("/") ? "v1/traces" : "/v1/traces")
    }

    private func destination(_ place: Place, _ warn: (String) -> Void) -> TraceSettings.Destination? {
        guard case .endpoint(let url) = place else { return .console }
        let lower = url.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
            warn(
                "the endpoint for traces is \(ShownURL.text(url)), and not an http or https URL (nor console);"
                    + " no traces are sent")
            return nil
        }
        for name in ["CLIENT_CERTIFICATE", "CLIENT_KEY", "COMPRESSION"] {
            if let given = exporter(name), given.text != "none" {
                warn("\(given.name) is not read: spans are sent uncompressed and without a client's certificate")
            }
        }
        return .collector(
            .init(
                url: url, headers: headers(warn), encoding: encoding(url, warn), timeout: timeout(warn),
                authorities: exporter("CERTIFICATE")?.text))
    }

    private func encoding(_ url: String, _ warn: (String) -> Void) -> TraceSettings.Encoding {
        guard let given = exporter("PROTOCOL") else { return .protobuf }
        if let encoding = TraceSettings.Encoding(rawValue: given.text) { return encoding }
        warn(
            "\(given.name)=\(Self.shown(given.text)) is not offered: spans are sent as http/protobuf to"
                + " \(ShownURL.text(url)); http/json is the other choice")
        return .protobuf
    }

    private func timeout(_ warn: (String) -> Void) -> Double {
        guard let given = exporter("TIMEOUT") else { return Self.usualTimeout }
        guard let milliseconds = Int(given.text), (1...600_000).contains(milliseconds) else {
            warn(
                "\(given.name)=\(Self.shown(given.text)) is not a number of milliseconds from 1 to 600000;"
                    + " it is taken as 10000")
            return Self.usualTimeout
        }
        return Double(milliseconds) / 1000
    }

    private func headers(_ warn: (String) -> Void) -> [HTTPHeader] {
        guard let given = exporter("HEADERS") else { return [] }
        guard let pairs = Self.pairs(given.text), pairs.allSatisfy({ Self.isHeader($0.name, $0.value) }) else {
            // Its text may be a password.
            warn("\(given.name) is not a list of name=value, separated by commas; no header of it is sent")
            return []
        }
        return pairs.map { HTTPHeader($0.name, $0.value) }
    }

    private static func isHeader(_ name: String, _ value: String) -> Bool {
        name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    // MARK: Who

    private func resource(_ warn: (String) -> Void) -> [String: SpanValue] {
        var resource: [String: SpanValue] = ["service.name": "phase-runner"]
        if let text = self["OTEL_RESOURCE_ATTRIBUTES"] {
            if let pairs = Self.pairs(text) {
                for pair in pairs { resource[pair.name] = .string(pair.value) }
            } else {
                warn(
                    "OTEL_RESOURCE_ATTRIBUTES is not a list of name=value, separated by commas, with other signs as"
                        + " %XX; it is left out")
            }
        }
        if let name = self["OTEL_SERVICE_NAME"] { resource["service.name"] = .string(name) }
        return resource
    }

    private func parent(_ warn: (String) -> Void) -> TraceContext? {
        guard let text = self["TRACEPARENT"] else { return nil }
        var state = self["TRACESTATE"]
        if let given = state, given.utf8.count > 512 || !given.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            warn("TRACESTATE is not what W3C Trace Context has; it is left out")
            state = nil
        }
        guard let parent = TraceContext(traceParent: text, state: state) else {
            warn(
                "TRACEPARENT=\(Self.shown(text)) is not what W3C Trace Context has (00-TRACE-SPAN-FLAGS); the run begins"
                    + " a trace of its own")
            return nil
        }
        return parent
    }

    // MARK: Words

    /// `name=value,name=value` with `%XX` in the values; nil where it is not that.
    static func pairs(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 1, String(item).trimmedOfSpaces.isEmpty { continue }
            guard parts.count == 2, let value = decoded(String(parts[1]).trimmedOfSpaces) else { return nil }
            let name = String(parts[0]).trimmedOfSpaces
            guard !name.isEmpty else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A word of the environment in a message.
    private static func shown(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(80) {
            kept.append((0x20...0x7E).contains(scalar.value) ? scalar : "?")
        }
        return String(kept)
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmedOfSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let head = drop(while: isSpace)
        guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(head[...last])
    }
}
