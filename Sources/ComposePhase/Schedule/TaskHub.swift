package import Koji

/// What the schedule needs of a hub. `KojiTaskHub` is the real one; tests script their own.
package protocol TaskHub: Sendable {
    /// The greatest task id of the hub: every task made later has a greater one. Nil when the hub has no task yet.
    func newestTask() async throws -> TaskID?
    /// Sends one task.
    func submit(_ task: ImageTask) async -> SubmitAnswer
    /// Tasks of ours that are newer than `after` and equal `task`.
    func lookUp(_ task: ImageTask, after: TaskID?) async throws -> [TaskID]
    /// The state of the trees of one slice, in one request.
    func observe(_ slice: WatchList) async throws -> [TaskObservation]
    /// Why a task ended as FAILED or CANCELED.
    func diagnose(_ hubTask: TaskID, _ state: TaskState) async -> TaskFailure
    /// Cancels tasks; for each that may still be running it says why.
    func cancel(_ hubTasks: [TaskID]) async -> [TaskID: String]
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
    /// Fetches, places and records what the hub's task made.
    func collect(_ task: ImageTask, _ hubTask: TaskID) async throws(TaskFailure) -> CollectedTask
}

/// What a task gave.
package struct CollectedTask: Sendable, Hashable {
    /// Paths below the compose directory.
    package var images: [String]
    /// Failable arches that are missing, and why.
    package var missing: [String: TaskFailure]

    package init(images: [String], missing: [String: TaskFailure]) {
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
