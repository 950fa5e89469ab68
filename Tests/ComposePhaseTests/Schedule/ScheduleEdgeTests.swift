import Koji
import Testing

@testable import ComposePhase

/// Moments at which two things meet: a stop and a submit, a deadline and a resume, a limit and a wait.
@Suite("The schedule, where two things meet")
struct ScheduleEdgeTests {
    static let a = ScheduleStateTests.a
    static let b = ScheduleStateTests.b
    static let trouble = TakingUpTests.trouble

    static func at(_ seconds: Double) -> Instant { Instant(seconds: seconds) }

    static func seen(_ arches: [(String, TaskState)]) -> [ArchObservation] {
        arches.enumerated().map { ArchObservation(arch: $1.0, id: TaskID(50 + $0), state: $1.1) }
    }

    @Test("a wait that is over while a minute's submits are used up is due when those are")
    func waitUnderRate() {
        var policy = SchedulePolicy()
        policy.limits.submitsPerMinute = 1
        policy.retry.firstWait = 10
        var state = ScheduleState(policy: policy)
        _ = state.apply(.planned([TakingUpTests.task()]), at: Self.at(0))
        for (event, time) in [
            (.submitting(Self.a, after: nil), 0), (.submitted(Self.a, TaskID(5)), 1), (TakingUpTests.seen(.failed), 4),
            (.diagnosed(Self.a, Self.trouble), 5),
        ] as [(ScheduleEvent, Double)] { _ = state.apply(event, at: Self.at(time)) }
        #expect(state.nextWake == Self.at(60))
        #expect(state.apply(.timePassed, at: Self.at(15)).isEmpty)
        #expect(state.nextWake == Self.at(60), "else a timer would run over and over until then")
        #expect(state.apply(.timePassed, at: Self.at(60)) == [.submit(Self.a)])
    }

    @Test("who takes a run up looks at a task before it is overdue: it may have ended well long ago")
    func overdueWhileAway() {
        for (seen, isOverdue) in [(TaskState.closed, false), (.open, true)] {
            var state = TakingUpTests.state(TakingUpTests.onHub, TakingUpTests.task(deadline: 60))
            _ = state.apply(.resumed(by: "me"), at: Self.at(100_000))
            #expect(state.overdue(at: Self.at(100_001)).isEmpty)
            _ = state.apply(TakingUpTests.seen(seen), at: Self.at(100_010))
            #expect(state.overdue(at: Self.at(100_011)) == (isOverdue ? [Self.a] : []))
            if !isOverdue { #expect(state[Self.a]?.phase == .collecting(TaskID(5))) }
        }
    }

    @Test(
        "an intent that comes after the stop does not count: nothing is sent for it",
        arguments: [StopReason.leaving, .signal(15), .requiredImageFailed(b)])
    func intentAfterStop(reason: StopReason) {
        var state = TakingUpTests.state([.stopRequested(reason)])
        _ = state.apply(.submitting(Self.a, after: nil), at: Self.at(9))
        #expect(state[Self.a]?.phase == (reason == .leaving ? .waiting : .cancelled(nil)))
        #expect(state.isFinished)
    }

    @Test(
        "between the decision to stop and its event nothing may be sent, and a journal tells the same under any policy")
    func intentWhileStopping() {
        let required = ScheduledTask(id: Self.b, arches: ["x86_64"], failableArches: [])
        let events: [ScheduleEvent] = [
            .planned([required, TakingUpTests.task()]), .submitting(Self.b, after: nil),
            .refused(Self.b, TaskFailure(kind: .refused, message: "no")), .submitting(Self.a, after: nil),
        ]
        for keepsGoing in [false, true] {
            var state = ScheduleState(policy: .holding(keepsGoing: keepsGoing))
            ScheduleStateTests.apply(events, to: &state)
            #expect(state.takesSubmits == keepsGoing)
            // Whether it was sent is told by what comes next.
            #expect(state[Self.a]?.phase == .submitting(after: nil))
        }
    }

    @Test("what was brought in under wider limits is in the compose under narrower ones, too")
    func collectedUnderOtherLimits() {
        let missing = TaskFailure(kind: .notCollected, message: "404")
        for (event, isDone) in [
            (.collected(Self.b, images: ["x"], missing: [:]), true), (.notCollected(Self.b, missing), false),
        ] as [(ScheduleEvent, Bool)] {
            var state = ScheduleState(policy: .holding(collecting: 1))
            ScheduleStateTests.apply(
                [
                    .planned([ScheduleStateTests.required, ScheduleStateTests.failable]),
                    .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(1)), .submitting(Self.b, after: nil),
                    .submitted(Self.b, TaskID(2)), ScheduleStateTests.seen(Self.a, .closed),
                    ScheduleStateTests.seen(Self.b, .closed), event,
                ], to: &state)
            #expect(state.outcome.done == (isDone ? [Self.b] : []))
            #expect(state.outcome.failedFailable.map(\.failure) == (isDone ? [] : [missing]))
        }
    }

    @Test("a task that was taken up is news once: while it waits for a builder nothing is written")
    func newsOnce() {
        var state = TakingUpTests.state(TakingUpTests.onHub + [.resumed(by: "me")])
        let seen = TaskObservation(task: Self.a, state: .free)
        #expect(state.isNews(seen))
        _ = state.apply(.observed([seen]), at: Self.at(1))
        #expect(!state.isNews(seen))
    }

    @Test("what this process sent itself is watched: its cancellation is somebody's wish")
    func sentByThisProcess() {
        let canceled = TaskFailure(kind: .canceledOnHub, message: "canceled")
        let state = TakingUpTests.state(
            TakingUpTests.onHub + [
                .resumed(by: "me"), TakingUpTests.seen(.failed), .diagnosed(Self.a, Self.trouble),
                .submitting(Self.a, after: TaskID(5)), .submitted(Self.a, TaskID(9)), TakingUpTests.seen(.canceled),
                .diagnosed(Self.a, canceled),
            ])
        #expect(state.outcome.failedRequired.map(\.failure) == [canceled])
    }

    @Test("a scratch build of which every arch ended well, but not the whole, is built again with all of them")
    func scratchWithoutFailedArch() {
        var state = TakingUpTests.state(
            TakingUpTests.onHub + [TakingUpTests.seen(.failed)], TakingUpTests.task(scratch: true))
        let arches = Self.seen([("aarch64", .closed), ("x86_64", .closed)])
        _ = state.apply(.diagnosed(Self.a, Diagnosis(Self.trouble, arches: arches)), at: Self.at(0))
        #expect(state[Self.a]?.attempt.arches == ["aarch64", "x86_64"], "a build of no arch is none")
        #expect(state[Self.a]?.kept == [])
    }

    @Test("on request, too, only the arches of a scratch build are built again that failed; under a new release all")
    func scratchOnRequest() {
        let arches = Self.seen([("aarch64", .failed), ("x86_64", .closed)])
        for (release, expected, kept) in [
            (nil, ["aarch64"], [HubPart(TaskID(5), arches: ["x86_64"])]), ("2", ["aarch64", "x86_64"], []),
        ] as [(String?, [String], [HubPart])] {
            var state = TakingUpTests.state(
                TakingUpTests.onHub + [
                    TakingUpTests.seen(.failed), .diagnosed(Self.a, Diagnosis(TakingUpTests.depsolve, arches: arches)),
                    .resumed(by: "me"),
                ], TakingUpTests.task(scratch: true))
            #expect(
                state.apply(.retryRequested([Self.a], release: release), at: Self.at(1)) == [.submit(Self.a)])
            #expect(state[Self.a]?.attempt.arches == expected)
            #expect(state[Self.a]?.kept == kept)
        }
    }

    @Test("a build that is complete but for its tag has spent its release: it is not built again by itself")
    func untagged() {
        var state = TakingUpTests.state(TakingUpTests.onHub + [TakingUpTests.seen(.failed)])
        _ = state.apply(.diagnosed(Self.a, Diagnosis(Self.trouble, untagged: "tag it")), at: Self.at(1))
        #expect(state.outcome.failedRequired.map(\.failure) == [Self.trouble])
    }

    @Test("what is planned after the stop is not wanted")
    func plannedAfterStop() {
        var state = ScheduleState()
        _ = state.apply(.stopRequested(.composeUnusable("full")), at: Self.at(0))
        #expect(state.apply(.planned([TakingUpTests.task()]), at: Self.at(1)).isEmpty)
        #expect(state.isFinished)
        #expect(state.outcome.unfinished == [Self.a])
    }
}
