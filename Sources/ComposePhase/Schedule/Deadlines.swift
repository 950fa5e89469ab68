internal import HeapModule

/// When tasks will have been on the hub for too long.
struct Deadlines: Sendable {
    private struct Due: Sendable, Comparable {
        let instant: Instant
        let id: ImageTaskID

        static func < (left: Self, right: Self) -> Bool { (left.instant, left.id) < (right.instant, right.id) }
    }

    private var heap = Heap<Due>()

    mutating func add(_ id: ImageTaskID, at instant: Instant) { heap.insert(Due(instant: instant, id: id)) }

    /// Those that are over; who takes one has to look whether the task is still on the hub.
    mutating func passed(at instant: Instant) -> [ImageTaskID] {
        var passed: [ImageTaskID] = []
        while let first = heap.min, first.instant <= instant {
            passed.append(first.id)
            heap.removeMin()
        }
        return passed
    }

    var next: Instant? { heap.min?.instant }
}
