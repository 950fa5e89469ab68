package import Koji

/// Something that happened to a run. Events are written to the journal before they take effect, so that the state of a
/// run is always the replay of its events.
package enum ScheduleEvent: Sendable, Hashable {
    /// The plan was taken up.
    case planned([ScheduledTask])
    /// Another process took the run up: nothing of what the one before it was doing goes on by itself.
    case resumed(by: String)
    /// A task that was on the hub already, made by somebody else for this compose.
    case adopted(ImageTaskID, TaskID)
    /// A submit is about to be sent; every task that the hub makes from now on has a greater id.
    case submitting(ImageTaskID, Attempt, after: TaskID?)
    /// The hub gave the task an id.
    case submitted(ImageTaskID, TaskID)
    /// The hub answered the submit with a refusal.
    case refused(ImageTaskID, TaskFailure)
    /// Nothing was sent: the hub could not be used.
    case unsent(ImageTaskID)
    /// No answer came: the hub may or may not have made the task.
    case answerLost(ImageTaskID, wasDone: Bool)
    /// What a search on the hub for a lost submit found.
    case lookedUp(ImageTaskID, found: [TaskID])
    /// The search could not be made.
    case lookUpFailed(ImageTaskID, reason: String)
    /// What one round of watching saw.
    case observed([TaskObservation])
    /// The cause of a task that ended as FAILED or CANCELED, or that the hub does not know any more.
    case diagnosed(ImageTaskID, Diagnosis)
    /// A task has been on the hub for longer than it may.
    case overdue(ImageTaskID)
    /// All that the task made is in the compose tree and in the metadata.
    case collected(ImageTaskID, images: [CollectedImage], missing: [String: TaskFailure])
    /// Its results could not be brought in.
    case notCollected(ImageTaskID, TaskFailure)
    /// A person wants images built again that failed or lack an arch; under another release where it is named.
    case retryRequested([ImageTaskID], release: String?)
    /// Nothing more is wanted.
    case stopRequested(StopReason)
    /// The hub's word on what we asked it to cancel.
    case cancelAnswered(ImageTaskID, failure: String?)
    /// How the run ended is recorded in the compose.
    case ended
    /// Why tasks wait, as the hub tells; for people, so it is not kept.
    case explained([ImageTaskID: WaitReason])
    /// Time alone passed: something may be due.
    case timePassed

    /// Whether a process begins to work on the run with it.
    var begins: Bool {
        switch self {
        case .planned, .resumed: true
        default: false
        }
    }

    /// Whether the event belongs into the journal: what changes nothing that must be known again does not.
    package var isDurable: Bool {
        switch self {
        case .explained, .timePassed: false
        default: true
        }
    }
}

/// A task of the plan, as the schedule sees it.
package struct ScheduledTask: Sendable, Hashable {
    package var id: ImageTaskID
    /// The arches that will be built.
    package var arches: [String]
    package var failableArches: [String]
    /// The build target, for limits.
    package var target: String
    /// A scratch build spends no name-version-release, so its arches can be built apart.
    package var isScratch: Bool
    /// Greater goes first.
    package var priority: Int
    /// Seconds on the hub, from the submit.
    package var deadline: Double?
    /// How often it is submitted at most.
    package var attempts: Int

    package init(
        id: ImageTaskID, arches: [String], failableArches: [String], target: String = "", isScratch: Bool = false,
        priority: Int = 0, deadline: Double? = nil, attempts: Int = 1
    ) {
        self.id = id
        self.arches = arches
        self.failableArches = failableArches
        self.target = target
        self.isScratch = isScratch
        self.priority = priority
        self.deadline = deadline
        self.attempts = attempts
    }

    /// The image can fail if every one of its arches can.
    package var canFail: Bool { Set(arches).isSubset(of: failableArches) }
}

/// One submit of an image: what is asked for this time.
package struct Attempt: Sendable, Hashable {
    /// From 1.
    package var number: Int
    /// Fewer than the image's when a scratch build is done again for those that failed.
    package var arches: [String]
    /// Instead of the planned release.
    package var release: String?

    package init(number: Int = 1, arches: [String], release: String? = nil) {
        self.number = number
        self.arches = arches
        self.release = release
    }
}

/// A task of the hub, and the arches whose results are to be taken from it.
package struct HubPart: Sendable, Hashable {
    package var hubTask: TaskID
    package var arches: [String]

    package init(_ hubTask: TaskID, arches: [String]) {
        self.hubTask = hubTask
        self.arches = arches
    }
}

/// What was found out about a task that ended badly.
package struct Diagnosis: Sendable, Hashable {
    package var failure: TaskFailure
    /// How its arch children ended.
    package var arches: [ArchObservation]
    /// Between 0 and 1, drawn when it happened: spreads what is done again.
    package var chance: Double
    /// Its build is complete all the same: canceled or failed after that, it only lacks its tag. How to give it, in words.
    package var untagged: String?

    package init(
        _ failure: TaskFailure, arches: [ArchObservation] = [], chance: Double = 1, untagged: String? = nil
    ) {
        self.untagged = untagged
        self.failure = failure
        self.arches = arches
        self.chance = chance
    }
}

/// What was seen of one parent task of the hub and its arch children.
package struct TaskObservation: Sendable, Hashable {
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
package struct ArchObservation: Sendable, Hashable {
    package var arch: String
    package var id: TaskID
    package var state: TaskState
    /// The builder, as soon as there is one.
    package var host: String?
    /// The hub's own times, seconds since 1970.
    package var started: Double?
    package var ended: Double?

    package init(
        arch: String, id: TaskID, state: TaskState, host: String? = nil, started: Double? = nil, ended: Double? = nil
    ) {
        self.arch = arch
        self.id = id
        self.state = state
        self.host = host
        self.started = started
        self.ended = ended
    }
}

/// Why a run stops before its end.
package enum StopReason: Sendable, Hashable {
    /// A required image failed, so the compose is doomed.
    case requiredImageFailed(ImageTaskID)
    /// A signal asked for it: 1, 2 or 15.
    case signal(Int32)
    /// SIGTERM where tasks are to be left on the hub for a later resume.
    case leaving
    /// The run took longer than it may; seconds.
    case deadline(Double)
    /// Somebody used `cancel`.
    case cancelRequested(by: String)
    /// The hub cannot be used any more.
    case hubUnusable(String)
    /// The compose directory cannot be worked on any more.
    case composeUnusable(String)

    /// What runs stays on the hub and waits for `resume`.
    package var leavesTasks: Bool { self == .leaving }
}
