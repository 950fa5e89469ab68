import ComposePhase
import Koji
import Testing

/// The scheduler around the state: a scripted hub, a clock that jumps, no waiting.
@Suite("The scheduler", .timeLimit(.minutes(1)))
struct SchedulerTests {
    static func task(_ name: String, canFail: Bool = false) -> ImageTask {
        ImageTask(
            id: ImageTaskID("V/\(name)/raw"), variant: "V", subvariant: "V", manifestType: nil,
            method: "imageBuilderBuild", params: [], failableArches: canFail ? ["x86_64"] : [], canFail: canFail,
            arches: [ArchTask(arch: "x86_64", failable: canFail, repos: [], ostreeRef: nil, command: [])])
    }

    static let a = task("a")
    static let b = task("b")
    static let soft = task("soft", canFail: true)

    struct Ran {
        let outcome: ScheduleOutcome
        let hub: ScriptedHub
        let journal: MemoryJournal
        let scheduler: Scheduler
    }

    static func run(
        _ tasks: [ImageTask], on hub: ScriptedHub, collector: ScriptedCollector = ScriptedCollector(),
        journal: MemoryJournal = MemoryJournal(), policy: SchedulePolicy = SchedulePolicy()
    ) async -> Ran {
        let scheduler = Scheduler(
            tasks: tasks, hub: hub, collector: collector, journal: journal, clock: JumpingClock(), policy: policy,
            beginning: [.planned(tasks.map { $0.scheduled(by: policy) })])
        return Ran(outcome: await scheduler.run(), hub: hub, journal: journal, scheduler: scheduler)
    }

    @Test("a plan without tasks ends at once")
    func empty() async { #expect(await Self.run([], on: ScriptedHub()).outcome.isComplete) }

    @Test("every task is submitted once and collected")
    func good() async {
        let ran = await Self.run([Self.a, Self.b], on: ScriptedHub())
        #expect(ran.outcome.isComplete)
        #expect(Set(ran.outcome.done) == [Self.a.id, Self.b.id])
        #expect(await ran.hub.submitted.map(\.id) == [Self.a.id, Self.b.id])
    }

    @Test("the intent is in the journal before the id, and the replay of the journal is the state")
    func journal() async throws {
        let ran = await Self.run([Self.a], on: ScriptedHub())
        let entries = await ran.journal.entries
        let events = entries.map(\.event)
        let intent = try #require(
            events.firstIndex(of: .submitting(Self.a.id, Attempt(arches: ["x86_64"]), after: TaskID(100))))
        let answer = try #require(events.firstIndex(of: .submitted(Self.a.id, TaskID(101))))
        #expect(intent < answer)
        let state = ScheduleState(replaying: entries, policy: SchedulePolicy())
        #expect(state.isFinished)
        #expect(state.outcome.done == ran.outcome.done)
    }

    @Test("a failed required image cancels the others")
    func required() async {
        let hub = ScriptedHub([Self.a.id: .init(states: [.open, .failed]), Self.b.id: .init(states: [.free])])
        let ran = await Self.run([Self.a, Self.b], on: hub)
        #expect(ran.outcome.stopReason == .requiredImageFailed(Self.a.id))
        #expect(await hub.cancelled == [TaskID(102)])
        #expect(ran.outcome.unfinished == [Self.b.id])
    }

    @Test("a failed image that may fail stops nothing")
    func failable() async {
        let hub = ScriptedHub([Self.soft.id: .init(states: [.failed])])
        let ran = await Self.run([Self.soft, Self.a], on: hub)
        #expect(ran.outcome.stopReason == nil)
        #expect(ran.outcome.done == [Self.a.id])
        #expect(ran.outcome.failedFailable.map(\.task) == [Self.soft.id])
    }

    @Test("a lost answer that made nothing is sent again, once")
    func lostNothing() async {
        let hub = ScriptedHub([Self.a.id: .init(answer: .answerLost(wasDone: false))])
        let ran = await Self.run([Self.a], on: hub)
        #expect(ran.outcome.isComplete)
        #expect(await hub.submitted.count == 2)
    }

    @Test("a lost answer that made a task is adopted and not sent again")
    func lostTask() async {
        let hub = ScriptedHub([Self.a.id: .init(answer: .answerLost(wasDone: true), found: [777])])
        let ran = await Self.run([Self.a], on: hub)
        #expect(ran.outcome.isComplete)
        #expect(await hub.submitted.count == 1)
    }

    @Test("a task that the hub says it made is never sent again, found or not")
    func lostForGood() async {
        let hub = ScriptedHub([Self.a.id: .init(answer: .answerLost(wasDone: true))])
        let ran = await Self.run([Self.a], on: hub)
        #expect(await hub.submitted.count == 1)
        #expect(ran.outcome.failedRequired.first?.failure.kind == .lost)
        #expect(ran.outcome.failedRequired.first?.failure.message.contains("koji list-tasks") == true)
    }

    @Test("a hub that goes away ends the run, and what may run is listed")
    func hubGone() async {
        let hub = ScriptedHub(
            [Self.a.id: .init(states: [.open], cancelFailure: "unreachable")], diesAfter: 2)
        let ran = await Self.run([Self.a], on: hub)
        #expect(ran.outcome.stopReason == .hubUnusable("the hub is gone"))
        #expect(ran.outcome.leftRunning.map(\.hubTask) == [TaskID(101)])
    }

    @Test("a task that the hub has forgotten fails with a reason, and is not watched for ever")
    func forgotten() async {
        let hub = ScriptedHub([Self.a.id: .init(states: [.open], unknown: 1..<1000)])
        let ran = await Self.run([Self.a], on: hub)
        #expect(ran.outcome.failedRequired.map(\.task) == [Self.a.id])
        #expect(ran.outcome.failedRequired.first?.failure.message.contains("does not know task 101 any more") == true)
        #expect(await hub.looks == 4)
    }

    @Test("a task that the hub does not know for two rounds is none that it has forgotten")
    func briefly() async {
        let hub = ScriptedHub([Self.a.id: .init(states: [.open, .open, .open, .closed], unknown: 0..<2)])
        #expect(await Self.run([Self.a], on: hub).outcome.isComplete)
    }

    @Test("a hub that cannot be used for the first submit is no reason to try the second")
    func unusable() async {
        let hub = ScriptedHub([Self.a.id: .init(answer: .hubUnusable("offline"))])
        let ran = await Self.run([Self.a, Self.b], on: hub)
        #expect(await hub.submitted.map(\.id) == [Self.a.id])
        #expect(!ran.outcome.isComplete)
    }

    @Test("a full disk while collecting ends the run")
    func fullDisk() async {
        let collector = ScriptedCollector(failures: [
            Self.soft.id: TaskFailure(kind: .composeUnusable, message: "no space left")
        ])
        let ran = await Self.run([Self.soft], on: ScriptedHub(), collector: collector)
        #expect(ran.outcome.stopReason == .composeUnusable("no space left"))
    }

    @Test("a journal that cannot be written stops the run and still cancels")
    func brokenJournal() async {
        let hub = ScriptedHub([Self.a.id: .init(states: [.open])])
        let scheduler = Scheduler(
            tasks: [Self.a], hub: hub, collector: ScriptedCollector(), journal: BrokenJournal(after: 3),
            clock: JumpingClock(), beginning: [.planned([Self.a.scheduled(by: SchedulePolicy())])])
        let outcome = await scheduler.run()
        guard case .composeUnusable? = outcome.stopReason else {
            Issue.record("\(outcome)")
            return
        }
        #expect(await hub.cancelled == [TaskID(101)])
    }

    @Test("a stop from outside cancels what runs", arguments: [1, 2, 15] as [Int32])
    func signal(number: Int32) async {
        let hub = ScriptedHub([Self.a.id: .init(states: [.open])])
        let scheduler = Scheduler(
            tasks: [Self.a], hub: hub, collector: ScriptedCollector(), journal: MemoryJournal(), clock: JumpingClock(),
            beginning: [.planned([Self.a.scheduled(by: SchedulePolicy())])],
            observers: [StopAtFirstLook(number: number)])
        StopAtFirstLook.target.update { $0[number] = scheduler }
        let outcome = await scheduler.run()
        #expect(outcome.stopReason == .signal(number))
        #expect(await hub.cancelled == [TaskID(101)])
    }

    @Test("watching 1,200 builds takes three requests a round")
    func rounds() async {
        let tasks = (0..<1200).map { Self.task("i\($0)") }
        let hub = ScriptedHub()
        let ran = await Self.run(tasks, on: hub)
        #expect(ran.outcome.isComplete)
        let watching = await ran.scheduler.watching
        #expect(watching.requests <= 3 * watching.rounds)
        #expect(await hub.looks == watching.requests)
    }
}

/// Fails from the given append on.
private actor BrokenJournal: Journal {
    private var left: Int

    init(after left: Int) { self.left = left }

    func append(_ entries: [JournalEntry]) throws(JournalFailure) {
        left -= entries.count
        if left < 0 { throw JournalFailure(kind: .other, "the journal is broken") }
    }
}

/// Asks for a stop as soon as a task was seen running.
private struct StopAtFirstLook: ScheduleObserver {
    static let target = Cell<[Int32: Scheduler]>([:])
    let number: Int32

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) async {
        if case .observed = event { Self.target.value[number]?.stop(.signal(number)) }
    }
}
