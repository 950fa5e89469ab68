package import Koji

/// What the schedule needs of a hub. `KojiTaskHub` is the real one; tests script their own.
package protocol TaskHub: Sendable {
    /// The greatest task id of the hub: every task made later has a greater one. Nil when the hub has no task yet.
    func newestTask() async throws -> TaskID?
    /// Sends one task.
    func submit(_ task: ImageTask, _ attempt: Attempt) async -> SubmitAnswer
    /// Tasks of ours that are newer than `after` and equal what was sent.
    func lookUp(_ task: ImageTask, _ attempt: Attempt, after: TaskID?) async throws -> [TaskID]
    /// The state of the trees of one slice, in one request.
    func observe(_ slice: WatchList) async throws -> [TaskObservation]
    /// Why a task ended as FAILED or CANCELED, and how its arch children ended.
    func diagnose(_ task: ImageTask, _ hubTask: TaskID, _ state: TaskState) async -> Diagnosis
    /// Cancels tasks; for each that may still be running it says why.
    func cancel(_ hubTasks: [TaskID]) async -> [TaskID: String]
    /// Why tasks that no builder has taken wait.
    func reasons(for waiting: [WaitingTask]) async throws -> [ImageTaskID: WaitReason]
}

/// A task of the hub that no builder has taken yet, or whose arch tasks none has.
package struct WaitingTask: Sendable, Hashable {
    package var id: ImageTaskID
    package var hubTask: TaskID
    package var target: String
    /// The arches whose tasks wait; all of them while there are none yet.
    package var arches: [String]
    /// Whether the parent itself waits.
    package var isParent: Bool

    package init(id: ImageTaskID, hubTask: TaskID, target: String, arches: [String], isParent: Bool) {
        self.id = id
        self.hubTask = hubTask
        self.target = target
        self.arches = arches
        self.isParent = isParent
    }
}

/// What came of a submit.
package enum SubmitAnswer: Sendable, Hashable {
    case accepted(TaskID)
    /// The hub said no: nothing was made.
    case refused(TaskFailure)
    /// Whether it was made cannot be told; `wasDone` when the hub itself says that it was (fault 1009).
    case answerLost(wasDone: Bool)
    /// The hub cannot be used; nothing was made.
    case hubUnusable(String)
}

/// Brings the results of a good task into the compose.
package protocol TaskCollector: Sendable {
    /// Fetches, places and records what the hub's tasks made.
    ///
    /// - Parameters:
    ///   - parts: where the results of which arches lie.
    ///   - replaced: images of an earlier release, which go when the new ones are recorded.
    func collect(
        _ task: ImageTask, _ parts: [HubPart], replacing replaced: [CollectedImage]
    ) async throws(TaskFailure) -> CollectedTask
}

/// What a task gave.
package struct CollectedTask: Sendable, Hashable {
    package var images: [CollectedImage]
    /// Failable arches that are missing, and why.
    package var missing: [String: TaskFailure]

    package init(images: [CollectedImage], missing: [String: TaskFailure]) {
        self.images = images
        self.missing = missing
    }
}

/// Looks on while a run goes.
package protocol ScheduleObserver: Sendable {
    /// `event` is in the journal and in `state`.
    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) async
}

/// Time, injected: the schedule never looks at a clock of its own.
package protocol ScheduleClock: Sendable {
    func now() -> Instant
    func sleep(seconds: Double) async throws
}
