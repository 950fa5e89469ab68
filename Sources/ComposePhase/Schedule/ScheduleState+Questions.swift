package import Koji
import OrderedCollections

extension ScheduleState {
    /// The state that a journal tells of.
    package init(replaying entries: [JournalEntry], policy: SchedulePolicy) {
        self.init(policy: policy)
        for entry in entries { _ = apply(entry.event, at: entry.instant) }
    }

    /// Where one task stands.
    package subscript(id: ImageTaskID) -> TaskProgress? { tasks[id] }

    /// Where every task stands, in the plan's order.
    package var progress: [TaskProgress] { Array(tasks.values) }

    /// How many tasks there are.
    package var count: Int { tasks.count }

    /// Nothing more will happen; or nothing more is to be waited for, because what is on the hub is left there.
    package var isFinished: Bool {
        (tally.unsettled == 0 && !(isStopping && stopReason == nil))
            || (stopReason?.leavesTasks == true && tally.submitting == 0)
    }

    /// Whether a process that took the run up would have anything to do.
    package var hasWork: Bool {
        tasks.values.contains { progress in
            switch progress.phase {
            case .done: false
            case .failed(_, let failure): failure.kind == .lost || failure.kind == .composeUnusable
            default: true
            }
        }
    }

    /// What to ask the hub about now: tasks that are not final, and parents whose children are not all known. Final
    /// tasks are never asked about again.
    package var watchList: WatchList {
        var list = WatchList()
        for (id, progress) in tasks {
            guard case .running(let parent, _) = progress.phase else { continue }
            let children = progress.attempt.arches.compactMap { progress.arches[$0] }.filter { !$0.state.isFinal }
            list.trees.append(
                WatchList.Tree(
                    task: id, parent: parent, arches: children.sorted { $0.arch < $1.arch },
                    wantsChildren: progress.lacksChildren))
        }
        return list
    }

    /// Tasks of the hub that no builder works on yet, for which the hub may know why.
    package var waitingOnHub: [WaitingTask] {
        tasks.values.compactMap { progress in
            guard case .running(let hubTask, let state) = progress.phase else { return nil }
            let isParent = state == .free || state == .assigned
            let waiting = progress.attempt.arches.filter { progress.arches[$0].map { $0.state == .free } ?? true }
            guard isParent || !waiting.isEmpty else { return nil }
            return WaitingTask(
                id: progress.task.id, hubTask: hubTask, target: progress.task.target, arches: waiting,
                isParent: isParent)
        }
    }

    /// Whether an observation says more than is known: what is not news is not written to the journal.
    func isNews(_ observation: TaskObservation) -> Bool {
        guard let progress = tasks[observation.task], case .running(_, let known) = progress.phase else { return false }
        return known != observation.state || progress.wasUnwatched
            || observation.arches.contains { progress.arches[$0.arch] != $0 }
    }

    /// When something is due although nothing happens: a task may be sent again or was long enough on the hub, a minute's
    /// submits are over, the run has to end. Nil when there is nothing of the kind.
    package var nextWake: Instant? {
        var due: [Instant?] = [deadlines.next]
        if takesSubmits {
            due.append(nextSubmit)
            if let deadline = policy.deadline { due.append(began.map { $0 + deadline }) }
        }
        return due.compactMap { $0 }.min()
    }

    /// When a task may be sent that only has to wait for time: for its own moment, and for those of the last minute.
    private var nextSubmit: Instant? {
        guard let limit = policy.limits.submitsPerMinute, rate.isFull(limit, pending: tally.pending.count) else {
            return queue.nextDue
        }
        // Nothing is free when all are still on their way; then their events will come.
        guard let free = rate.nextFree else { return nil }
        return queue.hasReady ? free : queue.nextDue.map { max($0, free) }
    }

    /// Whether anything new may be sent.
    var takesSubmits: Bool { stopReason == nil && !isStopping }

    /// Whether the whole run takes too long.
    func isPastDeadline(at instant: Instant) -> Bool {
        guard let deadline = policy.deadline, let began, stopReason == nil else { return false }
        return instant - began >= deadline
    }

    /// Why a task is not being built: our own reasons first, then what the hub told. Nil for one that is being built, or
    /// is not wanted.
    package func waitReason(of id: ImageTaskID, at instant: Instant) -> WaitReason? {
        guard let progress = tasks[id] else { return nil }
        switch progress.phase {
        case .waiting:
            if let notBefore = progress.notBefore, notBefore > instant {
                return .backOff(until: notBefore, attempt: progress.attempt.number)
            }
            if let (name, value) = policy.limits.full(for: progress.lane, tally) { return .ourLimit(name, value) }
            if let limit = policy.limits.submitsPerMinute { return .ourLimit("submits per minute", limit) }
            return nil
        case .running: return progress.hubReason
        default: return nil
        }
    }

    /// How the run ended, or would end if it ended now.
    package var outcome: ScheduleOutcome {
        var outcome = ScheduleOutcome(stopReason: stopReason)
        for (id, progress) in tasks {
            switch progress.phase {
            case .done(_, _, let missing):
                outcome.done.append(id)
                if let remedy = progress.untagged { outcome.untagged.append((id, remedy)) }
                for (arch, failure) in missing.sorted(by: { $0.key < $1.key }) {
                    outcome.missingArches.append((id, arch, failure))
                }
            case .failed(_, let failure):
                if progress.task.canFail {
                    outcome.failedFailable.append((id, failure))
                } else {
                    outcome.failedRequired.append((id, failure))
                }
            case .notCancelled(let hubTask, let reason): outcome.leftRunning.append((id, hubTask, reason))
            default: outcome.unfinished.append(id)
            }
        }
        return outcome
    }

    /// The first required image that failed, in the plan's order.
    package var requiredFailure: ImageTaskID? {
        tasks.values.first { progress in
            if case .failed = progress.phase { !progress.task.canFail } else { false }
        }?.task.id
    }

    /// All images that are in the compose, in the plan's order.
    package var images: [CollectedImage] {
        tasks.values.flatMap { progress in
            if case .done(_, let images, _) = progress.phase { images } else { progress.former?.images ?? [] }
        }
    }

    /// Ids of the hub's tasks that an image has had: of a search for another one they are not the answer.
    package var knownHubTasks: Set<TaskID> {
        var known: Set<TaskID> = []
        for progress in tasks.values {
            if let id = progress.phase.hubTask { known.insert(id) }
            for part in progress.kept { known.insert(part.hubTask) }
        }
        return known
    }
}
