/// Canceling tasks.
extension KojiSession {
    /// Cancels tasks with their children, 100 in a request; a foreign or unknown one does not disturb the others.
    ///
    /// - Returns: the hub's refusal for each task that it did not take. A task that had ended already is no refusal: look
    ///   again to see what came of it.
    package func cancel(_ ids: [TaskID]) async throws(KojiFailure) -> [TaskID: XMLRPCFault] {
        var refusals: [TaskID: XMLRPCFault] = [:]
        var rest = ids[...]
        while !rest.isEmpty {
            let slice = rest.prefix(100)
            rest = rest.dropFirst(100)
            let answers = try await writeAll(slice.map { XMLRPCCall(method: "cancelTask", args: [Self.number($0)]) })
            for (id, answer) in zip(slice, answers) {
                if case .fault(let fault) = answer { refusals[id] = fault }
            }
        }
        return refusals
    }
}
