import Koji

/// What a finished task left: a value, or the fault it failed with.
enum HubTaskResult: Sendable, Hashable {
    case value(XMLRPCValue)
    case fault(XMLRPCFault)
}

/// The six parameters of an image build, taken apart.
struct ImageBuild: Sendable, Hashable {
    let target: String
    let arches: [String]
    let type: String
    let name: String
    let version: String
    var release: String?
    let isScratch: Bool
    let skipsTag: Bool
    let failable: Set<String>
    let hasOwnRepos: Bool
    /// The ostree repository that the image takes a commit from; nil for one that takes none.
    let ostree: OSTree?

    /// A ref of an ostree repository.
    struct OSTree: Sendable, Hashable {
        let url: String
        /// As asked for, `$arch` in it.
        let ref: String
    }

    /// - Parameter request: target, arches, types, name, version, opts, as the plugin stores them.
    init?(request: [XMLRPCValue]) {
        guard request.count >= 5, let target = request[0].textValue, let arches = request[1].items,
            let type = request[2].items?.first?.textValue, let name = request[3].textValue,
            let version = request[4].textValue
        else { return nil }
        let opts = request.count > 5 ? request[5] : .null
        self.target = target
        self.arches = arches.compactMap(\.textValue)
        self.type = type
        self.name = name
        self.version = version
        self.release = opts["release"].textValue
        self.isScratch = opts["scratch"].isTrue
        self.skipsTag = opts["skip_tag"].isTrue
        self.failable = Set(opts["failable_arches"].items?.compactMap(\.textValue) ?? [])
        self.hasOwnRepos = opts["repos"].isTrue
        if let url = opts["ostree"]["url"].textValue, let ref = opts["ostree"]["ref"].textValue {
            ostree = OSTree(url: url, ref: ref)
        } else {
            ostree = nil
        }
    }

    /// Name, version and release; the release is known once the task is open.
    var nvr: String { "\(name)-\(version)-\(release ?? "?")" }
}

/// A task of the hub.
struct HubTask: Sendable {
    let id: TaskID
    let parent: TaskID?
    let method: String
    let arch: String
    /// For children: unique among the children of one parent.
    let label: String?
    let owner: Int
    let channel: Int
    var priority: Int
    var state: TaskState = .free
    let created: HubTime
    var started: HubTime?
    var completed: HubTime?
    var host: Int?
    var waiting: Bool?
    var awaited: Bool?
    let request: [XMLRPCValue]
    var result: HubTaskResult?
    var children: [TaskID] = []
    /// What is built: in the parent as asked for, in an arch child with the release that was found.
    var image: ImageBuild?
    /// The record of the build that the parent made; for a tagging task the build to tag.
    var build: Int?
    var outputs: [OutputFile] = []

    /// The struct of `getTaskInfo`.
    func record(withRequest: Bool = false) -> [String: XMLRPCValue] {
        var record: [String: XMLRPCValue] = [
            "id": .number(id.number), "parent": .optional(parent?.number), "method": .string(method),
            "arch": .string(arch), "label": .optional(label), "owner": .number(owner), "channel_id": .number(channel),
            "priority": .number(priority), "state": .number(state.rawValue), "weight": .double(1),
            "host_id": .optional(host), "waiting": .optional(waiting), "awaited": .optional(awaited),
            "create_time": .time(created), "create_ts": .timestamp(created), "start_time": .time(started),
            "start_ts": .timestamp(started), "completion_time": .time(completed),
            "completion_ts": .timestamp(completed),
        ]
        if withRequest { record["request"] = .array(request) }
        return record
    }
}

/// A file that a task left, or is writing.
struct OutputFile: Sendable, Hashable {
    let name: String
    let kind: OutputKind
    let size: Int
    let written: HubTime
    /// What the file system says; it does not depend on when the file was written.
    let modified: HubTime
    /// Where the file lies now, relative to the top of the tree.
    var path: String
}
