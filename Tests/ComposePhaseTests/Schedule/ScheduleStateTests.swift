import ComposePhase
import Koji
import TestSupport
import Testing

/// The schedule by tables of events and actions: no clock, no hub.
@Suite("The schedule")
struct ScheduleStateTests {
    static let a = ImageTaskID("IoT/a/raw")
    static let b = ImageTaskID("IoT/b/raw")
    static let required = ScheduledTask(id: a, arches: ["aarch64", "x86_64"], failableArches: ["aarch64"])
    static let failable = ScheduledTask(id: b, arches: ["x86_64"], failableArches: ["x86_64"])
    static let boom = TaskFailure(kind: .failed, message: "boom")

    /// Applies events in order, each at its number as the time, and gives the last one's actions.
    @discardableResult
    static func apply(_ events: [ScheduleEvent], to state: inout ScheduleState) -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        for (time, event) in events.enumerated() { actions = state.apply(event, at: Instant(seconds: Double(time))) }
        return actions
    }

    static func seen(_ id: ImageTaskID, _ state: TaskState, _ arches: [ArchObservation] = []) -> ScheduleEvent {
        .observed([TaskObservation(task: id, state: state, arches: arches)])
    }

    @Test("all tasks are submitted at once, in the plan's order")
    func submitsAll() {
        var state = ScheduleState()
        #expect(
            Self.apply([.planned([Self.required, Self.failable])], to: &state) == [.submit(Self.a), .submit(Self.b)])
    }

    @Test("a limit holds tasks back until others have ended")
    func limit() {
        var state = ScheduleState(policy: .holding(tasks: 1))
        #expect(Self.apply([.planned([Self.required, Self.failable])], to: &state) == [.submit(Self.a)])
        #expect(
            Self.apply([.submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7))], to: &state).isEmpty)
        let actions = Self.apply([Self.seen(Self.a, .closed)], to: &state)
        #expect(actions == [.submit(Self.b), .collect(Self.a, TaskID(7))])
    }

    @Test("a task goes from submit to done")
    func goodTask() {
        var state = ScheduleState()
        let steps: [(ScheduleEvent, [ScheduleAction])] = [
            (.planned([Self.required]), [.submit(Self.a)]),
            (.submitting(Self.a, after: TaskID(4)), []),
            (.submitted(Self.a, TaskID(5)), []),
            (Self.seen(Self.a, .assigned), []),
            (
                Self.seen(Self.a, .open, [ArchObservation(arch: "x86_64", id: TaskID(6), state: .open)]), []
            ),
            (Self.seen(Self.a, .closed), [.collect(Self.a, TaskID(5))]),
            (.collected(Self.a, images: ["x"], missing: [:]), []),
        ]
        for (event, expected) in steps { #expect(state.apply(event, at: Instant(seconds: 0)) == expected) }
        #expect(state.isFinished)
        #expect(state.outcome.isComplete)
        #expect(ComposeStatus(state.outcome) == .finished)
    }

    @Test("a failed required task cancels what runs and holds back what waits")
    func requiredFails() {
        var state = ScheduleState(policy: .holding(tasks: 2))
        let third = ScheduledTask(id: ImageTaskID("IoT/c/raw"), arches: ["x86_64"], failableArches: [])
        Self.apply(
            [
                .planned([Self.required, Self.failable, third]),
                .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(1)),
                .submitting(Self.b, after: TaskID(1)), .submitted(Self.b, TaskID(2)),
            ], to: &state)
        #expect(Self.apply([Self.seen(Self.a, .failed)], to: &state) == [.diagnose(Self.a, TaskID(1), .failed)])
        let reason = StopReason.requiredImageFailed(Self.a)
        #expect(Self.apply([.diagnosed(Self.a, Self.boom)], to: &state) == [.stop(reason)])
        #expect(Self.apply([.stopRequested(reason)], to: &state) == [.cancel(Self.b, TaskID(2))])
        #expect(!state.isFinished)
        Self.apply([.cancelAnswered(Self.b, failure: nil)], to: &state)
        #expect(state.isFinished)
        #expect(state.stopReason == .requiredImageFailed(Self.a))
        #expect(state.outcome.failedRequired.map(\.task) == [Self.a])
        #expect(state.outcome.unfinished == [Self.b, third.id])
        #expect(ComposeStatus(state.outcome) == .doomed)
    }

    @Test("with keepsGoing the others are built to their end")
    func keepsGoing() {
        var state = ScheduleState(policy: .holding(keepsGoing: true))
        Self.apply(
            [
                .planned([Self.required, Self.failable]), .submitting(Self.a, after: nil),
                .submitted(Self.a, TaskID(1)), .submitting(Self.b, after: nil), .submitted(Self.b, TaskID(2)),
                Self.seen(Self.a, .failed),
            ], to: &state)
        #expect(Self.apply([.diagnosed(Self.a, Self.boom)], to: &state).isEmpty)
        #expect(Self.apply([Self.seen(Self.b, .closed)], to: &state) == [.collect(Self.b, TaskID(2))])
    }

    @Test("a failed failable task leaves the compose incomplete, not doomed")
    func failableFails() {
        var state = ScheduleState()
        Self.apply(
            [
                .planned([Self.failable]), .submitting(Self.b, after: nil), .submitted(Self.b, TaskID(2)),
                Self.seen(Self.b, .failed), .diagnosed(Self.b, Self.boom),
            ], to: &state)
        #expect(state.isFinished)
        #expect(state.stopReason == nil)
        #expect(ComposeStatus(state.outcome) == .finishedIncomplete)
    }

    @Test("a missing failable arch leaves the compose incomplete")
    func missingArch() {
        var state = ScheduleState()
        Self.apply(
            [
                .planned([Self.required]), .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(1)),
                Self.seen(Self.a, .closed),
                .collected(Self.a, images: ["x"], missing: ["aarch64": Self.boom]),
            ], to: &state)
        #expect(!state.outcome.isComplete)
        #expect(ComposeStatus(state.outcome) == .finishedIncomplete)
    }

    @Test("a refused submit of a required image stops the run")
    func refused() {
        var state = ScheduleState()
        let refusal = TaskFailure(kind: .refused, message: "no permission")
        let actions = Self.apply(
            [.planned([Self.required]), .submitting(Self.a, after: nil), .refused(Self.a, refusal)], to: &state)
        #expect(actions == [.stop(.requiredImageFailed(Self.a))])
        #expect(!state.isFinished, "the stop is still to be written down")
        Self.apply([.stopRequested(.requiredImageFailed(Self.a))], to: &state)
        #expect(state.isFinished)
        #expect(state.outcome.failedRequired.map(\.failure) == [refusal])
    }

    @Test(
        "a lost answer is looked up, and the hub decides",
        arguments: [
            ([], TaskPhase.waiting),
            ([9], .running(TaskID(9), .free)),
        ])
    func lostAnswer(found: [Int], expected: TaskPhase) throws {
        var state = ScheduleState()
        let actions = Self.apply(
            [.planned([Self.required]), .submitting(Self.a, after: TaskID(8)), .answerLost(Self.a, wasDone: false)],
            to: &state)
        #expect(actions == [.lookUp(Self.a, after: TaskID(8))])
        let next = Self.apply([.lookedUp(Self.a, found: found.map { TaskID($0) })], to: &state)
        #expect(state[Self.a]?.phase == expected)
        // Sent again only when nothing was made.
        #expect(next == (found.isEmpty ? [.submit(Self.a)] : []))
    }

    @Test("two equal tasks after a lost answer are listed and not guessed at")
    func ambiguous() throws {
        var state = ScheduleState()
        Self.apply(
            [
                .planned([Self.required]), .submitting(Self.a, after: nil), .answerLost(Self.a, wasDone: false),
                .lookedUp(Self.a, found: [TaskID(9), TaskID(10)]),
            ], to: &state)
        let failure = try #require(state.outcome.failedRequired.first?.failure)
        #expect(failure.kind == .lost)
        #expect(failure.message.contains("9, 10"))
    }

    @Test("a submit that is answered after the stop is canceled at once")
    func lateAnswer() {
        var state = ScheduleState()
        Self.apply(
            [.planned([Self.required]), .submitting(Self.a, after: nil), .stopRequested(.signal(15))], to: &state)
        #expect(!state.isFinished, "what was sent may be on the hub")
        #expect(Self.apply([.submitted(Self.a, TaskID(3))], to: &state) == [.cancel(Self.a, TaskID(3))])
        Self.apply([.cancelAnswered(Self.a, failure: "not the owner")], to: &state)
        #expect(state.isFinished)
        #expect(state.outcome.leftRunning.map(\.hubTask) == [TaskID(3)])
        #expect(ComposeStatus(state.outcome) == .terminated)
    }

    @Test("the first reason to stop is the one that is remembered")
    func firstReason() {
        var state = ScheduleState()
        Self.apply([.planned([Self.required]), .stopRequested(.signal(2)), .stopRequested(.signal(15))], to: &state)
        #expect(state.stopReason == .signal(2))
    }

    @Test("a full disk stops the run even if the image may fail")
    func fullDisk() {
        var state = ScheduleState(policy: .holding(keepsGoing: true))
        Self.apply(
            [
                .planned([Self.failable]), .submitting(Self.b, after: nil), .submitted(Self.b, TaskID(2)),
                Self.seen(Self.b, .closed),
            ], to: &state)
        let full = TaskFailure(kind: .composeUnusable, message: "disk full")
        #expect(Self.apply([.notCollected(Self.b, full)], to: &state) == [.stop(.composeUnusable("disk full"))])
    }

    @Test("no more are collected at once than the limit says")
    func collectingLimit() {
        var state = ScheduleState(policy: .holding(collecting: 1))
        Self.apply(
            [
                .planned([Self.required, Self.failable]), .submitting(Self.a, after: nil),
                .submitted(Self.a, TaskID(1)), .submitting(Self.b, after: nil), .submitted(Self.b, TaskID(2)),
            ], to: &state)
        #expect(Self.apply([Self.seen(Self.a, .closed)], to: &state) == [.collect(Self.a, TaskID(1))])
        #expect(Self.apply([Self.seen(Self.b, .closed)], to: &state).isEmpty)
        #expect(
            Self.apply([.collected(Self.a, images: ["x"], missing: [:])], to: &state) == [
                .collect(Self.b, TaskID(2))
            ])
    }

    @Test("final tasks are never asked about again, children only until all are known")
    func watchList() throws {
        var state = ScheduleState()
        Self.apply(
            [
                .planned([Self.required, Self.failable]), .submitting(Self.a, after: nil),
                .submitted(Self.a, TaskID(1)), .submitting(Self.b, after: nil), .submitted(Self.b, TaskID(2)),
            ], to: &state)
        #expect(state.watchList.ids == [TaskID(1), TaskID(2)])
        #expect(state.watchList.parentsWithoutChildren.isEmpty, "a FREE parent has no children yet")
        Self.apply([Self.seen(Self.a, .open)], to: &state)
        #expect(state.watchList.parentsWithoutChildren == [TaskID(1)])
        Self.apply(
            [
                Self.seen(
                    Self.a, .open,
                    [
                        ArchObservation(arch: "aarch64", id: TaskID(3), state: .closed),
                        ArchObservation(arch: "x86_64", id: TaskID(4), state: .free),
                    ])
            ], to: &state)
        #expect(state.watchList.parentsWithoutChildren.isEmpty)
        #expect(state.watchList.ids == [TaskID(1), TaskID(4), TaskID(2)])
        Self.apply([Self.seen(Self.b, .closed)], to: &state)
        #expect(state.watchList.ids == [TaskID(1), TaskID(4)])
    }

    @Test("one request for every 500 image builds", arguments: [(0, 0), (1, 1), (500, 1), (501, 2), (10_000, 20)])
    func slices(builds: Int, requests: Int) {
        var state = ScheduleState()
        let tasks = (0..<builds).map {
            ScheduledTask(id: ImageTaskID("V/i\($0)/raw"), arches: ["aarch64", "x86_64"], failableArches: [])
        }
        Self.apply([.planned(tasks)], to: &state)
        for (number, task) in tasks.enumerated() {
            Self.apply([.submitting(task.id, after: nil), .submitted(task.id, TaskID(number + 1))], to: &state)
        }
        #expect(state.watchList.slices().count == requests)
        #expect(state.watchList.slices().flatMap(\.ids).count == builds)
    }

    @Test("many tasks are looked at less often when rounds cost the hub time")
    func pace() {
        let pace = WatchPace()
        #expect(pace.pause(afterRoundOf: 3, unfinished: 200) == 10)
        #expect(pace.pause(afterRoundOf: 0.1, unfinished: 201) == 10)
        #expect(pace.pause(afterRoundOf: 3, unfinished: 201) == 60)
    }

    @Test("whatever order events come in, each task ends once and limits hold (property, seeded)")
    func randomWalk() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let limit = Int.random(in: 1...4, using: &generator)
            var state = ScheduleState(policy: .holding(tasks: limit, collecting: 2))
            let tasks = (0..<6).map {
                ScheduledTask(
                    id: ImageTaskID("V/\($0)/raw"), arches: ["x86_64"],
                    failableArches: Bool.random(using: &generator) ? ["x86_64"] : [])
            }
            var pending = state.apply(.planned(tasks), at: Instant(seconds: 0))
            var submitted: [ImageTaskID: Int] = [:]
            var steps = 0
            while !pending.isEmpty || !state.isFinished, steps < 1000 {
                steps += 1
                var event: ScheduleEvent?
                if !pending.isEmpty, Bool.random(using: &generator) {
                    switch pending.remove(at: Int.random(in: 0..<pending.count, using: &generator)) {
                    case .submit(let id):
                        pending += state.apply(.submitting(id, after: nil), at: Instant(seconds: 1))
                        guard case .submitting? = state[id]?.phase else { continue }
                        submitted[id, default: 0] += 1
                        event = .submitted(id, TaskID(steps))
                    case .collect(let id, _, _): event = .collected(id, images: ["x"], missing: [:])
                    case .diagnose(let id, _, _): event = .diagnosed(id, Self.boom)
                    case .cancel(let id, _): event = .cancelAnswered(id, failure: nil)
                    case .lookUp(let id, _): event = .lookedUp(id, found: [])
                    case .stop(let reason): event = .stopRequested(reason)
                    }
                } else if let tree = state.watchList.trees.randomElement(using: &generator) {
                    let states: [TaskState] = [.free, .assigned, .open, .closed, .failed, .canceled]
                    event = Self.seen(tree.task, states.randomElement(using: &generator) ?? .open)
                }
                if let event { pending += state.apply(event, at: Instant(seconds: 2)) }
                #expect(state.watchList.trees.count <= limit, "seed \(seed)")
            }
            #expect(state.isFinished, "seed \(seed)")
            #expect(submitted.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        }
    }
}
