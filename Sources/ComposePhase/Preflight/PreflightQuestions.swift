import ProductMD
package import PungiConfig

/// What there is to ask before a plan is submitted: each thing once, with the tasks that need it.
package struct PreflightQuestions: Sendable, Hashable {
    /// A build target, and what the plan wants of it.
    struct Target: Sendable, Hashable {
        var arches: Set<String> = []
        /// Names that must be packages of its destination tag: builds that are neither scratch nor untagged.
        var packages: Set<String> = []
        var tasks: [ImageTaskID] = []
    }

    /// A build that the plan will make.
    struct Release: Sendable, Hashable {
        let name: String
        let version: String
        /// nil lets the hub take its next one.
        let release: String?
        let task: ImageTaskID
    }

    /// A package repository as a builder will ask for it.
    struct Repository: Sendable, Hashable {
        var tasks: [ImageTaskID] = []
        /// Made by this very compose, so it need not be there yet.
        let isOwn: Bool
    }

    /// What an image takes from an ostree repository.
    struct OSTree: Sendable, Hashable {
        /// Refs that must be there.
        var refs: Set<String> = []
        var tasks: [ImageTaskID] = []
    }

    private(set) var methods: Set<String> = []
    /// Options of `imageBuilderBuild` that the plan uses and not every plugin takes.
    private(set) var newOptions: [String: [ImageTaskID]] = [:]
    private(set) var arches: [String: [ImageTaskID]] = [:]
    private(set) var targets: [String: Target] = [:]
    private(set) var releases: [Release] = []
    private(set) var repositories: [String: Repository] = [:]
    private(set) var ostrees: [String: OSTree] = [:]

    /// Options that came after the plugin's first version, with the one that brought them.
    static let optionVersions = ["seed": 7, "preview": 11, "failable_arches": 11, "bootc": 11]

    /// What there is to ask a hub.
    package init(_ plan: PhasePlan) { self.init(plan, ownRepositories: []) }

    /// - Parameter composeDirectory: absolute; repositories below it are made by the compose itself.
    package init(_ plan: PhasePlan, settings: ComposeSettings, composeDirectory: String) {
        let translated = PathTranslation(settings.translatePaths)(composeDirectory)
        self.init(plan, ownRepositories: ["\(composeDirectory)/compose/", "\(translated)/compose/"])
    }

    /// - Parameter ownRepositories: how the URLs or paths of repositories begin that this compose makes itself.
    init(_ plan: PhasePlan, ownRepositories: [String]) {
        for task in plan.tasks {
            let request = RequestView(task)
            methods.insert(task.method)
            for option in Self.optionVersions.keys where request.options[option] != nil {
                newOptions[option, default: []].append(task.id)
            }
            if !task.failableArches.isEmpty { newOptions["failable_arches", default: []].append(task.id) }
            for arch in task.arches {
                arches[arch.arch, default: []].append(task.id)
                for repository in arch.repos { add(repository, task.id, ownRepositories) }
            }
            add(request, task)
        }
    }

    private mutating func add(_ request: RequestView, _ task: ImageTask) {
        if let target = request.target {
            targets[target, default: Target()].arches.formUnion(task.arches.map(\.arch))
            targets[target, default: Target()].tasks.append(task.id)
            if !request.isScratch, request.options["skip_tag"] != .bool(true) {
                targets[target, default: Target()].packages.insert(request.name)
            }
        }
        if !request.isScratch {
            releases.append(
                Release(name: request.name, version: request.version, release: request.release, task: task.id))
        }
        guard case .object(let ostree)? = request.options["ostree"], case .string(let url)? = ostree["url"] else {
            return
        }
        ostrees[url, default: OSTree()].tasks.append(task.id)
        // A commit's own ref is what it makes; only what it builds upon must be there.
        if !request.makesCommit { ostrees[url, default: OSTree()].refs.formUnion(task.arches.compactMap(\.ostreeRef)) }
        if case .string(let parent)? = ostree["parent"], !Self.isChecksum(parent) {
            ostrees[url, default: OSTree()].refs.insert(parent)
        }
    }

    private mutating func add(_ repository: String, _ task: ImageTaskID, _ own: [String]) {
        let isOwn = own.contains { repository.hasPrefix($0) }
        var entry = repositories[repository] ?? Repository(isOwn: isOwn)
        if entry.tasks.last != task { entry.tasks.append(task) }
        repositories[repository] = entry
    }

    /// A commit named by its checksum is no ref.
    private static func isChecksum(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
