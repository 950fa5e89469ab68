import Koji
import Synchronization
import TestSupport
import Testing

@testable import ComposePhase

@Suite("The trace of a run")
struct RunTracerTests {
    /// Keeps what it gets.
    final class Kept: SpanSink {
        private let state = Mutex<[Span]>([])
        func take(_ span: Span) { state.withLock { $0.append(span) } }
        func finish() async {}
        var spans: [Span] { state.withLock { $0 } }
        func named(_ name: String) -> [Span] { spans.filter { $0.name == name } }
    }

    struct Stopped: ScheduleClock {
        var seconds = 1_000_000.0
        func now() -> Instant { Instant(seconds: seconds) }
        func sleep(seconds: Double) async throws {}
    }

    static let parent = TraceContext(
        traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", state: "a=b")

    static func identity(_ policy: SchedulePolicy = SchedulePolicy()) -> RunIdentity {
        RunIdentity(
            compose: "Fedora-1.0", hub: "https://u:s3cr3t@hub.invalid/kojihub", weburl: "https://hub.invalid/koji",
            host: "h", pid: 1, version: "1", isRehearsal: false, policy: policy)
    }

    static func tracer(
        _ sink: Kept, in parent: TraceContext? = nil, continuing kept: TraceOrigin? = nil, seed: UInt64 = 1
    ) -> RunTracer {
        RunTracer(
            TraceSettings(destination: .console, resource: [:], parent: parent), continuing: kept, sink: sink,
            clock: Stopped(), generator: SeededGenerator(seed: seed))
    }

    // MARK: Whose trace

    @Test("a run is a part of the span that it was started in, and hands on its own")
    func parented() async throws {
        let sink = Kept()
        let tracer = Self.tracer(sink, in: Self.parent)
        tracer.begin(Self.identity(), tasks: [])
        #expect(
            tracer.origin
                == TraceOrigin(trace: try #require(Self.parent).trace, parent: Self.parent?.span, state: "a=b"))
        let context = tracer.context
        await tracer.end(ScheduleOutcome(), failure: nil)
        await tracer.end(ScheduleOutcome(), failure: nil)
        let run = try #require(sink.spans.first)
        #expect(sink.spans.count == 1, "a run ends once")
        #expect(run.name == "imagebuilder" && run.parent == Self.parent?.span && run.id == context.span)
        #expect(run.state == "a=b" && run.status == .unset)
        #expect(run.attributes["compose_id"] == "Fedora-1.0")
        #expect(run.attributes["phase_runner.status"] == "FINISHED")
        #expect(run.attributes["phase_runner.hub"] == "https://hub.invalid/kojihub")
    }

    @Test("a run that is taken up stays in its trace; another trace that it is taken up in is a link")
    func continued() async throws {
        let kept = TraceOrigin(trace: try #require(Self.parent).trace, parent: Self.parent?.span)
        let other = try #require(
            TraceContext(traceParent: "00-11111111111111111111111111111111-2222222222222222-01"))
        let same = try #require(
            TraceContext(traceParent: "00-0af7651916cd43dd8448eb211c80319c-3333333333333333-01"))
        let cases: [(TraceContext?, SpanID?, Int)] = [
            (nil, kept.parent, 0), (other, kept.parent, 1), (same, same.span, 0),
        ]
        for (given, parent, links) in cases {
            let sink = Kept()
            let tracer = Self.tracer(sink, in: given, continuing: kept)
            #expect(tracer.origin == kept)
            await tracer.end(nil, failure: "no journal")
            #expect(sink.spans.map(\.trace) == [kept.trace])
            #expect(sink.spans.map(\.parent) == [parent])
            #expect(sink.spans.map(\.links.count) == [links])
            #expect(sink.spans.map(\.status) == [.error("no journal")])
        }
    }

    @Test("how a run ends is the status of its span")
    func endings() async {
        let failure = TaskFailure(kind: .failed, message: "m")
        let cases: [(ScheduleOutcome, String, Bool)] = [
            (ScheduleOutcome(), "FINISHED", false),
            (ScheduleOutcome(failedFailable: [(ImageTaskID("a"), failure)]), "FINISHED_INCOMPLETE", false),
            (ScheduleOutcome(failedRequired: [(ImageTaskID("a"), failure)]), "DOOMED", true),
            (ScheduleOutcome(stopReason: .signal(15)), "TERMINATED", true),
            (ScheduleOutcome(stopReason: .hubUnusable("x")), "DOOMED", true),
        ]
        for (outcome, status, isError) in cases {
            let sink = Kept()
            let tracer = Self.tracer(sink)
            await tracer.end(outcome, failure: nil)
            #expect(sink.spans.first?.attributes["phase_runner.status"] == .string(status))
            #expect((sink.spans.first?.status != .unset) == isError, "\(status)")
        }
        let sink = Kept()
        await Self.tracer(sink).end(ScheduleOutcome(stopReason: .leaving), failure: nil)
        #expect(sink.spans.first?.status == .unset, "left on purpose is no error")
    }

    // MARK: Calls

    @Test("a call of the hub is a part of its image, of the call that it is made in, or of the run")
    func calls() async throws {
        let sink = Kept()
        let tracer = Self.tracer(sink)
        let id = ImageTaskID("IoT/a/raw")
        tracer.begin(Self.identity(), tasks: [])
        var state = ScheduleState()
        for event in [
            ScheduleEvent.planned([ScheduledTask(id: id, arches: ["x86_64"], failableArches: [])]),
            .submitting(id, Attempt(arches: ["x86_64"]), after: nil), .submitted(id, TaskID(7)),
        ] {
            _ = state.apply(event, at: Instant(seconds: 1))
            tracer.scheduleChanged(state, by: event, at: Instant(seconds: 1))
        }
        tracer.begins(HubCall(method: "getTaskInfo", params: [.int(1)], server: "http://h")).ends(nil)
        TraceScope.$image.withValue(id) {
            let outer = tracer.begins(
                HubCall(
                    method: "imageBuilderBuild", params: [.string("https://u:s3cr3t@h/x"), .bytes([1])],
                    server: "http://h"))
            HubCallScope.$current.withValue(outer) {
                tracer.begins(HubCall(method: "login", params: nil, server: "http://h")).ends(nil)
            }
            outer.repeats(after: "the connection broke")
            outer.ends(
                KojiFailure(kind: .unreachable, message: "gone", method: "imageBuilderBuild", url: "http://h"))
        }
        tracer.begins(HubCall(method: "getTaskResult", params: [], server: "http://h")).ends(
            KojiFailure(kind: .fault, message: "task failed", method: "getTaskResult", url: "http://h"))
        let image = try #require(tracer.begins(HubCall(method: "x", params: [], server: "")) as? HubCallSpan)
        image.ends(nil)
        let submit = try #require(sink.named("ClientSession.imageBuilderBuild").first)
        let poll = try #require(sink.named("ClientSession.getTaskInfo").first)
        #expect(poll.parent == tracer.context.span && poll.kind == .client && poll.status == .unset)
        #expect(poll.attributes["arguments"] == "[1]" && poll.attributes["multicall"] == false)
        #expect(submit.parent == SpanID(of: "image \(id) 0", in: tracer.origin.trace))
        #expect(submit.attributes["arguments"] == #"["https://h/x","1 bytes"]"#)
        #expect(submit.status == .error("gone") && submit.attributes["error.type"] == "unreachable")
        #expect(submit.events.map(\.name) == ["retry"])
        let login = try #require(sink.named("ClientSession.login").first)
        #expect(login.parent == submit.id && login.attributes["arguments"] == nil)
        #expect(sink.named("ClientSession.getTaskResult").first?.status == .unset, "the call has done its work")
        #expect(!"\(sink.spans)".contains("s3cr3t"))
    }

    @Test("arguments are cut where they are long, and a multicall says how many calls it holds")
    func arguments() {
        let many = MultiCall.call((0..<500).map { XMLRPCCall(method: "getTaskInfo", params: [.int(Int64($0))]) })
        let attributes = HubCallSpan.attributes(HubCall(method: "multiCall", params: many.params, server: "http://h"))
        #expect(attributes["phase_runner.calls"] == 500 && attributes["multicall"] == true)
        guard case .string(let text)? = attributes["arguments"] else { return #expect(Bool(false)) }
        #expect(text.count <= SpanText.longest + 1 && text.hasPrefix(#"[[{"methodName":"getTaskInfo","params":[0]}"#))
        let deep = HubCall(method: "x", params: [.string(String(repeating: "x", count: 1 << 20))], server: "")
        guard case .string(let cut)? = HubCallSpan.attributes(deep)["arguments"] else { return #expect(Bool(false)) }
        #expect(cut.count <= SpanText.longest + 1)
    }

    // MARK: Taking up

    @Test("a run that was killed at any moment and taken up sends each span once, and every one finds its parent")
    func takenUp() async {
        for _ in 0..<100 {
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            let world = SchedulePropertyTests.World(using: &random, keepsGoing: true)
            var calm = ScheduleGame(world.tasks, world.hub, policy: world.policy, losesAnswers: true)
            _ = calm.play(using: &random)
            let moment = Int.random(in: 1...calm.journal.count, using: &random)
            let journal = Array(calm.journal.prefix(moment))
            let sink = Kept()

            let first = Self.tracer(sink, seed: seed)
            first.begin(Self.identity(world.policy), tasks: [])
            Self.lead(first, through: journal[...], after: [], world.policy)
            first.begins(HubCall(method: "getTaskInfo", params: [], server: "")).ends(nil)

            var game = ScheduleGame(resuming: journal, calm.hubs[moment - 1], policy: world.policy, at: 10_000)
            _ = game.play(using: &random)
            let before = sink.spans.count
            let second = Self.tracer(sink, continuing: first.origin, seed: seed &+ 1)
            second.begin(Self.identity(world.policy), tasks: [], journalled: journal)
            Self.lead(second, through: game.journal[moment...], after: journal, world.policy)
            let later = sink.spans.dropFirst(before).filter { $0.name.hasPrefix("image ") }
            #expect(later.allSatisfy { $0.parent == second.context.span }, "seed \(seed): its parent may never be sent")
            await second.end(game.state.outcome, failure: nil)

            let spans = sink.spans
            let ids = Set(spans.map(\.id))
            #expect(ids.count == spans.count, "seed \(seed): a span was sent twice")
            #expect(Set(spans.map(\.trace)).count == 1, "seed \(seed)")
            let orphans = spans.filter { span in span.parent.map { !ids.contains($0) } ?? false }
            #expect(orphans.isEmpty, "seed \(seed): \(orphans.map(\.name))")
            #expect(
                spans.count { $0.name == "imagebuilder" } == 2, "seed \(seed): the killed process's run is sent, too")
            for task in world.tasks {
                let images = spans.filter { $0.name == "image \(task.id)" }
                #expect(!images.isEmpty, "seed \(seed): \(task.id) has no span")
            }
        }
    }

    private static func lead(
        _ tracer: RunTracer, through entries: ArraySlice<JournalEntry>, after before: [JournalEntry],
        _ policy: SchedulePolicy
    ) {
        var state = ScheduleState(replaying: before, policy: policy)
        for entry in entries {
            _ = state.apply(entry.event, at: entry.instant)
            tracer.scheduleChanged(state, by: entry.event, at: entry.instant)
        }
    }

    @Test("a process that wrote down its end is not sent again by the next one")
    func ended() async {
        let journal: [JournalEntry] = [.planned([]), .ended].enumerated().map {
            JournalEntry(instant: Instant(seconds: Double($0.offset)), event: $0.element)
        }
        let sink = Kept()
        let first = Self.tracer(sink)
        first.begin(Self.identity(), tasks: [])
        await first.end(ScheduleOutcome(), failure: nil)
        let second = Self.tracer(sink, continuing: first.origin, seed: 2)
        second.begin(Self.identity(), tasks: [], journalled: journal)
        await second.end(ScheduleOutcome(), failure: nil)
        // It found nothing to do, so the next one does not know of it.
        let third = Self.tracer(sink, continuing: first.origin, seed: 3)
        third.begin(Self.identity(), tasks: [], journalled: journal)
        await third.end(ScheduleOutcome(), failure: nil)
        #expect(sink.spans.count == 3 && Set(sink.spans.map(\.id)).count == 3)
        #expect(sink.spans.map { $0.attributes["phase_runner.process"] } == [0, 1, 1])
    }
}
