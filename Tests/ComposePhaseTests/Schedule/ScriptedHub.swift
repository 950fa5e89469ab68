import ComposePhase
import Koji

/// A hub that does what a table says: each image task goes through its states, one step at each look.
actor ScriptedHub: TaskHub {
    /// What happens to one image task.
    struct Script: Sendable {
        var answer: SubmitAnswer?
        /// States that the following looks see; the last one stays.
        var states: [TaskState] = [.open, .closed]
        /// What the search for a lost submit finds.
        var found: [Int] = []
        var cancelFailure: String?
        /// Looks, from 0, at which the hub does not know the task.
        var unknown: Range<Int> = 0..<0
    }

    private let scripts: [ImageTaskID: Script]
    private var tasks: [TaskID: (id: ImageTaskID, looks: Int)] = [:]
    private var next = 100
    private(set) var submitted: [ImageTask] = []
    private(set) var looks = 0
    private(set) var cancelled: [TaskID] = []
    /// After so many looks the hub is gone.
    private let diesAfter: Int

    init(_ scripts: [ImageTaskID: Script] = [:], diesAfter: Int = .max) {
        self.scripts = scripts
        self.diesAfter = diesAfter
    }

    struct Gone: Error, CustomStringConvertible { let description = "the hub is gone" }

    func newestTask() -> TaskID? { TaskID(next) }

    func submit(_ task: ImageTask, _ attempt: Attempt) -> SubmitAnswer {
        submitted.append(task)
        if let answer = scripts[task.id]?.answer, submitted.count(where: { $0.id == task.id }) == 1 {
            if case .accepted(let id) = answer { tasks[id] = (task.id, 0) }
            return answer
        }
        next += 1
        tasks[TaskID(next)] = (task.id, 0)
        return .accepted(TaskID(next))
    }

    func lookUp(_ task: ImageTask, _ attempt: Attempt, after: TaskID?) -> [TaskID] {
        let found = (scripts[task.id]?.found ?? []).map { TaskID($0) }
        for id in found { tasks[id] = (task.id, 0) }
        return found
    }

    func observe(_ slice: WatchList) throws -> [TaskObservation] {
        looks += 1
        guard looks <= diesAfter else { throw Gone() }
        return slice.trees.compactMap { tree in
            let task = tasks[tree.parent] ?? (tree.task, 0)
            let states = scripts[task.id]?.states ?? Script().states
            tasks[tree.parent] = (task.id, task.looks + 1)
            if let script = scripts[task.id], script.unknown.contains(task.looks) { return nil }
            return TaskObservation(task: tree.task, state: states[min(task.looks, states.count - 1)])
        }
    }

    func diagnose(_ task: ImageTask, _ hubTask: TaskID, _ state: TaskState) -> Diagnosis {
        Diagnosis(TaskFailure(kind: .failed, message: "task \(hubTask) is \(state.name)"))
    }

    func reasons(for waiting: [WaitingTask]) -> [ImageTaskID: WaitReason] { [:] }

    func cancel(_ hubTasks: [TaskID]) -> [TaskID: String] {
        cancelled += hubTasks
        var failures: [TaskID: String] = [:]
        for id in hubTasks {
            if let failure = tasks[id].flatMap({ scripts[$0.id]?.cancelFailure }) { failures[id] = failure }
        }
        return failures
    }
}

/// A collector that finds one image an arch, or fails as told.
struct ScriptedCollector: TaskCollector {
    var failures: [ImageTaskID: TaskFailure] = [:]

    func collect(
        _ task: ImageTask, _ parts: [HubPart], replacing replaced: [CollectedImage]
    ) async throws(TaskFailure) -> CollectedTask {
        if let failure = failures[task.id] { throw failure }
        return CollectedTask(
            images: parts.flatMap(\.arches).map { .named("\(task.id)", of: task.id, arch: $0) }, missing: [:])
    }
}

/// A clock that a sleep moves on by itself: no test waits.
final class JumpingClock: ScheduleClock {
    private let time = Cell(0.0)

    func now() -> Instant { Instant(seconds: time.value) }

    func sleep(seconds: Double) async throws {
        try Task.checkCancellation()
        time.update { $0 += seconds }
        // Others get their turn, as they would while this one slept.
        for _ in 0..<20 { await Task.yield() }
    }
}

/// Remembers the events that it was shown.
actor Recorder: ScheduleObserver {
    private(set) var events: [ScheduleEvent] = []

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) { events.append(event) }
}
