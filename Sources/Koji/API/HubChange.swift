/// A call that changes something on the hub, and what its answer means.
///
/// It is made alone, ``KojiSession/carryOut(_:)``, or with others of its kind in one request,
/// ``KojiSession/carryOutAll(_:)``. Submits go alone: one lost answer would lose the ids of all.
package struct HubChange<Answer: Sendable>: Sendable {
    /// What is sent.
    package let call: XMLRPCCall
    let decode: @Sendable (HubAnswer) throws(KojiFailure) -> Answer

    init(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        decode: @escaping @Sendable (HubAnswer) throws(KojiFailure) -> Answer
    ) {
        call = XMLRPCCall(method: method, args: args, keywords: keywords)
        self.decode = decode
    }

    /// The meaning of a value that the hub at `url` answered to this call.
    package func answer(of value: XMLRPCValue, url: String) throws(KojiFailure) -> Answer {
        try decode(HubAnswer(value: value, method: call.method, url: url))
    }
}

extension KojiSession {
    /// How many changes go into one request, as the koji program does it.
    package static var largestChange: Int { 100 }

    /// Makes one change, over a session and with a callnum, so that the hub does it once.
    ///
    /// - Throws: ``KojiFailure``; of kind `alreadyDone` or `answerLost` when it may have been done.
    package func carryOut<Answer>(_ change: HubChange<Answer>) async throws(KojiFailure) -> Answer {
        let (args, keywords) = change.call.arguments
        return try change.answer(of: try await write(change.call.method, args, keywords), url: hub.server)
    }

    /// Makes many changes, ``largestChange`` in a request; a refusal of one does not disturb the others.
    ///
    /// - Throws: ``KojiFailure`` when there was no answer to a request; the requests before it were carried out.
    package func carryOutAll<Answer>(
        _ changes: [HubChange<Answer>]
    ) async throws(KojiFailure) -> [Result<Answer, KojiFailure>] {
        var results: [Result<Answer, KojiFailure>] = []
        var rest = changes[...]
        while !rest.isEmpty {
            let slice = rest.prefix(Self.largestChange)
            rest = rest.dropFirst(Self.largestChange)
            for (change, response) in zip(slice, try await writeAll(slice.map(\.call))) {
                do throws(KojiFailure) {
                    let value = try value(of: response, change.call.method)
                    results.append(.success(try change.answer(of: value, url: hub.server)))
                } catch {
                    results.append(.failure(error))
                }
            }
        }
        return results
    }

    /// The value of a multiCall's entry, or its fault thrown.
    func value(of response: XMLRPCResponse, _ method: String) throws(KojiFailure) -> XMLRPCValue {
        switch response {
        case .value(let value): return value
        case .fault(let fault): throw KojiFailure(fault, method: method, url: hub.server)
        }
    }
}
