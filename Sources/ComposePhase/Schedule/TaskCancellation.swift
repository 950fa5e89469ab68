package import Koji

/// Cancels tasks and looks whether they are.
package struct TaskCancellation: Sendable {
    private let session: KojiSession

    package init(session: KojiSession) { self.session = session }

    /// Cancels those that are not final; for each that may still be running it says why.
    ///
    /// The hub answers nil for a task that had ended, too: what counts is what it is afterwards.
    ///
    /// - Throws: when the hub cannot be asked at all.
    package func cancel(_ ids: [TaskID]) async throws(KojiFailure) -> [TaskID: String] {
        let running = try await unfinished(ids)
        guard !running.isEmpty else { return [:] }
        var failures = try await session.cancel(running).mapValues(\.text)
        let left = Set(try await unfinished(running))
        for id in running where failures[id] == nil && left.contains(id) { failures[id] = "it is not canceled yet" }
        return failures.filter { left.contains($0.key) }
    }

    private func unfinished(_ ids: [TaskID]) async throws(KojiFailure) -> [TaskID] {
        var unfinished: [TaskID] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(500))
            let infos = try await session.taskRound(infoFor: slice, childrenOf: []).infos
            unfinished += slice.filter { infos[$0].map { !$0.state.isFinal } ?? false }
            rest = rest.dropFirst(500)
        }
        return unfinished
    }
}
