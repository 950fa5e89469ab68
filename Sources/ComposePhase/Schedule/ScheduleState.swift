internal import DequeModule
import Koji
import OrderedCollections

/// The whole state of a run, as a pure function of its events: no clock, no randomness, no input or output, no `await`.
package struct ScheduleState: Sendable {
    private(set) var tasks: OrderedDictionary<ImageTaskID, TaskProgress> = [:]
    /// Why nothing more is submitted; nil while the run goes on.
    package internal(set) var stopReason: StopReason?
    /// A stop was asked for by an action and is not yet an event: nothing new begins meanwhile, and nothing has ended.
    var isStopping = false
    /// How the run ended is recorded in the compose.
    package internal(set) var isRecorded = false
    /// When this process took the run up.
    package internal(set) var began: Instant?
    /// Settable for readers of the events, who learn it from the file.
    var policy: SchedulePolicy
    var tally = PhaseTally()
    var queue = WaitQueue()
    private(set) var rate = SubmitRate()
    var deadlines = Deadlines()

    package init(policy: SchedulePolicy = SchedulePolicy()) { self.policy = policy }

    /// Takes an event in and says what is to be done now.
    ///
    /// An event that does not fit the task's phase changes nothing: after a crash the hub may tell what is known already.
    package mutating func apply(_ event: ScheduleEvent, at instant: Instant) -> [ScheduleAction] {
        let actions = take(event, at: instant)
        if actions.contains(where: { if case .stop = $0 { true } else { false } }) { isStopping = true }
        return actions + startWhatMay(at: instant)
    }

    private mutating func take(_ event: ScheduleEvent, at instant: Instant) -> [ScheduleAction] {
        switch event {
        case .planned(let planned):
            plan(planned, at: instant)
        case .resumed:
            return takeUp(at: instant)
        case .adopted(let id, let hubTask):
            if tasks[id]?.phase == .waiting {
                update(id) {
                    $0.phase = .running(hubTask, .free)
                    $0.submitted = instant
                    $0.wasUnwatched = true
                }
                if let limit = tasks[id]?.task.deadline { deadlines.add(id, at: instant + limit) }
            }
        case .submitting(let id, let attempt, let after):
            // One that was on its way when the stop came; its sender looks whether it still counts.
            guard tasks[id]?.phase == .waiting, stopReason == nil else { break }
            update(id) {
                $0.attempt = attempt
                $0.phase = .submitting(after: after)
                $0.sentAfter = after
                $0.sent = instant
                $0.notBefore = nil
                $0.hubReason = nil
                $0.wasUnwatched = false
            }
            rate.note(instant)
        case .submitted(let id, let hubTask):
            return onHub(id, hubTask, at: instant)
        case .refused(let id, let failure):
            if case .submitting? = tasks[id]?.phase { return fail(id, nil, failure, at: instant) }
        case .unsent(let id):
            if case .submitting? = tasks[id]?.phase { putBack(id, at: instant) }
        case .answerLost(let id, let wasDone):
            if case .submitting(let after)? = tasks[id]?.phase {
                update(id) { $0.phase = .lost(after: after, wasDone: wasDone) }
                return [.lookUp(id, after: after)]
            }
        case .lookedUp(let id, let found):
            return lookedUp(id, found, at: instant)
        case .lookUpFailed(let id, let reason):
            if case .lost? = tasks[id]?.phase {
                return fail(id, nil, Self.lost("the hub cannot be searched for it: \(reason)"), at: instant)
            }
        case .observed(let observations):
            return observations.flatMap { observe($0, at: instant) }
        case .diagnosed(let id, let diagnosis):
            return diagnosed(id, diagnosis, at: instant)
        case .overdue(let id):
            if case .running(let hubTask, _)? = tasks[id]?.phase {
                update(id) { $0.phase = .cancelling(hubTask, because: Self.overdue(hubTask, $0.task.deadline)) }
                return [.cancel(id, hubTask)]
            }
        case .collected(let id, let images, let missing):
            if let hubTask = tasks[id]?.phase.comingIn {
                finish(id, hubTask, images: images, missing: missing, at: instant)
            }
        case .notCollected(let id, let failure):
            if let hubTask = tasks[id]?.phase.comingIn { return fail(id, hubTask, failure, at: instant) }
        case .retryRequested(let ids, let release):
            for id in ids { retryOnRequest(id, release: release, at: instant) }
        case .stopRequested(let reason):
            return stop(reason, at: instant)
        case .cancelAnswered(let id, let failure):
            return cancelAnswered(id, failure, at: instant)
        case .ended:
            isRecorded = true
        case .explained(let reasons):
            for (id, reason) in reasons { update(id) { $0.hubReason = reason } }
        case .timePassed:
            break
        }
        return []
    }

    // MARK: Before the hub

    private mutating func plan(_ planned: [ScheduledTask], at instant: Instant) {
        began = began ?? instant
        for task in planned where tasks[task.id] == nil {
            let progress = TaskProgress(task, order: tasks.count)
            tasks[task.id] = progress
            tally.addTask()
            putBack(task.id, at: instant)
        }
    }

    mutating func enqueue(_ progress: TaskProgress) {
        queue.add(
            progress.task.id, order: progress.order, priority: progress.task.priority, lane: progress.lane,
            notBefore: progress.notBefore)
    }

    /// Makes a task wait; or, where nothing is submitted any more, lets it be.
    mutating func putBack(_ id: ImageTaskID, at instant: Instant) {
        update(id) { $0.phase = .waiting }
        guard stopReason == nil || stopReason?.leavesTasks == true else {
            return settle(id, .cancelled(nil), at: instant)
        }
        if let progress = tasks[id] { enqueue(progress) }
    }

    // MARK: On the hub

    private mutating func onHub(_ id: ImageTaskID, _ hubTask: TaskID, at instant: Instant) -> [ScheduleAction] {
        switch tasks[id]?.phase {
        case .submitting?, .lost?: break
        default: return []
        }
        update(id) { $0.submitted = instant }
        guard stopReason == nil || stopReason?.leavesTasks == true else {
            update(id) { $0.phase = .cancelling(hubTask, because: nil) }
            return [.cancel(id, hubTask)]
        }
        update(id) {
            $0.phase = .running(hubTask, .free)
            for arch in $0.attempt.arches { $0.arches[arch] = nil }
        }
        if let limit = tasks[id]?.task.deadline { deadlines.add(id, at: instant + limit) }
        return []
    }

    private mutating func lookedUp(_ id: ImageTaskID, _ found: [TaskID], at instant: Instant) -> [ScheduleAction] {
        guard case .lost(_, let wasDone)? = tasks[id]?.phase else { return [] }
        switch found.count {
        case 0 where wasDone:
            return fail(id, nil, Self.lost("the hub says that it made the task and does not show it"), at: instant)
        case 0:
            // Nothing was made: the task is as if it had never been sent.
            putBack(id, at: instant)
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

    private static func overdue(_ hubTask: TaskID, _ limit: Double?) -> TaskFailure {
        TaskFailure(
            kind: .overdue,
            message: "task \(hubTask) was not done after \(Int(limit ?? 0)) s on the hub, and was canceled;"
                + " give it more time in the settings (images: deadline) if it needs it")
    }

    private mutating func observe(_ observation: TaskObservation, at instant: Instant) -> [ScheduleAction] {
        let id = observation.task
        guard case .running(let hubTask, _)? = tasks[id]?.phase else { return [] }
        let wasUnwatched = tasks[id]?.wasUnwatched ?? false
        update(id) { progress in
            for arch in observation.arches { progress.arches[arch.arch] = arch }
            progress.wasUnwatched = false
        }
        switch observation.state {
        case .closed:
            update(id) { $0.phase = .ended(hubTask) }
            return []
        case .failed, .canceled:
            update(id) {
                $0.phase = .diagnosing(hubTask, observation.state)
                $0.wasUnwatched = wasUnwatched
            }
            return [.diagnose(id, hubTask, observation.state)]
        default:
            update(id) {
                $0.phase = .running(hubTask, observation.state)
                if observation.state == .open { $0.hubReason = nil }
            }
            if wasUnwatched, let progress = tasks[id], let limit = progress.task.deadline {
                deadlines.add(id, at: (progress.submitted ?? instant) + limit)
            }
            return []
        }
    }

    // MARK: After the hub

    private mutating func diagnosed(
        _ id: ImageTaskID, _ diagnosis: Diagnosis, at instant: Instant
    ) -> [ScheduleAction] {
        let hubTask: TaskID
        switch tasks[id]?.phase {
        case .diagnosing(let task, _)?, .running(let task, _)?: hubTask = task
        default: return []
        }
        update(id) { progress in
            for var arch in diagnosis.arches {
                // What is known of its builder is not asked again.
                if let known = progress.arches[arch.arch], known.id == arch.id { arch.host = arch.host ?? known.host }
                progress.arches[arch.arch] = arch
            }
            progress.untagged = diagnosis.untagged
        }
        if tasks[id]?.wasUnwatched == true, diagnosis.failure.kind == .canceledOnHub {
            wantAgain(id, hubTask, untagged: diagnosis.untagged, at: instant)
            return []
        }
        guard let progress = tasks[id], diagnosis.failure.cause?.kind.isTransient == true,
            diagnosis.failure.kind == .failed, progress.attempt.number < progress.allowedAttempts,
            // A complete build has spent its name-version-release.
            diagnosis.untagged == nil
        else { return fail(id, hubTask, diagnosis.failure, at: instant) }
        tryAgain(id, hubTask, diagnosis, at: instant)
        return []
    }

    /// The run before, or somebody while nobody watched, canceled it: to take a run up is to want it built.
    ///
    /// One that was canceled while its complete build was being tagged has spent its name-version-release, and has made its
    /// images: they are taken.
    private mutating func wantAgain(_ id: ImageTaskID, _ hubTask: TaskID, untagged: String?, at instant: Instant) {
        update(id) { $0.wasUnwatched = false }
        if let untagged {
            return update(id) {
                $0.untagged = untagged
                $0.phase = .ended(hubTask)
            }
        }
        update(id) {
            $0.attempt.number += 1
            $0.allowedAttempts += 1
            for arch in $0.attempt.arches { $0.arches[arch] = nil }
        }
        putBack(id, at: instant)
    }

    /// Sends it again later. A scratch build spends no name-version-release, so only the arches that did not end well are
    /// built again; else all of it is, under the same one (the hub recycles the record of a failed build).
    private mutating func tryAgain(
        _ id: ImageTaskID, _ hubTask: TaskID, _ diagnosis: Diagnosis, at instant: Instant
    ) {
        let rules = policy.retry
        update(id) { progress in
            let number = progress.attempt.number + 1
            if progress.task.isScratch { progress.keepGoodArches(of: hubTask) }
            progress.attempt.number = number
            progress.notBefore = instant + rules.wait(before: number, chance: diagnosis.chance)
            progress.lastFailure = diagnosis.failure
        }
        putBack(id, at: instant)
    }

    private mutating func finish(
        _ id: ImageTaskID, _ hubTask: TaskID, images: [CollectedImage], missing: [String: TaskFailure],
        at instant: Instant
    ) {
        var all = images
        if let former = tasks[id]?.former, !former.isReplaced {
            let new = Set(images.map(\.path))
            all = former.images.filter { !new.contains($0.path) } + images
        }
        update(id) { $0.former = nil }
        settle(id, .done(hubTask, images: all, missing: missing), at: instant)
    }

    private mutating func fail(
        _ id: ImageTaskID, _ hubTask: TaskID?, _ failure: TaskFailure, at instant: Instant
    ) -> [ScheduleAction] {
        if let former = tasks[id]?.former, failure.kind != .composeUnusable {
            // What there was before stays good; only what was to be added is still missing.
            var missing = former.missing
            for arch in missing.keys { missing[arch] = failure }
            update(id) { $0.former = nil }
            settle(id, .done(former.hubTask, images: former.images, missing: missing), at: instant)
            return []
        }
        settle(id, .failed(hubTask, failure), at: instant)
        if failure.kind == .composeUnusable { return [.stop(.composeUnusable(failure.message))] }
        guard let task = tasks[id]?.task, !task.canFail, !policy.keepsGoing else { return [] }
        return [.stop(.requiredImageFailed(id))]
    }

    // MARK: Stopping

    /// The first reason stays: it is what the run is remembered for. Only what was to be left can still be canceled.
    private mutating func stop(_ reason: StopReason, at instant: Instant) -> [ScheduleAction] {
        guard stopReason == nil || (stopReason?.leavesTasks == true && !reason.leavesTasks) else { return [] }
        stopReason = reason
        isStopping = false
        queue = WaitQueue()
        tally.releaseAll()
        guard !reason.leavesTasks else { return [] }
        var actions: [ScheduleAction] = []
        for (id, progress) in tasks {
            switch progress.phase {
            case .waiting: settle(id, .cancelled(nil), at: instant)
            case .running(let hubTask, _):
                update(id) { $0.phase = .cancelling(hubTask, because: nil) }
                actions.append(.cancel(id, hubTask))
            default: continue
            }
        }
        return actions
    }

    private mutating func cancelAnswered(
        _ id: ImageTaskID, _ failure: String?, at instant: Instant
    ) -> [ScheduleAction] {
        guard case .cancelling(let hubTask, let reason)? = tasks[id]?.phase else { return [] }
        if let failure {
            settle(id, .notCancelled(hubTask, failure), at: instant)
            guard reason != nil, let task = tasks[id]?.task, !task.canFail, !policy.keepsGoing else { return [] }
            return [.stop(.requiredImageFailed(id))]
        }
        if let reason { return fail(id, hubTask, reason, at: instant) }
        settle(id, .cancelled(hubTask), at: instant)
        return []
    }

    // MARK: What may begin

    /// Submits and collects as far as the limits allow.
    private mutating func startWhatMay(at instant: Instant) -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        let limits = policy.limits
        while takesSubmits,
            rate.allows(limits.submitsPerMinute, pending: tally.pending.count, at: instant),
            let id = queue.next(at: instant, where: { limits.full(for: $0, tally) == nil })
        {
            guard let progress = tasks[id], progress.phase == .waiting else { continue }
            if let notBefore = progress.notBefore, notBefore > instant {
                enqueue(progress)
                continue
            }
            if tally.reserve(id, progress.lane) { actions.append(.submit(id)) }
        }
        while tally.collecting < limits.collecting, stopReason?.leavesTasks != true,
            let id = tally.ended.popFirst()
        {
            guard let progress = tasks[id], case .ended(let hubTask) = progress.phase else { continue }
            update(id) { $0.phase = .collecting(hubTask) }
            let former = progress.former
            actions.append(
                .collect(
                    id, progress.parts(hubTask), replacing: former?.isReplaced == true ? former?.images ?? [] : []))
        }
        return actions
    }

    mutating func update(_ id: ImageTaskID, _ change: (inout TaskProgress) -> Void) {
        guard let index = tasks.index(forKey: id) else { return }
        let (phase, lane) = (tasks.values[index].phase, tasks.values[index].lane)
        change(&tasks.values[index])
        tally.move(id, from: phase, lane, to: tasks.values[index].phase, tasks.values[index].lane)
    }

    private mutating func settle(_ id: ImageTaskID, _ phase: TaskPhase, at instant: Instant) {
        update(id) {
            $0.phase = phase
            $0.settled = instant
        }
    }

    /// Tasks that are over their time at `instant`.
    mutating func overdue(at instant: Instant) -> [ImageTaskID] {
        deadlines.passed(at: instant).filter { id in
            guard case .running? = tasks[id]?.phase, let progress = tasks[id], let limit = progress.task.deadline,
                let submitted = progress.submitted
            else { return false }
            return instant - submitted >= limit
        }
    }
}
