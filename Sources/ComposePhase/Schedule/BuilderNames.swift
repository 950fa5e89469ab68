import Koji

/// The names of builders: tasks name them by number, and a number is asked for once.
actor BuilderNames {
    private let session: KojiSession
    private var names: [Int: String] = [:]

    init(session: KojiSession) { self.session = session }

    /// The names of these; a builder whose name cannot be had is left out.
    func names(of ids: Set<Int>) async -> [Int: String] {
        let unknown = ids.filter { names[$0] == nil }.sorted()
        if !unknown.isEmpty, let answers = try? await session.askAll(unknown.map { HubQuery<HostInfo?>.host($0) }) {
            for (id, answer) in zip(unknown, answers) {
                if case .success(let host?) = answer { names[id] = host.name }
            }
        }
        return names.filter { ids.contains($0.key) }
    }
}
