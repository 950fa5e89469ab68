import Koji

/// What happens next to a task.
enum AgendaStep: Sendable, Hashable {
    case assign, open, finish, resume
    /// The builder is lost, and the task starts over.
    case lose
}

/// Steps by time, earliest first; steps of one moment keep the order in which they were entered (a binary heap).
struct Agenda: Sendable {
    struct Entry: Sendable {
        let time: HubTime
        let order: Int
        let step: AgendaStep
        let task: TaskID

        func precedes(_ other: Entry) -> Bool { time == other.time ? order < other.order : time < other.time }
    }

    private var heap: [Entry] = []
    private var entered = 0

    /// The time of the next step.
    var nextTime: HubTime? { heap.first?.time }

    mutating func add(_ step: AgendaStep, _ task: TaskID, at time: HubTime) {
        entered += 1
        heap.append(Entry(time: time, order: entered, step: step, task: task))
        var index = heap.count - 1
        while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the first step out if it is due at `time`.
    mutating func take(dueAt time: HubTime) -> Entry? {
        guard let first = heap.first, first.time <= time else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].precedes(heap[$1]) }), heap[least].precedes(heap[index])
            else { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
