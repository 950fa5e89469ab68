package import Koji

/// What a hub said to the questions of a preflight. What is nil, or missing from a mapping, was not learnt, unless it
/// says otherwise.
package struct HubFacts: Sendable, Hashable {
    /// An answer, or in words why there is none.
    package enum Answer<Value: Sendable & Hashable>: Sendable, Hashable {
        case known(Value)
        case unknown(String)

        /// nil when there is no answer.
        package var value: Value? { if case .known(let value) = self { value } else { nil } }
    }

    struct Builders: Sendable, Hashable {
        /// Enabled in the channel.
        var enabled: Int
        /// Of those, the ones that have spoken lately and take work.
        var ready: Int
    }

    struct BuildTag: Sendable, Hashable {
        var arches: Set<String>
        /// The tag's `mock.new_chroot`; nil if it is not set.
        var newChroot: Bool?
        /// The packages of the group `image-builder-build`; nil if the tag has no such group.
        var group: Set<String>?
        /// Whether a repository of the tag is ready.
        var hasRepository: Bool
    }

    enum Listing: Sendable, Hashable {
        case listed, blocked, missing
    }

    struct Target: Sendable, Hashable {
        var buildTag: String
        var destTag: String
        var tag: Answer<BuildTag>
        /// By name of the package.
        var packages: [String: Answer<Listing>] = [:]
    }

    enum NextRelease: Sendable, Hashable {
        /// The build with the plan's release; nil if there is none.
        case build(BuildState?)
        /// The release that the hub would take now.
        case next(String)
        /// The hub's word on why it can take none.
        case none(String)
    }

    /// `getKojiVersion`.
    var version: Answer<String> = .unknown("not asked")
    var methods: Answer<Set<String>> = .unknown("not asked")
    /// Who is logged in; nil for an anonymous session.
    package var user: Answer<KojiUser?> = .unknown("not asked")
    /// Whether the user may submit: permission `image` or `admin`.
    var mayBuild: Answer<Bool> = .unknown("not asked")
    /// Which of the plan's options the plugin does not take.
    package var unknownOptions: Answer<Set<String>> = .unknown("not asked")
    /// Whether the channel takes tasks; nil if there is no such channel.
    var channelIsEnabled: Answer<Bool?> = .unknown("not asked")
    /// By arch.
    var builders: [String: Answer<Builders>] = [:]
    /// By name; nil is a target that the hub does not know.
    var targets: [String: Answer<Target?>] = [:]
    /// By task.
    var releases: [ImageTaskID: Answer<NextRelease>] = [:]
    /// The newest build of a package that a build tag would install: by tag, then by package; nil if none is tagged.
    var toolchain: [String: [String: Answer<String?>]] = [:]

    package init() {}

    /// Whether the hub says that it builds nothing.
    package var isRehearsal: Bool { methods.value?.contains(KojiSession.rehearsalMark) ?? false }
}
