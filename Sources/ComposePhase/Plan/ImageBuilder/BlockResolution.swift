import ProductMD
import PungiConfig

/// What was decided about a block for one variant, with the reasons: planning sends the values, explaining tells the
/// reasons.
struct BlockResolution: Sendable {
    /// Sorted; never empty.
    let arches: [String]
    let target: Fallback<String>
    let version: ResolvedText
    let release: ResolvedText
    let seed: Fallback<ConfigInteger>
    /// As Pungi sends no seed 0, neither do we.
    let sentSeed: Int?
    let scratch: Fallback<Bool>
    let repos: [ResolvedRepository]
    /// Nil when absent or empty, for these three.
    let blueprint: JSONValue?
    let ostree: JSONValue?
    let bootc: JSONValue?
    /// Built arches that may fail.
    let failable: [String]
}

/// A version or a release, and what it was made of.
struct ResolvedText: Sendable {
    enum Way: Hashable {
        /// As the config has it.
        case written
        /// The config names a generator.
        case generated(VersionGenerator)
        /// The compose's own, because nothing or an empty value is set.
        case compose
        /// Nothing is sent, and the hub takes its next one.
        case absent
    }

    let options: Fallback<String?>
    let way: Way
    let value: String?
}

/// A repository of a task.
struct ResolvedRepository: Sendable {
    enum Source: Hashable {
        case url
        case path
        /// The repository of a variant, which lies at a path of the compose.
        case variant(path: String)
    }

    /// As the block has it; for the variant's own repository the variant's uid, at the block's place.
    let entry: Located<String>
    /// The place in the block's list; nil for the variant's own.
    let index: Int?
    let source: Source
    /// The entry of `translate_paths` that was used.
    let translation: Int?
    /// What is sent.
    let sent: String
}
