package import Koji

/// What the schedule wants done. Actions are performed after the event that caused them is in the journal.
package enum ScheduleAction: Sendable, Hashable {
    /// Send the task to the hub.
    case submit(ImageTaskID)
    /// Search the hub for the task of a submit whose answer was lost.
    case lookUp(ImageTaskID, after: TaskID?)
    /// Ask why the task ended as it did.
    case diagnose(ImageTaskID, TaskID, TaskState)
    /// Bring the results in; images that are replaced go.
    case collect(ImageTaskID, [HubPart], replacing: [CollectedImage])
    /// Cancel the task on the hub.
    case cancel(ImageTaskID, TaskID)
    /// Stop the run.
    case stop(StopReason)
}
