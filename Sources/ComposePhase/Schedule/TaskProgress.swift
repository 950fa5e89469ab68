package import Koji

/// Where one image task stands.
package enum TaskPhase: Sendable, Hashable {
    /// Not yet sent.
    case waiting
    /// Sent, no answer yet. The hub's newest task id before the submit, where it is known.
    case submitting(after: TaskID?)
    /// The answer was lost; a search is on. Whether the hub said that the task was made.
    case lost(after: TaskID?, wasDone: Bool)
    /// On the hub.
    case running(TaskID, TaskState)
    /// Ended badly on the hub; the cause is being asked for.
    case diagnosing(TaskID, TaskState)
    /// Ended well on the hub; the results wait to be brought in, or are being so.
    case ended(TaskID)
    case collecting(TaskID)
    /// Everything that could be had is in the tree; failable arches may be missing.
    case done(TaskID, images: [String], missing: [String: TaskFailure])
    /// It made nothing.
    case failed(TaskID?, TaskFailure)
    /// Not wanted any more: never sent, or canceled on the hub.
    case cancelled(TaskID?)
    /// We asked for it, the hub has not said yes.
    case cancelling(TaskID)
    /// The hub did not cancel it: it is listed at the end.
    case notCancelled(TaskID, String)

    /// Nothing more will happen to it.
    package var isSettled: Bool {
        switch self {
        case .done, .failed, .cancelled, .notCancelled: true
        default: false
        }
    }

    /// The task's id on the hub, as soon as it has one.
    package var hubTask: TaskID? {
        switch self {
        case .running(let id, _), .diagnosing(let id, _), .ended(let id), .collecting(let id), .done(let id, _, _),
            .cancelling(let id), .notCancelled(let id, _):
            id
        case .failed(let id, _), .cancelled(let id): id
        case .waiting, .submitting, .lost: nil
        }
    }

    var isEnded: Bool { if case .ended = self { true } else { false } }
    var isCollecting: Bool { if case .collecting = self { true } else { false } }

    /// Whether the hub may be working for it, or it is not yet clear what its end means for the others.
    var isOnHub: Bool {
        switch self {
        case .submitting, .lost, .running, .diagnosing, .cancelling: true
        default: false
        }
    }
}

/// One image task of a run: what was planned, where it stands, what was seen of its arches.
package struct TaskProgress: Sendable, Hashable {
    package let task: ScheduledTask
    package internal(set) var phase: TaskPhase
    /// Arch children of the hub's task, by arch.
    package internal(set) var arches: [String: ArchObservation] = [:]
    /// When the submit was answered.
    package internal(set) var submitted: Instant?
    /// When it was settled.
    package internal(set) var settled: Instant?

    init(_ task: ScheduledTask) {
        self.task = task
        phase = .waiting
    }

    /// Whether the arch children that are yet unknown should be asked for.
    var lacksChildren: Bool {
        guard case .running(_, .open) = phase else { return false }
        return arches.count < task.arches.count
    }
}
