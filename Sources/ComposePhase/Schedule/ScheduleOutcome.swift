package import Koji

/// How a run ended.
package struct ScheduleOutcome: Sendable {
    package var stopReason: StopReason?
    package var done: [ImageTaskID] = []
    /// Failable arches that are missing from images that were made.
    package var missingArches: [(task: ImageTaskID, arch: String, failure: TaskFailure)] = []
    package var failedFailable: [(task: ImageTaskID, failure: TaskFailure)] = []
    package var failedRequired: [(task: ImageTaskID, failure: TaskFailure)] = []
    /// Tasks that were to be canceled and may still be running.
    package var leftRunning: [(task: ImageTaskID, hubTask: TaskID, reason: String)] = []
    /// Images that were made and whose builds lack their tag, with how to give it.
    package var untagged: [(task: ImageTaskID, remedy: String)] = []
    /// Cancelled, or never come to their end.
    package var unfinished: [ImageTaskID] = []

    /// Every image was made, on every arch.
    package var isComplete: Bool {
        stopReason == nil && missingArches.isEmpty && failedFailable.isEmpty && failedRequired.isEmpty
            && unfinished.isEmpty && leftRunning.isEmpty
    }
}
