import DequeModule
package import Koji
import OrderedCollections

/// The whole state of a run, as a pure function of its events: no clock, no input or output, no `await`.
package struct ScheduleState: Sendable {
    private(set) var tasks: OrderedDictionary<ImageTaskID, TaskProgress> = [:]
    /// Why nothing more is submitted; nil while the run goes on.
    package private(set) var stopReason: StopReason?
    private let limits: ScheduleLimits
    private var tally = PhaseTally()

    package init(limits: ScheduleLimits = ScheduleLimits()) { self.limits = limits }

    /// Takes an event in and says what is to be done now.
    ///
    /// An event that does not fit the task's phase changes nothing: after a crash the hub may tell what is known already.
    package mutating func apply(_ event: ScheduleEvent, at instant: Instant) -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        switch event {
        case .planned(let planned):
            for task in planned where tasks[task.id] == nil {
                tasks[task.id] = TaskProgress(task)
                tally.add(task.id)
            }
        case .submitting(let id, let after):
            update(id) { if $0.phase == .waiting { $0.phase = .submitting(after: after) } }
        case .submitted(let id, let hubTask):
            actions += onHub(id, hubTask, at: instant)
        case .refused(let id, let failure):
            if case .submitting? = tasks[id]?.phase { actions += fail(id, nil, failure, at: instant) }
        case .answerLost(let id, let wasDone):
            if case .submitting(let after)? = tasks[id]?.phase {
                update(id) { $0.phase = .lost(after: after, wasDone: wasDone) }
                actions.append(.lookUp(id, after: after))
            }
        case .lookedUp(let id, let found):
            actions += lookedUp(id, found, at: instant)
        case .lookUpFailed(let id, let reason):
            if case .lost? = tasks[id]?.phase {
                actions += fail(id, nil, Self.lost("the hub cannot be searched for it: \(reason)"), at: instant)
            }
        case .observed(let observations):
            for observation in observations { actions += observe(observation, at: instant) }
        case .diagnosed(let id, let failure):
            switch tasks[id]?.phase {
            case .diagnosing(let hubTask, _)?, .running(let hubTask, _)?:
                actions += fail(id, hubTask, failure, at: instant)
            default: break
            }
        case .collected(let id, let images, let missing):
            if case .collecting(let hubTask)? = tasks[id]?.phase {
                settle(id, .done(hubTask, images: images, missing: missing), at: instant)
            }
        case .notCollected(let id, let failure):
            if case .collecting(let hubTask)? = tasks[id]?.phase { actions += fail(id, hubTask, failure, at: instant) }
        case .stopRequested(let reason):
            actions += stop(reason, at: instant)
        case .cancelAnswered(let id, let failure):
            if case .cancelling(let hubTask)? = tasks[id]?.phase {
                settle(id, failure.map { .notCancelled(hubTask, $0) } ?? .cancelled(hubTask), at: instant)
            }
        }
        return actions + startWhatMay()
    }

    // MARK: Steps

    private mutating func onHub(_ id: ImageTaskID, _ hubTask: TaskID, at instant: Instant) -> [ScheduleAction] {
        switch tasks[id]?.phase {
        case .submitting?, .lost?: break
        default: return []
        }
        update(id) { $0.submitted = instant }
        guard stopReason == nil else {
            update(id) { $0.phase = .cancelling(hubTask) }
            return [.cancel(id, hubTask)]
        }
        update(id) { $0.phase = .running(hubTask, .free) }
        return []
    }

    private mutating func lookedUp(_ id: ImageTaskID, _ found: [TaskID], at instant: Instant) -> [ScheduleAction] {
        guard case .lost(_, let wasDone)? = tasks[id]?.phase else { return [] }
        switch found.count {
        case 0 where wasDone:
            return fail(id, nil, Self.lost("the hub says that it made the task and does not show it"), at: instant)
        case 0:
            // Nothing was made: the task is as if it had never been sent.
            if stopReason == nil {
                update(id) { $0.phase = .waiting }
            } else {
                settle(id, .cancelled(nil), at: instant)
            }
            return []
        case 1: return onHub(id, found[0], at: instant)
        default:
            let list = found.map(\.description).joined(separator: ", ")
            return fail(
                id, nil,
                Self.lost("the hub has more than one equal task: \(list); cancel those that are not wanted"),
                at: instant)
        }
    }

    private static func lost(_ what: String) -> TaskFailure {
        TaskFailure(
            kind: .lost,
            message: "the answer to the submit was lost, and \(what). A task of it may be running:"
                + " look for it with: koji list-tasks --mine")
    }

    private mutating func observe(_ observation: TaskObservation, at instant: Instant) -> [ScheduleAction] {
        let id = observation.task
        update(id) { progress in
            for arch in observation.arches { progress.arches[arch.arch] = arch }
        }
        guard case .running(let hubTask, _)? = tasks[id]?.phase else { return [] }
        switch observation.state {
        case .closed:
            update(id) { $0.phase = .ended(hubTask) }
            return []
        case .failed, .canceled:
            update(id) { $0.phase = .diagnosing(hubTask, observation.state) }
            return [.diagnose(id, hubTask, observation.state)]
        default:
            update(id) { $0.phase = .running(hubTask, observation.state) }
            return []
        }
    }

    private mutating func fail(
        _ id: ImageTaskID, _ hubTask: TaskID?, _ failure: TaskFailure, at instant: Instant
    ) -> [ScheduleAction] {
        settle(id, .failed(hubTask, failure), at: instant)
        if failure.kind == .composeUnusable { return stop(.composeUnusable(failure.message), at: instant) }
        guard let task = tasks[id]?.task, !task.canFail, !limits.keepsGoing else { return [] }
        return stop(.requiredImageFailed(id), at: instant)
    }

    /// The first reason stays: it is what the run is remembered for.
    private mutating func stop(_ reason: StopReason, at instant: Instant) -> [ScheduleAction] {
        guard stopReason == nil else { return [] }
        stopReason = reason
        var actions: [ScheduleAction] = []
        for (id, progress) in tasks {
            switch progress.phase {
            case .waiting: settle(id, .cancelled(nil), at: instant)
            case .running(let hubTask, _):
                update(id) { $0.phase = .cancelling(hubTask) }
                actions.append(.cancel(id, hubTask))
            default: continue
            }
        }
        return actions
    }

    /// Submits and collects as far as the limits allow.
    private mutating func startWhatMay() -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        while stopReason == nil, tally.onHub + tally.pendingSubmits.count < limits.tasksOnHub,
            let id = tally.waiting.popFirst()
        {
            guard tasks[id]?.phase == .waiting, tally.pendingSubmits.insert(id).inserted else { continue }
            actions.append(.submit(id))
        }
        while tally.collecting < limits.collecting, let id = tally.ended.popFirst() {
            guard case .ended(let hubTask)? = tasks[id]?.phase else { continue }
            update(id) { $0.phase = .collecting(hubTask) }
            actions.append(.collect(id, hubTask))
        }
        return actions
    }

    private mutating func update(_ id: ImageTaskID, _ change: (inout TaskProgress) -> Void) {
        guard let index = tasks.index(forKey: id) else { return }
        let before = tasks.values[index].phase
        change(&tasks.values[index])
        tally.move(id, from: before, to: tasks.values[index].phase)
    }

    private mutating func settle(_ id: ImageTaskID, _ phase: TaskPhase, at instant: Instant) {
        update(id) {
            $0.phase = phase
            $0.settled = instant
        }
    }
}

/// How much may be going on at once.
package struct ScheduleLimits: Sendable, Hashable {
    /// Tasks on the hub; by default nothing is held back that Pungi would not hold back.
    package var tasksOnHub: Int
    /// Tasks whose results are brought in at the same time.
    package var collecting: Int
    /// Whether the other images are built to the end although a required one failed.
    package var keepsGoing: Bool

    package init(tasksOnHub: Int = .max, collecting: Int = 4, keepsGoing: Bool = false) {
        self.tasksOnHub = tasksOnHub
        self.collecting = collecting
        self.keepsGoing = keepsGoing
    }
}

// MARK: - Questions

extension ScheduleState {
    /// Where one task stands.
    package subscript(id: ImageTaskID) -> TaskProgress? { tasks[id] }

    /// Where every task stands, in the plan's order.
    package var progress: [TaskProgress] { Array(tasks.values) }

    /// How many tasks there are.
    package var count: Int { tasks.count }

    /// Nothing more will happen.
    package var isFinished: Bool { tally.unsettled == 0 }

    /// What to ask the hub about now: tasks that are not final, and parents whose children are not all known. Final
    /// tasks are never asked about again.
    package var watchList: WatchList {
        var list = WatchList()
        for (id, progress) in tasks {
            guard case .running(let parent, _) = progress.phase else { continue }
            let children = progress.arches.values.filter { !$0.state.isFinal }.sorted { $0.arch < $1.arch }
            list.trees.append(
                WatchList.Tree(
                    task: id, parent: parent, arches: children, wantsChildren: progress.lacksChildren))
        }
        return list
    }

    /// Whether an observation says more than is known: what is not news is not written to the journal.
    func isNews(_ observation: TaskObservation) -> Bool {
        guard let progress = tasks[observation.task], case .running(_, let known) = progress.phase else { return false }
        return known != observation.state || observation.arches.contains { progress.arches[$0.arch] != $0 }
    }

    /// How the run ended, or would end if it ended now.
    package var outcome: ScheduleOutcome {
        var outcome = ScheduleOutcome(stopReason: stopReason)
        for (id, progress) in tasks {
            switch progress.phase {
            case .done(_, _, let missing):
                outcome.done.append(id)
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
}

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
    /// Cancelled, or never come to their end.
    package var unfinished: [ImageTaskID] = []

    /// Every image was made, on every arch.
    package var isComplete: Bool {
        stopReason == nil && missingArches.isEmpty && failedFailable.isEmpty && failedRequired.isEmpty
            && unfinished.isEmpty && leftRunning.isEmpty
    }
}
