/// What kind of trouble made a task fail. The classes are those of `failure-rules.yaml`.
package enum CauseClass: String, Sendable, Hashable, CaseIterable {
    /// The builder or its buildroot: loop devices, mock, memory, disk.
    case builder
    /// Names, connections and servers that a builder needs.
    case network
    /// A repository that is not there yet, or changes while it is read.
    case repository
    /// The hub or its database.
    case hub
    /// What is built: packages, signatures, blueprints, sizes.
    case content
    /// What was asked for: targets, tags, arches, releases, image types.
    case config
    /// No rule knows it.
    case unknown

    /// Whether the trouble may pass, so that another try is worth it.
    package var isTransient: Bool {
        switch self {
        case .builder, .network, .repository, .hub: true
        case .content, .config, .unknown: false
        }
    }

    /// The class in words, as a message says it.
    package var words: String {
        switch self {
        case .builder: "trouble on the builder"
        case .network: "trouble with the network"
        case .repository: "a repository that was not ready"
        case .hub: "trouble on the hub"
        case .content: "an error in the content"
        case .config: "an error in the configuration"
        case .unknown: "no known cause"
        }
    }
}
