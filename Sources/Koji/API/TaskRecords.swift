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

    package init(
        id: TaskID, parent: TaskID?, method: String, label: String?, arch: String, state: TaskState, hostID: Int?,
        started: Double?
    ) {
        self.id = id
        self.parent = parent
        self.method = method
        self.label = label
        self.arch = arch
        self.state = state
        self.hostID = hostID
        self.started = started
    }

    init(_ value: XMLRPCValue, of method: String, url: String) throws(KojiFailure) {
        let record = try Record(value, of: method, url: url)
        self.init(
            id: TaskID(try record.int("id")), parent: record.optionalInt("parent").map { TaskID($0) },
            method: try record.string("method"), label: record.optionalString("label"),
            arch: try record.string("arch"), state: TaskState(number: try record.int("state")),
            hostID: record.optionalInt("host_id"), started: record.optionalDouble("start_ts"))
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

    init(_ value: XMLRPCValue, url: String) throws(KojiFailure) {
        let record = try Record(value, of: "getTaskResult", url: url)
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
