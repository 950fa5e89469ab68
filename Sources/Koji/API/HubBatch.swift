/// Questions of several kinds that go to the hub in one request.
///
///     var batch = HubBatch()
///     let target = batch.add(.buildTarget("f43-image-builder"))
///     let channel = batch.add(.channel("image"))
///     let answers = try await session.ask(batch)
///     let known = try answers[target].get()
package struct HubBatch: Sendable {
    /// Where the answer to one question is found.
    package struct Ticket<Answer: Sendable>: Sendable {
        fileprivate let index: Int
        fileprivate let query: HubQuery<Answer>
    }

    /// What the hub said to a batch. Take it from the batch that gave the ticket.
    package struct Answers: Sendable {
        fileprivate let responses: [XMLRPCResponse]
        fileprivate let url: String

        /// The answer to one question: its own fault or a shape that cannot be read is a failure of it alone.
        package subscript<Answer>(ticket: Ticket<Answer>) -> Result<Answer, KojiFailure> {
            guard responses.indices.contains(ticket.index) else {
                let method = ticket.query.call.method
                return .failure(HubAnswer.failure("\(method) was not asked in this batch", method, url))
            }
            return ticket.query.result(of: responses[ticket.index], url: url)
        }
    }

    private(set) var calls: [XMLRPCCall] = []
    private(set) var isAboutUser = false

    package init() {}

    /// How many questions there are.
    package var count: Int { calls.count }

    /// Puts a question; its answer is found by the ticket.
    package mutating func add<Answer>(_ query: HubQuery<Answer>) -> Ticket<Answer> {
        calls.append(query.call)
        isAboutUser = isAboutUser || query.isAboutUser
        return Ticket(index: calls.count - 1, query: query)
    }
}

extension KojiSession {
    /// Asks all questions of a batch in one request, ``largestBatch`` at a time. An empty batch asks nothing.
    ///
    /// - Throws: ``KojiFailure`` when there was no answer at all; what befalls one question is in the answers.
    package func ask(_ batch: HubBatch) async throws(KojiFailure) -> HubBatch.Answers {
        HubBatch.Answers(
            responses: try await responses(to: batch.calls, isAboutUser: batch.isAboutUser), url: hub.server)
    }
}
