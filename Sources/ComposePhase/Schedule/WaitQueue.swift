internal import HeapModule
import OrderedCollections

/// The tasks that wait to be sent, in the order in which they may go.
///
/// Tasks of one target and the same arches meet the same limits, so they stand in one lane: to find the next one that
/// may go costs a look at the head of each lane, however many wait. Entries are not taken out when a task changes its
/// mind; who takes one has to look whether the task still waits.
struct WaitQueue: Sendable {
    struct Lane: Sendable, Hashable {
        let target: String
        let arches: [String]
    }

    /// A place in a lane: higher priority first, then the plan's order.
    private struct Turn: Sendable, Comparable {
        let priority: Int
        let order: Int
        let id: ImageTaskID

        static func < (left: Self, right: Self) -> Bool {
            (-left.priority, left.order) < (-right.priority, right.order)
        }
    }

    /// A task that is to wait until a moment.
    private struct Later: Sendable, Comparable {
        let instant: Instant
        let turn: Turn
        let lane: Lane

        static func < (left: Self, right: Self) -> Bool {
            (left.instant, left.turn) < (right.instant, right.turn)
        }
    }

    private var lanes: OrderedDictionary<Lane, Heap<Turn>> = [:]
    private var later = Heap<Later>()

    mutating func add(_ id: ImageTaskID, order: Int, priority: Int, lane: Lane, notBefore: Instant?) {
        let turn = Turn(priority: priority, order: order, id: id)
        if let notBefore {
            later.insert(Later(instant: notBefore, turn: turn, lane: lane))
        } else {
            lanes[lane, default: Heap()].insert(turn)
        }
    }

    /// Takes the next task whose lane is open at `instant`.
    mutating func next(at instant: Instant, where isOpen: (Lane) -> Bool) -> ImageTaskID? {
        while let first = later.min, first.instant <= instant {
            lanes[first.lane, default: Heap()].insert(first.turn)
            later.removeMin()
        }
        var best: (lane: Lane, turn: Turn)?
        for (lane, turns) in lanes {
            guard let turn = turns.min, best.map({ turn < $0.turn }) ?? true, isOpen(lane) else { continue }
            best = (lane, turn)
        }
        guard let best else { return nil }
        lanes[best.lane]?.removeMin()
        if lanes[best.lane]?.isEmpty == true { lanes[best.lane] = nil }
        return best.turn.id
    }

    /// Whether a task waits that need not wait for a moment.
    var hasReady: Bool { !lanes.isEmpty }

    /// When the first of those that wait for a moment may go.
    var nextDue: Instant? { later.min?.instant }
}
