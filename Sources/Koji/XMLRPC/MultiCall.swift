/// Many calls in one request: Koji's `multiCall`.
package enum MultiCall {
    /// One call that carries `calls`. Keyword arguments go with each entry.
    package static func call(_ calls: [XMLRPCCall]) -> XMLRPCCall {
        let entries = calls.map { call in
            XMLRPCValue.object(["methodName": .string(call.method), "params": .array(call.params)])
        }
        return XMLRPCCall(method: "multiCall", params: [.array(entries)])
    }

    /// The answers to the `count` entries, in order, from the value of a multiCall.
    ///
    /// An array of one is a value; a struct with `faultCode` is that entry's fault, and the others are not disturbed.
    package static func results(_ value: XMLRPCValue, count: Int) throws(XMLRPCFailure) -> [XMLRPCResponse] {
        guard case .array(let entries) = value, entries.count == count else {
            throw XMLRPCFailure(kind: .malformed, message: "the multiCall's answer is not a list of \(count) results")
        }
        var results: [XMLRPCResponse] = []
        results.reserveCapacity(count)
        for (index, entry) in entries.enumerated() {
            if case .array(let values) = entry, let value = values.first, values.count == 1 {
                results.append(.value(value))
            } else if let fault = XMLRPCFault(entry) {
                results.append(.fault(fault))
            } else {
                throw XMLRPCFailure(
                    kind: .malformed, message: "result \(index) of the multiCall is neither a list of one nor a fault")
            }
        }
        return results
    }
}
