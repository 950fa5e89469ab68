/// A call of one of the hub's methods.
package struct XMLRPCCall: Sendable, Hashable {
    package var method: String
    /// The parameters as on the wire: keywords, if any, are the last one.
    package var params: [XMLRPCValue]

    /// The member that marks the last parameter as keyword arguments: Koji's own convention.
    private static let marker = "__starstar"

    /// A call with the parameters as on the wire.
    package init(method: String, params: [XMLRPCValue]) {
        self.method = method
        self.params = params
    }

    /// A call with positional and keyword arguments. Keywords become a last struct that is marked with `__starstar`;
    /// without keywords there is no such struct.
    package init(method: String, args: [XMLRPCValue], keywords: [String: XMLRPCValue] = [:]) {
        var params = args
        if !keywords.isEmpty {
            params.append(.object(keywords.merging([Self.marker: .bool(true)]) { $1 }))
        }
        self.init(method: method, params: params)
    }

    /// The arguments as the hub sees them: a last struct whose `__starstar` is true gives the keywords.
    package var arguments: (positional: [XMLRPCValue], keywords: [String: XMLRPCValue]) {
        guard case .object(var members)? = params.last, members[Self.marker]?.isTrue == true else {
            return (params, [:])
        }
        members[Self.marker] = nil
        return (Array(params.dropLast()), members)
    }

    /// The `methodCall` document.
    package func encoded() throws(XMLRPCFailure) -> [UInt8] {
        var encoder = XMLRPCEncoder(root: "methodCall")
        try encoder.text(method, in: "methodName")
        encoder.start("params")
        for (index, param) in params.enumerated() {
            encoder.start("param")
            try encoder.value(param, at: .param(index))
            encoder.end()
        }
        return encoder.finish()
    }

    /// Reads a `methodCall` document. A call without `<params>` has no parameters.
    package static func decode(
        _ bytes: [UInt8], limits: XMLRPCLimits = .standard
    ) throws(XMLRPCFailure) -> XMLRPCCall {
        var decoder = try XMLRPCDecoder(bytes, limits: limits)
        try decoder.root("methodCall")
        try decoder.start("methodName")
        let method = try decoder.text(upTo: "methodName")
        var params: [XMLRPCValue] = []
        if let list = try decoder.startIfAny(in: "methodCall") {
            try decoder.expect(list, is: "params")
            while let param = try decoder.startIfAny(in: "params") {
                try decoder.expect(param, is: "param")
                params.append(try decoder.value())
                try decoder.end("param")
            }
            try decoder.end("methodCall")
        }
        try decoder.finish()
        return XMLRPCCall(method: method, params: params)
    }
}
