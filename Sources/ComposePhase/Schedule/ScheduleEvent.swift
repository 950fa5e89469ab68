package import Koji

/// Something that happened to a run. Events are written to the journal before they take effect, so that the state of a
/// run is always the replay of its events.
package enum ScheduleEvent: Sendable, Hashable, Codable {
    /// The plan was taken up.
    case planned([ScheduledTask])
    /// A submit is about to be sent; every task that the hub makes from now on has a greater id.
    case submitting(ImageTaskID, after: TaskID?)
    /// The hub gave the task an id.
    case submitted(ImageTaskID, TaskID)
    /// The hub answered the submit with a refusal.
    case refused(ImageTaskID, TaskFailure)
    /// No answer came: the hub may or may not have made the task.
    case answerLost(ImageTaskID, wasDone: Bool)
    /// What a search on the hub for a lost submit found.
    case lookedUp(ImageTaskID, found: [TaskID])
    /// The search could not be made.
    case lookUpFailed(ImageTaskID, reason: String)
    /// What one round of watching saw.
    case observed([TaskObservation])
    /// The cause of a task that ended as FAILED or CANCELED, or that the hub does not know any more.
    case diagnosed(ImageTaskID, TaskFailure)
    /// All that the task made is in the compose tree and in the metadata.
    case collected(ImageTaskID, images: [String], missing: [String: TaskFailure])
    /// Its results could not be brought in.
    case notCollected(ImageTaskID, TaskFailure)
    /// Nothing more is wanted.
    case stopRequested(StopReason)
    /// The hub's word on what we asked it to cancel.
    case cancelAnswered(ImageTaskID, failure: String?)
}

/// A task of the plan, as the schedule sees it.
package struct ScheduledTask: Sendable, Hashable, Codable {
    package var id: ImageTaskID
    /// The arches that will be built.
    package var arches: [String]
    package var failableArches: [String]

    package init(id: ImageTaskID, arches: [String], failableArches: [String]) {
        self.id = id
        self.arches = arches
        self.failableArches = failableArches
    }

    /// The image can fail if every one of its arches can.
    package var canFail: Bool { Set(arches).isSubset(of: failableArches) }
}

/// What was seen of one parent task of the hub and its arch children.
package struct TaskObservation: Sendable, Hashable, Codable {
    package var task: ImageTaskID
    package var state: TaskState
    package var host: String?
    /// The hub's own time of the start, seconds since 1970.
    package var started: Double?
    package var arches: [ArchObservation]

    package init(
        task: ImageTaskID, state: TaskState, host: String? = nil, started: Double? = nil, arches: [ArchObservation] = []
    ) {
        self.task = task
        self.state = state
        self.host = host
        self.started = started
        self.arches = arches
    }
}

/// What was seen of one arch child.
package struct ArchObservation: Sendable, Hashable, Codable {
    package var arch: String
    package var id: TaskID
    package var state: TaskState

    package init(arch: String, id: TaskID, state: TaskState) {
        self.arch = arch
        self.id = id
        self.state = state
    }
}

/// Why a run stops before its end.
package enum StopReason: Sendable, Hashable, Codable {
    /// A required image failed, so the compose is doomed.
    case requiredImageFailed(ImageTaskID)
    /// A signal asked for it: 1, 2 or 15.
    case signal(Int32)
    /// The hub cannot be used any more.
    case hubUnusable(String)
    /// The compose directory cannot be worked on any more.
    case composeUnusable(String)
}
