import Koji
import Testing

@testable import ComposePhase

/// What becomes of each phase when another process takes the run up, and of tries, deadlines and limits: tables of events.
@Suite("The schedule, taken up and tried again")
struct TakingUpTests {
    static let a = ScheduleStateTests.a
    static let b = ScheduleStateTests.b
    static let trouble = TaskFailure(
        kind: .failed, message: "boom",
        cause: FailureCause(rule: "loop-device", kind: .builder, remedy: nil, evidence: "losetup"))
    static let depsolve = TaskFailure(
        kind: .failed, message: "boom",
        cause: FailureCause(rule: "depsolve", kind: .content, remedy: nil, evidence: "no such package"))

    static func task(attempts: Int = 3, scratch: Bool = false, deadline: Double? = nil) -> ScheduledTask {
        ScheduledTask(
            id: a, arches: ["aarch64", "x86_64"], failableArches: [], target: "t", isScratch: scratch,
            deadline: deadline, attempts: attempts)
    }

    static func state(_ events: [ScheduleEvent], _ task: ScheduledTask = task()) -> ScheduleState {
        var state = ScheduleState()
        ScheduleStateTests.apply([.planned([task])] + events, to: &state)
        return state
    }

    static let onHub: [ScheduleEvent] = [.submitting(a, after: TaskID(4)), .submitted(a, TaskID(5))]
    static func seen(_ state: TaskState) -> ScheduleEvent { ScheduleStateTests.seen(a, state) }

    @Test(
        "nothing goes on by itself: what was asked is asked again, what was canceled is wanted again",
        arguments: [
            ([], .waiting, [.submit(a)]),
            (
                [.submitting(a, after: TaskID(4))], .lost(after: TaskID(4), wasDone: false),
                [.lookUp(a, after: TaskID(4))]
            ),
            (
                [.submitting(a, after: TaskID(4)), .answerLost(a, wasDone: true)],
                .lost(after: TaskID(4), wasDone: true), [.lookUp(a, after: TaskID(4))]
            ),
            (onHub, .running(TaskID(5), .free), []),
            (onHub + [seen(.open)], .running(TaskID(5), .open), []),
            (onHub + [seen(.failed)], .diagnosing(TaskID(5), .failed), [.diagnose(a, TaskID(5), .failed)]),
            (onHub + [seen(.closed)], .collecting(TaskID(5)), [.collect(a, TaskID(5))]),
            (onHub + [.stopRequested(.signal(15))], .running(TaskID(5), .free), []),
            (
                onHub + [.stopRequested(.signal(15)), .cancelAnswered(a, failure: nil)], .running(TaskID(5), .free), []
            ),
            (
                onHub + [.stopRequested(.signal(15)), .cancelAnswered(a, failure: "no")], .running(TaskID(5), .free), []
            ),
            ([.stopRequested(.signal(15))], .waiting, [.submit(a)]),
            (
                onHub + [seen(.closed), .notCollected(a, TaskFailure(kind: .composeUnusable, message: "full"))],
                .collecting(TaskID(5)), [.collect(a, TaskID(5))]
            ),
            (
                [.submitting(a, after: TaskID(4)), .answerLost(a, wasDone: false), .lookUpFailed(a, reason: "gone")],
                .lost(after: TaskID(4), wasDone: false), [.lookUp(a, after: TaskID(4))]
            ),
            ([.submitting(a, after: nil), .unsent(a)], .waiting, [.submit(a)]),
            (onHub + [seen(.failed), .diagnosed(a, depsolve)], .failed(TaskID(5), depsolve), []),
        ] as [([ScheduleEvent], TaskPhase, [ScheduleAction])])
    func takenUp(events: [ScheduleEvent], phase: TaskPhase, actions: [ScheduleAction]) {
        var state = Self.state(events)
        #expect(state.apply(.resumed(by: "me"), at: Instant(seconds: 100)) == actions)
        #expect(state[Self.a]?.phase == phase)
        #expect(state.stopReason == nil)
    }

    @Test("what was canceled while nobody watched is built again, but for a build that was complete")
    func unwatched() {
        for (untagged, phase) in [
            (nil, TaskPhase.waiting), ("tag it", .collecting(TaskID(5))),
        ] as [(String?, TaskPhase)] {
            var state = Self.state(Self.onHub + [.resumed(by: "me"), Self.seen(.canceled)])
            let canceled = TaskFailure(kind: .canceledOnHub, message: "canceled")
            _ = state.apply(.diagnosed(Self.a, Diagnosis(canceled, untagged: untagged)), at: Instant(seconds: 9))
            #expect(state[Self.a]?.phase == phase)
        }
        // Watched, a cancellation is somebody's wish.
        let watched = Self.state(
            Self.onHub + [Self.seen(.canceled), .diagnosed(Self.a, TaskFailure(kind: .canceledOnHub, message: "x"))])
        #expect(watched.outcome.failedRequired.count == 1)
    }

    @Test("a builder's trouble is tried again later, all of it under the same release")
    func triedAgain() {
        var state = Self.state(Self.onHub + [Self.seen(.failed)])
        let actions = state.apply(.diagnosed(Self.a, Diagnosis(Self.trouble, chance: 1)), at: Instant(seconds: 10))
        #expect(actions.isEmpty)
        #expect(state[Self.a]?.phase == .waiting)
        #expect(state.nextWake == Instant(seconds: 70))
        #expect(
            state.waitReason(of: Self.a, at: Instant(seconds: 11)) == .backOff(until: Instant(seconds: 70), attempt: 2))
        #expect(state.apply(.timePassed, at: Instant(seconds: 69)).isEmpty)
        #expect(state.apply(.timePassed, at: Instant(seconds: 70)) == [.submit(Self.a)])
        #expect(state[Self.a]?.attempt == Attempt(number: 2, arches: ["aarch64", "x86_64"]))
    }

    @Test("errors of content are final at once, trouble when the tries are used up")
    func final() {
        let content = Self.state(Self.onHub + [Self.seen(.failed), .diagnosed(Self.a, Self.depsolve)])
        #expect(content.outcome.failedRequired.map(\.failure) == [Self.depsolve])
        let used = Self.state(
            Self.onHub + [Self.seen(.failed), .diagnosed(Self.a, Self.trouble)], Self.task(attempts: 1))
        #expect(used.outcome.failedRequired.map(\.failure) == [Self.trouble])
    }

    @Test("of a scratch build only what failed is built again, and both tasks' results are taken")
    func scratch() {
        let arches = [
            ArchObservation(arch: "aarch64", id: TaskID(6), state: .failed),
            ArchObservation(arch: "x86_64", id: TaskID(7), state: .closed),
        ]
        var state = Self.state(Self.onHub + [Self.seen(.failed)], Self.task(scratch: true))
        _ = state.apply(.diagnosed(Self.a, Diagnosis(Self.trouble, arches: arches)), at: Instant(seconds: 0))
        let next = Attempt(number: 2, arches: ["aarch64"])
        #expect(state[Self.a]?.attempt == next)
        ScheduleStateTests.apply(
            [.submitting(Self.a, next, after: TaskID(5)), .submitted(Self.a, TaskID(8))], to: &state)
        let parts = [HubPart(TaskID(5), arches: ["x86_64"]), HubPart(TaskID(8), arches: ["aarch64"])]
        #expect(
            state.apply(Self.seen(.closed), at: Instant(seconds: 99)) == [.collect(Self.a, parts, replacing: [])])
    }

    @Test("a failed image is built again on request, a failed collection is only fetched again")
    func onRequest() {
        var failed = Self.state(
            Self.onHub + [Self.seen(.failed), .diagnosed(Self.a, Self.depsolve), .resumed(by: "me")])
        #expect(failed.apply(.retryRequested([Self.a], release: "2"), at: Instant(seconds: 1)) == [.submit(Self.a)])
        #expect(failed[Self.a]?.attempt.release == "2")
        let lost = TaskFailure(kind: .notCollected, message: "404")
        var fetched = Self.state(Self.onHub + [Self.seen(.closed), .notCollected(Self.a, lost), .resumed(by: "me")])
        #expect(
            fetched.apply(.retryRequested([Self.a], release: nil), at: Instant(seconds: 1)) == [
                .collect(Self.a, TaskID(5))
            ])
    }

    @Test("an image that lacks an arch keeps what it has when the new release fails")
    func keepsFormer() {
        let missing = ["aarch64": Self.depsolve]
        var state = Self.state(Self.onHub + [Self.seen(.closed), .collected(Self.a, images: ["x"], missing: missing)])
        ScheduleStateTests.apply([.resumed(by: "me"), .retryRequested([Self.a], release: "2")], to: &state)
        ScheduleStateTests.apply(
            [
                .submitting(Self.a, Attempt(number: 2, arches: ["aarch64", "x86_64"], release: "2"), after: nil),
                .submitted(Self.a, TaskID(9)), Self.seen(.failed), .diagnosed(Self.a, Self.depsolve),
            ], to: &state)
        guard case .done(TaskID(5), let images, let left)? = state[Self.a]?.phase else {
            Issue.record("\(String(describing: state[Self.a]?.phase))")
            return
        }
        #expect(images.map(\.path) == ["IoT/x86_64/images/x"])
        #expect(left.keys.sorted() == ["aarch64"])
    }

    @Test("a task that is on the hub for too long is canceled, and has failed")
    func overdue() {
        var state = Self.state(Self.onHub, Self.task(deadline: 60))
        // Its submit was answered at second 2.
        #expect(state.nextWake == Instant(seconds: 62))
        #expect(state.overdue(at: Instant(seconds: 61)).isEmpty)
        #expect(state.overdue(at: Instant(seconds: 62)) == [Self.a])
        #expect(state.apply(.overdue(Self.a), at: Instant(seconds: 62)) == [.cancel(Self.a, TaskID(5))])
        _ = state.apply(.cancelAnswered(Self.a, failure: nil), at: Instant(seconds: 63))
        #expect(state.outcome.failedRequired.first?.failure.kind == .overdue)
    }

    @Test("leaving cancels nothing and ends when all submits are answered; SIGINT then cancels after all")
    func leaving() {
        var state = Self.state([.submitting(Self.a, after: nil)])
        #expect(state.apply(.stopRequested(.leaving), at: Instant(seconds: 5)).isEmpty)
        #expect(!state.isFinished, "the answer is still to come")
        #expect(state.apply(.submitted(Self.a, TaskID(5)), at: Instant(seconds: 6)).isEmpty)
        #expect(state.isFinished)
        #expect(ComposeStatus(state.outcome) == .started)
        #expect(state.apply(.stopRequested(.signal(2)), at: Instant(seconds: 7)) == [.cancel(Self.a, TaskID(5))])
        #expect(state.stopReason == .signal(2))
    }

    @Test("who goes first: the higher priority, then the plan's order; a full lane holds nobody else back")
    func order() {
        var policy = SchedulePolicy()
        policy.limits.tasks = 3
        policy.limits.perArch = ["aarch64": 1]
        policy.limits.perTarget = ["slow": 1]
        var state = ScheduleState(policy: policy)
        func task(_ name: String, _ arch: String, _ target: String, _ priority: Int = 0) -> ScheduledTask {
            ScheduledTask(
                id: ImageTaskID(name), arches: [arch], failableArches: [], target: target, priority: priority)
        }
        let actions = state.apply(
            .planned([
                task("1", "aarch64", "t"), task("2", "aarch64", "t"), task("3", "x86_64", "slow"),
                task("4", "x86_64", "slow"), task("5", "x86_64", "t", 5), task("6", "x86_64", "t"),
            ]), at: Instant(seconds: 0))
        #expect(actions == ["5", "1", "3"].map { .submit(ImageTaskID($0)) })
        #expect(state.waitReason(of: ImageTaskID("6"), at: Instant(seconds: 0)) == .ourLimit("tasks", 3))
    }

    @Test("a minute's submits are counted, and the next one goes when the first no longer counts")
    func rate() {
        var policy = SchedulePolicy()
        policy.limits.submitsPerMinute = 1
        var state = ScheduleState(policy: policy)
        let tasks = [ScheduleStateTests.required, ScheduleStateTests.failable]
        #expect(state.apply(.planned(tasks), at: Instant(seconds: 0)) == [.submit(Self.a)])
        _ = state.apply(.submitting(Self.a, after: nil), at: Instant(seconds: 10))
        #expect(state.nextWake == Instant(seconds: 70))
        #expect(state.apply(.timePassed, at: Instant(seconds: 69.9)).isEmpty)
        #expect(state.apply(.timePassed, at: Instant(seconds: 70)) == [.submit(Self.b)])
    }
}
