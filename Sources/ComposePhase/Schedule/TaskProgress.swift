package import Koji

/// Where one image task stands.
package enum TaskPhase: Sendable, Hashable {
    /// Not on the hub: never sent, or to be sent again.
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
    case done(TaskID, images: [CollectedImage], missing: [String: TaskFailure])
    /// It made nothing.
    case failed(TaskID?, TaskFailure)
    /// Not wanted any more: not on the hub, or canceled there.
    case cancelled(TaskID?)
    /// We asked for it, the hub has not said yes. With a failure: the image failed by it.
    case cancelling(TaskID, because: TaskFailure?)
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
            .cancelling(let id, _), .notCancelled(let id, _):
            id
        case .failed(let id, _), .cancelled(let id): id
        case .waiting, .submitting, .lost: nil
        }
    }

    /// The hub's task that ended well and is not yet in the compose. Whether it is being fetched is a question of limits,
    /// and what is told of it counts under any: a journal may be read under others than it was written under.
    var comingIn: TaskID? {
        switch self {
        case .ended(let id), .collecting(let id): id
        default: nil
        }
    }

    var isEnded: Bool { if case .ended = self { true } else { false } }
    var isCollecting: Bool { if case .collecting = self { true } else { false } }
    var isSubmitting: Bool { if case .submitting = self { true } else { false } }

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
    /// Its place in the plan.
    package let order: Int
    package internal(set) var phase: TaskPhase
    /// What was last sent, or will be sent next.
    package internal(set) var attempt: Attempt
    /// How often it may be sent in all.
    package internal(set) var allowedAttempts: Int
    /// While it waits to be sent again.
    package internal(set) var notBefore: Instant?
    /// What went wrong with the try before.
    package internal(set) var lastFailure: TaskFailure?
    /// Results of earlier submits that stay, of a scratch build.
    package internal(set) var kept: [HubPart] = []
    /// What an earlier good end gave, while some of it is built again.
    package internal(set) var former: Former?
    /// Arch children of the hub's task, by arch.
    package internal(set) var arches: [String: ArchObservation] = [:]
    /// The hub's newest task before the submit: what is searched for after a lost answer is newer.
    package internal(set) var sentAfter: TaskID?
    /// When it was last about to be sent.
    package internal(set) var sent: Instant?
    /// When the submit was answered.
    package internal(set) var submitted: Instant?
    /// When it was settled.
    package internal(set) var settled: Instant?
    /// Why it is not being built, as the hub tells.
    package internal(set) var hubReason: WaitReason?
    /// What the build lacks although the image is good, in words: a tag.
    package internal(set) var untagged: String?
    /// Nobody watched it for a while, so a cancellation may be that of a run before.
    var wasUnwatched = false

    /// An image that was done and is being completed or replaced.
    package struct Former: Sendable, Hashable {
        package let hubTask: TaskID
        package let images: [CollectedImage]
        package let missing: [String: TaskFailure]
        /// Whether all of it is built anew under another release.
        package let isReplaced: Bool
    }

    init(_ task: ScheduledTask, order: Int) {
        self.task = task
        self.order = order
        phase = .waiting
        attempt = Attempt(arches: task.arches)
        allowedAttempts = task.attempts
    }

    /// Whether the arch children that are yet unknown should be asked for.
    var lacksChildren: Bool {
        guard case .running(_, let state) = phase, state == .open || wasUnwatched else { return false }
        return attempt.arches.contains { arches[$0] == nil }
    }

    /// What limits count it under.
    var lane: WaitQueue.Lane { WaitQueue.Lane(target: task.target, arches: attempt.arches) }

    /// Keeps what ended well of a failed scratch build, so that only the other arches are built again. Where every arch
    /// ended well it is the whole that failed, and all of it is built again.
    mutating func keepGoodArches(of hubTask: TaskID) {
        let good = attempt.arches.filter { arches[$0]?.state == .closed }
        guard !good.isEmpty, good.count < attempt.arches.count else { return }
        kept.append(HubPart(hubTask, arches: good))
        attempt.arches.removeAll(where: good.contains)
    }

    /// Where the results lie once the hub's task has ended well.
    func parts(_ hubTask: TaskID) -> [HubPart] { kept + [HubPart(hubTask, arches: attempt.arches)] }
}
