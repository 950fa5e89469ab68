internal import DequeModule

/// How many tasks are where: kept beside the tasks, so that an event costs the same in a run of ten thousand tasks as in
/// a run of ten.
struct PhaseTally: Sendable {
    /// Tasks whose results are to be brought in, in the order in which they ended.
    var ended: Deque<ImageTaskID> = []
    /// Submits that were asked for and whose intent is not yet in the journal, with what they count for.
    private(set) var pending: [ImageTaskID: WaitQueue.Lane] = [:]
    private(set) var onHub = 0
    private(set) var onArch: [String: Int] = [:]
    private(set) var onTarget: [String: Int] = [:]
    private(set) var submitting = 0
    private(set) var collecting = 0
    private(set) var unsettled = 0

    mutating func addTask() { unsettled += 1 }

    /// Reserves room for a submit. False if it is reserved already.
    mutating func reserve(_ id: ImageTaskID, _ lane: WaitQueue.Lane) -> Bool {
        guard pending[id] == nil else { return false }
        pending[id] = lane
        count(lane, 1)
        return true
    }

    /// Nobody stands in the line to be brought in any more.
    mutating func forgetEnded() { ended = [] }

    /// Gives up what was reserved for submits that never came to be.
    mutating func releaseAll() {
        for lane in pending.values { count(lane, -1) }
        pending = [:]
    }

    mutating func move(
        _ id: ImageTaskID, from old: TaskPhase, _ oldLane: WaitQueue.Lane, to new: TaskPhase,
        _ newLane: WaitQueue.Lane
    ) {
        if new != .waiting, let lane = pending.removeValue(forKey: id) { count(lane, -1) }
        if old.isOnHub { count(oldLane, -1) }
        if new.isOnHub { count(newLane, 1) }
        submitting += (new.isSubmitting ? 1 : 0) - (old.isSubmitting ? 1 : 0)
        collecting += (new.isCollecting ? 1 : 0) - (old.isCollecting ? 1 : 0)
        unsettled += (new.isSettled ? 0 : 1) - (old.isSettled ? 0 : 1)
        if new.isEnded, !old.isEnded { ended.append(id) }
    }

    private mutating func count(_ lane: WaitQueue.Lane, _ change: Int) {
        onHub += change
        onTarget[lane.target, default: 0] += change
        for arch in lane.arches { onArch[arch, default: 0] += change }
    }
}

extension ScheduleLimits {
    /// The first limit that keeps tasks of a lane from being sent: its name and value.
    func full(for lane: WaitQueue.Lane, _ tally: PhaseTally) -> (name: String, value: Int)? {
        if tally.onHub >= tasks { return ("tasks", tasks) }
        if let limit = perTarget[lane.target], tally.onTarget[lane.target, default: 0] >= limit {
            return ("tasks of target \(lane.target)", limit)
        }
        for arch in lane.arches {
            if let limit = perArch[arch], tally.onArch[arch, default: 0] >= limit { return ("tasks on \(arch)", limit) }
        }
        return nil
    }
}
