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
}
