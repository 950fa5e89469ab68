/// A question to the hub: the call, and what its answer means.
///
/// The same value is asked alone, ``KojiSession/ask(_:)``, or with others in one request,
/// ``KojiSession/askAll(_:)`` and ``HubBatch``. Asking changes nothing on the hub. The questions stand with the records
/// they give, e.g. `.buildTarget(name)`.
package struct HubQuery<Answer: Sendable>: Sendable {
    /// What is sent.
    package let call: XMLRPCCall
    /// Whether the answer is about the user who asks, so that it must be asked over a session.
    package let isAboutUser: Bool
    /// Takes the answer apart; a failure of kind `badAnswer` names the method and what is missing.
    let decode: @Sendable (HubAnswer) throws(KojiFailure) -> Answer

    init(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        isAboutUser: Bool = false, decode: @escaping @Sendable (HubAnswer) throws(KojiFailure) -> Answer
    ) {
        call = XMLRPCCall(method: method, args: args, keywords: keywords)
        self.isAboutUser = isAboutUser
        self.decode = decode
    }

    /// The meaning of a value that the hub at `url` answered to this question.
    package func answer(of value: XMLRPCValue, url: String) throws(KojiFailure) -> Answer {
        try decode(HubAnswer(value: value, method: call.method, url: url))
    }

    /// The meaning of what an entry of a multiCall was answered.
    func result(of response: XMLRPCResponse, url: String) -> Result<Answer, KojiFailure> {
        switch response {
        case .fault(let fault):
            return .failure(KojiFailure(fault, method: call.method, url: url))
        case .value(let value):
            do throws(KojiFailure) {
                return .success(try answer(of: value, url: url))
            } catch {
                return .failure(error)
            }
        }
    }
}

extension KojiSession {
    /// How many questions go into one request: so many hold a process of the hub for about a tenth of a second.
    package static var largestBatch: Int { 250 }

    /// Asks one question.
    ///
    /// A question about the user logs in first; an anonymous session asks it as nobody.
    ///
    /// - Throws: ``KojiFailure``: the hub's fault, an answer of another shape (`badAnswer`), or what kept it from answering.
    package func ask<Answer>(_ query: HubQuery<Answer>) async throws(KojiFailure) -> Answer {
        if query.isAboutUser { try await login() }
        let (args, keywords) = query.call.arguments
        return try query.answer(of: try await read(query.call.method, args, keywords), url: hub.server)
    }

    /// Asks many questions of one kind in one request, ``largestBatch`` at a time; the answers in the same order.
    ///
    /// A fault of one question, or an answer that cannot be read, is that question's own failure.
    ///
    /// - Throws: ``KojiFailure`` when there was no answer at all.
    package func askAll<Answer>(
        _ queries: [HubQuery<Answer>]
    ) async throws(KojiFailure) -> [Result<Answer, KojiFailure>] {
        let answers = try await responses(
            to: queries.map(\.call), isAboutUser: queries.contains { $0.isAboutUser })
        return zip(queries, answers).map { $0.result(of: $1, url: hub.server) }
    }

    /// What the entries of multiCalls are answered, in the order of `calls`.
    func responses(to calls: [XMLRPCCall], isAboutUser: Bool) async throws(KojiFailure) -> [XMLRPCResponse] {
        if isAboutUser { try await login() }
        var answers: [XMLRPCResponse] = []
        var rest = calls[...]
        while !rest.isEmpty {
            answers += try await readAll(Array(rest.prefix(Self.largestBatch)))
            rest = rest.dropFirst(Self.largestBatch)
        }
        return answers
    }
}
