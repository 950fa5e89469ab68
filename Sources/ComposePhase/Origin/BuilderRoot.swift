package import Koji

/// The buildroot that an arch task ran in.
package struct BuilderRoot: Sendable, Hashable {
    package var id: Int
    package var host: String?
    /// The build tag that it was filled from, and the repo of it.
    package var tag: String?
    package var repo: Int?
    /// When it was made, in seconds since 1970 by the hub's clock: soon before image-builder looked at repositories.
    package var created: Double?
    /// NVR by name of the packages that were asked for; empty when they could not be told.
    package var toolchain: [String: String]

    package init(
        id: Int, host: String? = nil, tag: String? = nil, repo: Int? = nil, created: Double? = nil,
        toolchain: [String: String] = [:]
    ) {
        self.id = id
        self.host = host
        self.tag = tag
        self.repo = repo
        self.created = created
        self.toolchain = toolchain
    }
}

/// What was installed where arch tasks ran. `KojiBuildroots` asks a real hub.
package protocol BuildrootSource: Sendable {
    /// - Returns: the buildroots by arch task, and in words what kept others from being told.
    func roots(
        of tasks: [TaskID], keeping names: ToolchainNames
    ) async -> (roots: [TaskID: BuilderRoot], troubles: [String])
}

/// Asks a hub: one request for the buildroots of all arch tasks, and one for what is in them; the latter again for
/// every thousand packages that a buildroot has. Real ones have some hundred.
package struct KojiBuildroots: BuildrootSource {
    private let session: KojiSession
    private let part: Int

    /// How many answers about one buildroot are asked for: nothing that a hub says makes this endless.
    private static let mostParts = 10

    /// - Parameter part: packages in one answer.
    package init(session: KojiSession, part: Int = 1000) {
        self.session = session
        self.part = part
    }

    package func roots(
        of tasks: [TaskID], keeping names: ToolchainNames
    ) async -> (roots: [TaskID: BuilderRoot], troubles: [String]) {
        var roots: [TaskID: BuilderRoot] = [:]
        var troubles: [String] = []
        do throws(KojiFailure) {
            for (task, answer) in zip(tasks, try await session.askAll(tasks.map { .buildroots(of: $0) })) {
                switch answer {
                case .success(let found): roots[task] = Self.root(found)
                case .failure(let failure): troubles.append(failure.message)
                }
            }
            try await fill(&roots, names, &troubles)
        } catch {
            troubles.append(error.message)
        }
        return (roots, troubles)
    }

    private func fill(
        _ roots: inout [TaskID: BuilderRoot], _ names: ToolchainNames, _ troubles: inout [String]
    ) async throws(KojiFailure) {
        var open = roots.map { (task: $0.key, buildroot: $0.value.id) }.sorted { $0.task < $1.task }
        for number in 0..<Self.mostParts where !open.isEmpty {
            let answers = try await session.askAll(
                open.map { .installedRPMs(buildroot: $0.buildroot, limit: part, offset: number * part) })
            var unfinished: [(task: TaskID, buildroot: Int)] = []
            for (asked, answer) in zip(open, answers) {
                switch answer {
                case .success(let packages):
                    for package in packages where names.contains(package.name) {
                        roots[asked.task]?.toolchain[package.name] = package.nvr
                    }
                    if packages.count >= part { unfinished.append(asked) }
                case .failure(let failure): troubles.append(failure.message)
                }
            }
            open = unfinished
        }
    }

    /// A task that was restarted has several; the last made the image.
    static func root(_ found: [BuildrootInfo]) -> BuilderRoot? {
        found.max { $0.id < $1.id }.map { info in
            BuilderRoot(id: info.id, host: info.host, tag: info.tag, repo: info.repo, created: info.created)
        }
    }
}
