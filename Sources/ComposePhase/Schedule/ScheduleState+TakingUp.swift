import Koji
import OrderedCollections

/// What becomes of a run that another process left, and of images that a person wants again.
extension ScheduleState {
    /// Nothing that was going on goes on by itself: what was asked is asked again, what was canceled is wanted again.
    mutating func takeUp(at instant: Instant) -> [ScheduleAction] {
        stopReason = nil
        isStopping = false
        isRecorded = false
        began = instant
        queue = WaitQueue()
        tally.releaseAll()
        tally.forgetEnded()
        deadlines = Deadlines()
        var actions: [ScheduleAction] = []
        for (id, progress) in tasks { actions += takeUp(id, progress, at: instant) }
        return actions
    }

    private mutating func takeUp(
        _ id: ImageTaskID, _ progress: TaskProgress, at instant: Instant
    ) -> [ScheduleAction] {
        switch progress.phase {
        case .waiting, .cancelled(nil):
            update(id) {
                $0.phase = .waiting
                $0.settled = nil
            }
            if let progress = tasks[id] { enqueue(progress) }
        case .submitting(let after):
            update(id) {
                $0.phase = .lost(after: after, wasDone: false)
                $0.wasUnwatched = true
            }
            return [.lookUp(id, after: after)]
        case .lost(let after, _):
            update(id) { $0.wasUnwatched = true }
            return [.lookUp(id, after: after)]
        case .failed(nil, let failure) where failure.kind == .lost:
            let after = progress.sentAfter
            update(id) {
                $0.phase = .lost(after: after, wasDone: false)
                $0.settled = nil
                $0.wasUnwatched = true
            }
            return [.lookUp(id, after: after)]
        case .running(let hubTask, let state):
            watchAgain(id, hubTask, state, at: instant)
        case .cancelling(let hubTask, nil), .cancelled(let hubTask?), .notCancelled(let hubTask, _):
            watchAgain(id, hubTask, .free, at: instant)
        case .cancelling(let hubTask, _):
            return [.cancel(id, hubTask)]
        case .diagnosing(let hubTask, let state):
            update(id) { $0.wasUnwatched = true }
            return [.diagnose(id, hubTask, state)]
        case .ended(let hubTask), .collecting(let hubTask):
            // Through another phase, so that it stands in the line again.
            update(id) { $0.phase = .running(hubTask, .closed) }
            update(id) { $0.phase = .ended(hubTask) }
        case .failed(let hubTask?, let failure) where failure.kind == .composeUnusable:
            update(id) {
                $0.phase = .ended(hubTask)
                $0.settled = nil
            }
        case .failed, .done: break
        }
        return []
    }

    /// Its deadline counts from when it is seen not to have ended: it may have ended well long before that.
    private mutating func watchAgain(
        _ id: ImageTaskID, _ hubTask: TaskID, _ state: TaskState, at instant: Instant
    ) {
        update(id) {
            $0.phase = .running(hubTask, state)
            $0.settled = nil
            $0.wasUnwatched = true
        }
    }

    mutating func retryOnRequest(_ id: ImageTaskID, release: String?, at instant: Instant) {
        guard let progress = tasks[id] else { return }
        switch progress.phase {
        case .failed(let hubTask?, let failure)
        where release == nil
            && (progress.untagged != nil
                || [.notCollected, .notFrozen, .notRecorded, .composeUnusable].contains(failure.kind)):
            // The hub did its part: only bringing in is done again.
            return update(id) {
                $0.phase = .ended(hubTask)
                $0.settled = nil
            }
        case .failed, .cancelled:
            update(id) {
                $0.kept = release == nil ? $0.kept : []
                if $0.kept.isEmpty { $0.attempt.arches = $0.task.arches }
                if case .failed(let hubTask?, let failure) = progress.phase, failure.kind == .failed, release == nil,
                    progress.task.isScratch
                {
                    $0.keepGoodArches(of: hubTask)
                }
            }
        case .done(let hubTask, let images, let missing) where !missing.isEmpty:
            let isReplaced = release != nil || !progress.task.isScratch
            update(id) {
                $0.former = .init(hubTask: hubTask, images: images, missing: missing, isReplaced: isReplaced)
                $0.kept = []
                $0.attempt.arches = isReplaced ? $0.task.arches : $0.task.arches.filter { missing[$0] != nil }
            }
        default: return
        }
        update(id) {
            $0.attempt.number += 1
            $0.attempt.release = release ?? $0.attempt.release
            $0.allowedAttempts = $0.attempt.number - 1 + $0.task.attempts
            $0.notBefore = nil
            $0.settled = nil
        }
        putBack(id, at: instant)
    }
}
