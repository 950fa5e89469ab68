import ComposePhase
import Koji
import Testing

/// The scheduler where it had to wait and the world changed meanwhile.
@Suite("The scheduler, where two things meet", .timeLimit(.minutes(1)))
struct SchedulerEdgeTests {
    static let a = SchedulerTests.a
    static let b = SchedulerTests.b

    static func scheduled(_ tasks: [ImageTask], _ policy: SchedulePolicy = SchedulePolicy()) -> ScheduleEvent {
        .planned(tasks.map { $0.scheduled(by: policy) })
    }

    @Test(
        "a journal that fails from its first entry on ends the run, and nothing is sent",
        arguments: [false, true])
    func brokenFromTheStart(isTakenUp: Bool) async {
        let hub = ScriptedHub()
        let journalled = [
            JournalEntry(instant: Instant(seconds: 0), event: Self.scheduled([Self.a])),
            JournalEntry(instant: Instant(seconds: 1), event: .stopRequested(.signal(15))),
        ]
        let scheduler = Scheduler(
            tasks: [Self.a], hub: hub, collector: ScriptedCollector(), journal: FullJournal(failing: { _ in true }),
            clock: JumpingClock(),
            state: isTakenUp ? ScheduleState(replaying: journalled, policy: SchedulePolicy()) : nil,
            beginning: isTakenUp ? [.resumed(by: "me")] : [Self.scheduled([Self.a])])
        let outcome = await scheduler.run()
        #expect(outcome.stopReason == .composeUnusable("the disk is full"))
        #expect(outcome.unfinished == [Self.a.id])
        #expect(await hub.submitted.isEmpty)
    }

    @Test("a disk that is full when a run is taken up stops it, and the last room is for saying so")
    func lastRoom() async {
        let hub = ScriptedHub()
        let journal = FullJournal(room: true) { if case .resumed = $0 { true } else { false } }
        let journalled = [
            JournalEntry(instant: Instant(seconds: 0), event: Self.scheduled([Self.a])),
            JournalEntry(instant: Instant(seconds: 1), event: .stopRequested(.signal(15))),
        ]
        let scheduler = Scheduler(
            tasks: [Self.a], hub: hub, collector: ScriptedCollector(), journal: journal, clock: JumpingClock(),
            state: ScheduleState(replaying: journalled, policy: SchedulePolicy()), beginning: [.resumed(by: "me")])
        let outcome = await scheduler.run()
        #expect(outcome.stopReason == .composeUnusable("the disk is full"))
        #expect(await hub.submitted.isEmpty)
        let written = await journal.entries
        let replayed = ScheduleState(replaying: journalled + written, policy: SchedulePolicy())
        #expect(replayed.stopReason == outcome.stopReason)
        #expect(replayed.isFinished)
    }

    @Test("without the intent in the journal nothing is sent", arguments: [false, true])
    func intentFirst(hasRoom: Bool) async {
        let hub = ScriptedHub()
        let journal = FullJournal(room: hasRoom) { if case .submitting = $0 { true } else { false } }
        let scheduler = Scheduler(
            tasks: [Self.a, Self.b], hub: hub, collector: ScriptedCollector(), journal: journal, clock: JumpingClock(),
            beginning: [Self.scheduled([Self.a, Self.b])])
        let outcome = await scheduler.run()
        #expect(outcome.stopReason == .composeUnusable("the disk is full"))
        #expect(await hub.submitted.isEmpty)
        #expect(outcome.unfinished == [Self.a.id, Self.b.id])
    }

    @Test(
        "a stop that comes together with the intent of a submit is before it",
        arguments: [StopReason.leaving, .signal(15)])
    func stopBesideIntent(reason: StopReason) async {
        // The answer to `a` is lost; while what the search found is being written, `b`'s intent and the stop come.
        let meeting = Meeting(reason)
        let scheduler = Scheduler(
            tasks: [Self.a, Self.b], hub: meeting, collector: ScriptedCollector(), journal: meeting,
            clock: JumpingClock(), beginning: [Self.scheduled([Self.a, Self.b])])
        await meeting.bring(scheduler)
        let outcome = await scheduler.run()
        #expect(outcome.stopReason == reason)
        #expect(await meeting.met, "the test is to test something")
        #expect(await meeting.submitted == [Self.a.id])
    }

    @Test("whatever comes together while the disk is slow, intents are before answers and the journal tells the end")
    func together() async {
        let tasks = (0..<40).map { SchedulerTests.task("i\($0)") }
        let journal = SlowJournal()
        let scheduler = Scheduler(
            tasks: tasks, hub: ScriptedHub(), collector: ScriptedCollector(), journal: journal, clock: JumpingClock(),
            beginning: [Self.scheduled(tasks)])
        let outcome = await scheduler.run()
        #expect(outcome.isComplete)
        let entries = await journal.entries
        #expect(ScheduleState(replaying: entries, policy: SchedulePolicy()).outcome.done == outcome.done)
        let intents = entries.enumerated().compactMap {
            if case .submitting(let id, _, _) = $1.event { ($0, id) } else { nil }
        }
        #expect(intents.map(\.1) == tasks.map(\.id))
        for (place, id) in intents {
            let answer = entries.firstIndex { if case .submitted(id, _) = $0.event { true } else { false } }
            #expect(answer.map { $0 > place } == true)
        }
    }

    @Test("there is one timer for the deadline, however often something else is due before it")
    func timers() async {
        var policy = SchedulePolicy()
        policy.deadline = 1_000_000
        policy.limits.submitsPerMinute = 1
        let tasks = (0..<20).map { SchedulerTests.task("i\($0)") }
        let clock = PatientClock()
        let scheduler = Scheduler(
            tasks: tasks, hub: ScriptedHub(), collector: ScriptedCollector(), journal: MemoryJournal(), clock: clock,
            policy: policy, beginning: [Self.scheduled(tasks, policy)])
        #expect(await scheduler.run().isComplete)
        #expect(clock.longSleeps == 1)
    }
}

/// Cannot keep the events that it is told of; may have kept some room back for the end.
private actor FullJournal: Journal {
    private(set) var entries: [JournalEntry] = []
    private var hasRoom: Bool
    private var isRelieved = false
    private let failing: @Sendable (ScheduleEvent) -> Bool

    init(room: Bool = false, failing: @escaping @Sendable (ScheduleEvent) -> Bool) {
        hasRoom = room
        self.failing = failing
    }

    func append(_ entries: [JournalEntry]) throws(JournalFailure) {
        guard isRelieved || !entries.contains(where: { failing($0.event) }) else {
            throw JournalFailure(kind: .full, "the disk is full")
        }
        self.entries += entries
    }

    func makeRoom() -> Bool {
        defer { hasRoom = false }
        isRelieved = hasRoom
        return hasRoom
    }
}

private actor SlowJournal: Journal {
    private(set) var entries: [JournalEntry] = []

    func append(_ entries: [JournalEntry]) async {
        self.entries += entries
        // As a disk would: others go on meanwhile.
        for _ in 0..<10 { await Task.yield() }
    }
}

/// A hub and a journal that know of each other: they bring a stop and the intent of a submit into the same batch.
private actor Meeting: TaskHub, Journal {
    private let reason: StopReason
    private var scheduler: Scheduler?
    private(set) var submitted: [ImageTaskID] = []
    /// The stop came after the intent, and before it was written.
    private(set) var met = false
    private var isWriting = false
    private var questions = 0

    init(_ reason: StopReason) { self.reason = reason }

    func bring(_ scheduler: Scheduler) { self.scheduler = scheduler }

    func append(_ entries: [JournalEntry]) async {
        for entry in entries {
            guard case .lookedUp = entry.event else { continue }
            isWriting = true
            // The submit of `b` goes on while this is being written; its intent comes before the stop.
            for _ in 0..<200 {
                await Task.yield()
                _ = await scheduler?.current
            }
            scheduler?.stop(reason)
            met = questions > 1
        }
    }

    func newestTask() async -> TaskID? {
        questions += 1
        if questions > 1 { while !isWriting { await Task.yield() } }
        return TaskID(100)
    }

    func submit(_ task: ImageTask, _ attempt: Attempt) -> SubmitAnswer {
        submitted.append(task.id)
        return .answerLost(wasDone: false)
    }

    func lookUp(_ task: ImageTask, _ attempt: Attempt, after: TaskID?) async -> [TaskID] {
        while questions < 2 { await Task.yield() }
        return [TaskID(101)]
    }

    func observe(_ slice: WatchList) -> [TaskObservation] { [] }
    func diagnose(_ task: ImageTask, _ hubTask: TaskID, _ state: TaskState) -> Diagnosis {
        Diagnosis(TaskFailure(kind: .failed, message: "no"))
    }
    func cancel(_ hubTasks: [TaskID]) -> [TaskID: String] { [:] }
    func reasons(for waiting: [WaitingTask]) -> [ImageTaskID: WaitReason] { [:] }
}

/// Jumps over short waits; long ones last until the end of the run, and are counted.
private final class PatientClock: ScheduleClock {
    private let time = Cell(0.0)
    private let long = Cell(0)

    var longSleeps: Int { long.value }

    func now() -> Instant { Instant(seconds: time.value) }

    func sleep(seconds: Double) async throws {
        try Task.checkCancellation()
        guard seconds < 10_000 else {
            long.update { $0 += 1 }
            try await Task.sleep(for: .seconds(3600))
            return
        }
        time.update { $0 += seconds }
        for _ in 0..<20 { await Task.yield() }
    }
}
