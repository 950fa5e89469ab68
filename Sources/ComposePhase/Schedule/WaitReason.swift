/// Why an image is not being built yet.
package enum WaitReason: Sendable, Hashable {
    /// A limit of ours: which one, and its value.
    case ourLimit(String, Int)
    /// It failed and is done again later.
    case backOff(until: Instant, attempt: Int)
    /// No enabled builder of the channel has this arch.
    case noBuilder(arch: String)
    /// Every builder of this arch is busy.
    case channelFull(arch: String)
    /// The build tag has no repository yet; the hub's `waitrepo` task waits for it.
    case noRepository(tag: String)
    /// Free builders are there; the hub has not given the task to one yet.
    case queued

    /// The reason in a few words.
    package func sentence(at now: Instant) -> String {
        switch self {
        case .ourLimit(let name, let value): "our limit: \(name) \(value)"
        case .backOff(let until, let attempt): "try \(attempt) in \(Int(max(0, (until - now).rounded(.up)))) s"
        case .noBuilder(let arch): "no builder for \(arch)"
        case .channelFull(let arch): "all \(arch) builders busy"
        case .noRepository(let tag): "waits for a repo of \(tag)"
        case .queued: "waits for a builder"
        }
    }
}
