/// What the hub tells of a task.
package struct TaskInfo: Sendable, Hashable {
    package let id: TaskID
    package let parent: TaskID?
    package let method: String
    /// For an arch child its arch, for tagging `tag`.
    package let label: String?
    package let arch: String
    package let state: TaskState
    package let hostID: Int?
    /// Seconds since 1970.
    package let started: Double?
    /// Seconds since 1970.
    package let created: Double?
    /// Seconds since 1970; nil while it has not ended.
    package let ended: Double?
    /// The user's id.
    package let owner: Int?
    /// Smaller goes first.
    package let priority: Int?
    /// The positional parameters as the hub keeps them, keywords as a marked last struct; nil if they were not asked for.
    package let request: [XMLRPCValue]?

    package init(
        id: TaskID, parent: TaskID?, method: String, label: String?, arch: String, state: TaskState, hostID: Int?,
        started: Double?, created: Double? = nil, ended: Double? = nil, owner: Int? = nil, priority: Int? = nil,
        request: [XMLRPCValue]? = nil
    ) {
        self.id = id
        self.parent = parent
        self.method = method
        self.label = label
        self.arch = arch
        self.state = state
        self.hostID = hostID
        self.started = started
        self.created = created
        self.ended = ended
        self.owner = owner
        self.priority = priority
        self.request = request
    }

    init(_ record: Record) throws(KojiFailure) {
        // Text instead of a list is a document that the hub did not take apart.
        let request: [XMLRPCValue]? = if case .array(let params)? = record.value("request") { params } else { nil }
        self.init(
            id: TaskID(try record.int("id")), parent: record.optionalInt("parent").map { TaskID($0) },
            method: try record.string("method"), label: record.optionalString("label"),
            arch: try record.string("arch"), state: TaskState(number: try record.int("state")),
            hostID: record.optionalInt("host_id"), started: record.optionalDouble("start_ts"),
            created: record.optionalDouble("create_ts"), ended: record.optionalDouble("completion_ts"),
            owner: record.optionalInt("owner"), priority: record.optionalInt("priority"), request: request)
    }
}

/// One look at many tasks.
package struct TaskRound: Sendable, Hashable {
    /// By id; a task that the hub does not know is missing.
    package let infos: [TaskID: TaskInfo]
    /// The direct children of the parents that were asked for, in no order.
    package let children: [TaskID: [TaskInfo]]

    package init(infos: [TaskID: TaskInfo], children: [TaskID: [TaskInfo]]) {
        self.infos = infos
        self.children = children
    }
}

/// What an arch task says it made.
package struct ArchTaskResult: Sendable, Hashable {
    package let name: String
    package let version: String
    package let release: String
    package let arch: String
    package let files: [String]
    package let logs: [String]

    init(_ record: Record) throws(KojiFailure) {
        name = try record.string("name")
        version = try record.string("version")
        release = try record.string("release")
        arch = try record.string("arch")
        files = try record.strings("files")
        logs = (try? record.strings("logs")) ?? []
    }
}

/// The stored result of a finished task.
package enum TaskResult: Sendable, Hashable {
    case value(XMLRPCValue)
    /// The fault that the task failed with, or the hub's word that there is no result.
    case fault(XMLRPCFault)
}
