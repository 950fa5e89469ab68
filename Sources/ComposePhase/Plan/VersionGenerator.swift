/// The words that stand for a version or a release in a config, such as `!RELEASE_FROM_DATE_RESPIN`.
enum VersionGenerator: String, CaseIterable {
    case ostreeVersion = "!OSTREE_VERSION_FROM_LABEL_DATE_TYPE_RESPIN"
    case release = "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN"
    case releaseFromDate = "!RELEASE_FROM_DATE_RESPIN"
    case versionDateRespin = "!VERSION_FROM_VERSION_DATE_RESPIN"
    case version = "!VERSION_FROM_VERSION"

    /// The text begins with `!` and is none of the words.
    struct Unknown: Error, Hashable {
        let text: String
    }

    /// The generator that a text names; nil for a text that does not begin with `!` and so stands for itself.
    static func named(_ text: String) throws(Unknown) -> VersionGenerator? {
        guard text.hasPrefix("!") else { return nil }
        guard let generator = VersionGenerator(rawValue: text) else { throw Unknown(text: text) }
        return generator
    }

    /// What the word stands for in a compose.
    func value(in compose: ComposeIdentity) -> String {
        switch self {
        case .ostreeVersion: compose.imageVersion + "." + compose.imageRelease
        case .release: compose.imageRelease
        case .releaseFromDate: "\(compose.date).\(compose.respin)"
        case .versionDateRespin: "\(compose.releaseVersion).\(compose.date).\(compose.respin)"
        case .version: compose.releaseVersion
        }
    }
}
