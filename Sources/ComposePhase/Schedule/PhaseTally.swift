internal import DequeModule

/// Who is next and how many are where: kept beside the tasks, so that an event costs the same in a run of ten thousand
/// tasks as in a run of ten.
struct PhaseTally: Sendable {
    /// Tasks in the order in which they are to be sent. May hold some that no longer wait.
    var waiting: Deque<ImageTaskID> = []
    /// Tasks whose results are to be brought in, in the order in which they ended.
    var ended: Deque<ImageTaskID> = []
    /// Submits that were asked for and whose intent is not yet in the journal.
    var pendingSubmits: Set<ImageTaskID> = []
    private(set) var onHub = 0
    private(set) var collecting = 0
    private(set) var unsettled = 0

    mutating func add(_ id: ImageTaskID) {
        waiting.append(id)
        unsettled += 1
    }

    mutating func move(_ id: ImageTaskID, from old: TaskPhase, to new: TaskPhase) {
        onHub += (new.isOnHub ? 1 : 0) - (old.isOnHub ? 1 : 0)
        collecting += (new.isCollecting ? 1 : 0) - (old.isCollecting ? 1 : 0)
        unsettled += (new.isSettled ? 0 : 1) - (old.isSettled ? 0 : 1)
        if new != .waiting { pendingSubmits.remove(id) }
        if new == .waiting, old != .waiting { waiting.append(id) }
        if case .ended = new, !old.isEnded { ended.append(id) }
    }
}
