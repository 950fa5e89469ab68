/// What the hub answered: a value, or a refusal. Both come with HTTP status 200.
package enum XMLRPCResponse: Sendable, Hashable {
    case value(XMLRPCValue)
    case fault(XMLRPCFault)

    /// The value, or the fault thrown.
    package func get() throws(XMLRPCFault) -> XMLRPCValue {
        switch self {
        case .value(let value): return value
        case .fault(let fault): throw fault
        }
    }

    /// The `methodResponse` document.
    package func encoded() throws(XMLRPCFailure) -> [UInt8] {
        var encoder = XMLRPCEncoder(root: "methodResponse")
        switch self {
        case .value(let value):
            encoder.start("params")
            encoder.start("param")
            try encoder.value(value, at: .value)
        case .fault(let fault):
            encoder.start("fault")
            try encoder.value(fault.value, at: .fault)
        }
        return encoder.finish()
    }

    /// Reads a `methodResponse` document, which holds exactly one value or a fault.
    package static func decode(
        _ bytes: [UInt8], limits: XMLRPCLimits = .standard
    ) throws(XMLRPCFailure) -> XMLRPCResponse {
        var decoder = try XMLRPCDecoder(bytes, limits: limits)
        try decoder.root("methodResponse")
        let response: XMLRPCResponse
        switch try decoder.startIfAny(in: "methodResponse") {
        case "params":
            try decoder.start("param")
            response = .value(try decoder.value())
            try decoder.end("param")
            try decoder.end("params")
        case "fault":
            guard let fault = XMLRPCFault(try decoder.value()) else {
                throw decoder.failure("the fault has no integer faultCode or no faultString of text")
            }
            response = .fault(fault)
            try decoder.end("fault")
        case let other:
            throw decoder.failure(
                other.map { "<\($0)> where <params> or <fault> must stand" }
                    ?? "the answer holds neither value nor fault")
        }
        try decoder.end("methodResponse")
        try decoder.finish()
        return response
    }
}
