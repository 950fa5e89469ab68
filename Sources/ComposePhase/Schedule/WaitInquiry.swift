import Koji

/// Asks a hub why tasks wait that no builder has taken: who could take them, and whether those are busy.
struct WaitInquiry: Sendable {
    let session: KojiSession
    /// The channel of image builds.
    private static let channel = "image"

    /// Two requests for all of them: the builders of the channel, and the children of parents that run without arch tasks.
    func reasons(for waiting: [WaitingTask]) async throws -> [ImageTaskID: WaitReason] {
        let hosts = try await session.ask(.hosts(channel: Self.channel, arches: nil))
        let parents = waiting.filter { !$0.isParent }
        var repoWaits: [ImageTaskID: String] = [:]
        let children = try await session.askAll(
            parents.map { HubQuery<[TaskInfo]>.children(of: $0.hubTask) })
        for (task, answer) in zip(parents, children) {
            guard case .success(let children) = answer else { continue }
            if children.contains(where: { $0.method == "waitrepo" && !$0.state.isFinal }) {
                repoWaits[task.id] = "the build tag of \(task.target)"
            }
        }
        var reasons: [ImageTaskID: WaitReason] = [:]
        for task in waiting {
            if let tag = repoWaits[task.id] {
                reasons[task.id] = .noRepository(tag: tag)
            } else {
                // The parent itself needs any builder of the channel; its arch tasks need one of their arch.
                reasons[task.id] = Self.reason(arches: task.arches, hosts)
            }
        }
        return reasons
    }

    /// The first arch that nobody builds, else the first whose builders are all busy.
    static func reason(arches: [String], _ hosts: [HostInfo]) -> WaitReason {
        func builders(_ arch: String) -> [HostInfo] { hosts.filter { $0.arches.contains(arch) } }
        if let arch = arches.first(where: { builders($0).isEmpty }) { return .noBuilder(arch: arch) }
        if let arch = arches.first(where: { builders($0).allSatisfy { !$0.isReady } }) {
            return .channelFull(arch: arch)
        }
        return .queued
    }
}
