/// How a rehearsal hub behaves. The defaults suit a quick rehearsal of any configuration.
package struct RehearsalSettings: Sendable {
    /// The TCP port on 127.0.0.1; 0 takes a free one.
    package var port = 0
    /// The directory of the file tree (`work/`, `packages/`, `scratch/`); it is made if it is not there.
    package var root: String
    /// All durations and file contents follow from it.
    package var seed: UInt64 = 1
    package var times = TaskTimes()
    /// Which generation of the koji-image-builder plugin the hub has.
    package var plugin = PluginGeneration.v11
    /// Which release of the hub's code is imitated.
    package var generation = HubGeneration.newest
    /// What the hub says its version is, in `getKojiVersion` and in the `Koji-Version` header, instead of what its
    /// generation says.
    package var ownKojiVersion: String?
    package var user = "rehearsal"
    package var password = "rehearsal"
    /// The password of the user `rehearsal-admin`; nil means that nobody can log in as that user.
    package var adminPassword: String?
    /// Further users.
    package var users: [RehearsalUser] = []
    /// What the web server in front of the hub sends as `Rehearsal-Front`, so that its word about tickets and
    /// certificates is believed. Nil: such headers are ignored, and logins are by password only.
    package var frontSecret: String?
    /// Whether one who logs in another may choose the kind of the session (Koji's option `AllowProxyAuthType`).
    package var allowsProxyAuthType = false
    /// Whether ``user`` has the permission `image`.
    package var hasImagePermission = true
    /// Whether the channel `image` takes tasks.
    package var isImageChannelEnabled = true
    /// Targets that are known from the start.
    package var targets: [RehearsalTarget] = []
    /// Whether a target that is not known is made when it is first asked for. With false it is refused as Koji does.
    package var inventsTargets = true
    /// Whether the build tags of invented targets have no repository at first, so that a task waits for one (`waitrepo`).
    package var lacksRepos = false
    /// The arches of the stand-in builders, one builder for each, and of the tags of targets that are invented.
    package var builderArches = ["x86_64", "aarch64", "ppc64le", "s390x", "riscv64"]
    /// The most arch tasks at once, by arch; arches that are not named have no limit. With 0 there is no builder of that
    /// arch, and its tasks stay FREE for ever.
    package var capacity: [String: Int] = [:]
    /// Which tasks fail, and with what; of several rules for one task the first that is not used up counts.
    package var failures: [FailureRule] = []
    /// What goes wrong with requests, counted from the start.
    package var troubles: [TroubleRule] = []
    /// So many calls, from the first on, are answered with fault 1014 (the hub is offline).
    package var offlineCalls = 0
    /// Longer request bodies are refused with HTTP 400; Koji's own default.
    package var maxRequestBytes = 4_194_304
    /// The size of each image file, in bytes. An `.iso` is never smaller than its header.
    package var imageBytes = 20_000
    /// How long a session lives after its login or its last renewal.
    package var sessionLifetime = Duration.seconds(1440 * 60)

    package init(root: String) { self.root = root }

    /// What the hub says its version is.
    package var kojiVersion: String { ownKojiVersion ?? generation.kojiVersion }
}

/// How long tasks stay in each state; the seed picks within each range.
package struct TaskTimes: Sendable {
    /// FREE, before a builder takes the task.
    package var free: ClosedRange<Duration> = .seconds(0)...(.seconds(2))
    /// ASSIGNED, before the builder begins.
    package var assigned: ClosedRange<Duration> = .milliseconds(100)...(.milliseconds(500))
    /// OPEN, an arch task.
    package var build: ClosedRange<Duration> = .seconds(5)...(.seconds(20))
    /// OPEN, a tagging task.
    package var other: ClosedRange<Duration> = .milliseconds(200)...(.seconds(1))
    /// OPEN, a task that waits for a repository.
    package var repo: ClosedRange<Duration> = .milliseconds(200)...(.seconds(1))
    /// OPEN, the parent after its children have ended.
    package var wrapUp: ClosedRange<Duration> = .milliseconds(100)...(.milliseconds(500))

    package init() {}

    /// All states last `duration` each.
    package init(all duration: Duration) {
        free = duration...duration
        assigned = duration...duration
        build = duration...duration
        other = duration...duration
        repo = duration...duration
        wrapUp = duration...duration
    }
}

/// A build target with its tags.
package struct RehearsalTarget: Sendable {
    package var name: String
    package var buildTag: String
    package var destTag: String
    /// The arches of the build tag.
    package var arches: [String]
    /// The package list of the destination tag; nil lists everything.
    package var packages: Set<String>?
    package var blockedPackages: Set<String> = []
    /// Without a repository a task waits for one first (`waitrepo`).
    package var hasRepo = true

    /// The tags are named after the target unless told otherwise.
    package init(
        name: String, buildTag: String? = nil, destTag: String? = nil, arches: [String], packages: Set<String>? = nil
    ) {
        self.name = name
        self.buildTag = buildTag ?? "\(name)-build"
        self.destTag = destTag ?? "\(name)-dest"
        self.arches = arches
        self.packages = packages
    }
}

/// Generations of the hub plugin, told apart by the options that its schema knows.
package enum PluginGeneration: String, Sendable, Hashable, CaseIterable {
    /// v1 to v6.
    case v6
    /// v7 to v10: `seed` came.
    case v7
    /// v11: `preview`, `failable_arches` and `bootc` came.
    case v11
}
