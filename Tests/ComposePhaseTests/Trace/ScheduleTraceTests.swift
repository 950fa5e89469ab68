import Koji
import TestSupport
import Testing

@testable import ComposePhase

@Suite("The spans of images and arches")
struct ScheduleTraceTests {
    static let a = ImageTaskID("IoT/a/raw")
    static let b = ImageTaskID("IoT/b/raw")
    static let policy: SchedulePolicy = {
        var policy = SchedulePolicy.holding(keepsGoing: true)
        policy.retry.attempts = 2
        return policy
    }()
    static let image = CollectedImage.named("x.raw.xz", of: a)
    static let transient = TaskFailure(
        kind: .failed, message: "no loop device at https://u:s3cr3t@hub/x",
        cause: FailureCause(rule: "loop-device", kind: .builder, remedy: "reboot it", evidence: "e"))

    /// Leads a schedule through events, a second apart, and keeps what ended.
    struct World {
        var trace: ScheduleTrace
        var state: ScheduleState
        var spans: [Span] = []
        var now = 100.0
        let run: SpanID

        init(_ ids: [ImageTaskID] = [a]) throws {
            let number = try #require(TraceID("0af7651916cd43dd8448eb211c80319c"))
            run = SpanID(of: "run 0", in: number)
            let tasks = ids.map {
                ImageTask(
                    id: $0, variant: "IoT", subvariant: "Sub", manifestType: nil, method: "m", params: [],
                    failableArches: ["aarch64"], canFail: false, arches: [])
            }
            trace = ScheduleTrace(trace: number, tasks: tasks, weburl: "https://koji.invalid/koji")
            state = ScheduleState(policy: policy)
            let scheduled = ids.map {
                ScheduledTask(
                    id: $0, arches: ["aarch64", "x86_64"], failableArches: ["aarch64"], target: "f44", attempts: 2)
            }
            take(.planned(scheduled))
        }

        mutating func take(_ events: ScheduleEvent...) {
            for event in events {
                now += 1
                let instant = Instant(seconds: now)
                _ = state.apply(event, at: instant)
                spans += trace.note(event, state, at: instant, in: run)
            }
        }

        subscript(name: String) -> [Span] { spans.filter { $0.name == name } }
    }

    static func arch(
        _ arch: String, _ id: Int, _ state: TaskState, _ started: Double? = nil, _ ended: Double? = nil
    ) -> ArchObservation {
        ArchObservation(arch: arch, id: TaskID(id), state: state, host: "b-\(id)", started: started, ended: ended)
    }

    static func seen(_ state: TaskState, _ arches: ArchObservation...) -> ScheduleEvent {
        .observed([TaskObservation(task: a, state: state, host: "b", started: 1, arches: arches)])
    }

    @Test("an image is a span from its first submit to its end, and each arch one as the hub tells")
    func good() throws {
        var world = try World()
        world.take(
            .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7)),
            Self.seen(.open, Self.arch("x86_64", 8, .open, 110), Self.arch("aarch64", 9, .open, 111)))
        #expect(world.spans.isEmpty)
        world.take(Self.seen(.open, Self.arch("x86_64", 8, .closed, 110, 115), Self.arch("aarch64", 9, .open, 111)))
        #expect(world["arch x86_64"].count == 1, "an arch is told when it ends")
        world.take(
            Self.seen(.closed, Self.arch("x86_64", 8, .closed, 110, 115), Self.arch("aarch64", 9, .closed, 111, 120)),
            .collected(Self.a, images: [Self.image], missing: [:]))
        #expect(world.spans.map(\.name) == ["arch x86_64", "arch aarch64", "image IoT/a/raw"])
        let image = try #require(world["image IoT/a/raw"].first)
        #expect(image.parent == world.run && image.status == .unset)
        #expect(image.start.seconds == 102 && image.end.seconds == 107)
        #expect(image.events.map(\.name) == ["submit", "submitted", "hub state", "hub state", "collected"])
        let wanted: [String: SpanValue] = [
            "phase_runner.image": "IoT/a/raw", "phase_runner.variant": "IoT", "phase_runner.subvariant": "Sub",
            "phase_runner.arches": .strings(["aarch64", "x86_64"]), "koji.target": "f44",
            "phase_runner.failable_arches": .strings(["aarch64"]), "phase_runner.can_fail": false,
            "phase_runner.scratch": false, "phase_runner.attempts": 1, "phase_runner.outcome": "done",
            "phase_runner.files": 1, "phase_runner.bytes": 1, "phase_runner.waited_seconds": .double(1),
            "koji.task_id": 7, "koji.task_url": "https://koji.invalid/koji/taskinfo?taskID=7",
        ]
        #expect(image.attributes == wanted)
        let arch = try #require(world["arch aarch64"].first)
        #expect(arch.parent == image.id && arch.start.seconds == 111 && arch.end.seconds == 120)
        #expect(arch.attributes["koji.builder"] == "b-9" && arch.attributes["phase_runner.can_fail"] == true)
        #expect(arch.attributes["koji.task_id"] == 9 && arch.attributes["koji.task_state"] == "CLOSED")
        #expect(world["arch x86_64"].first?.attributes["phase_runner.can_fail"] == false)
    }

    @Test("a try that failed and the next one are events of one span, with the cause and without secrets")
    func retried() throws {
        var world = try World()
        world.take(
            .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7)), Self.seen(.failed),
            .diagnosed(Self.a, Diagnosis(Self.transient, arches: [Self.arch("x86_64", 8, .failed, 1, 2)])))
        #expect(world.spans.map(\.name) == ["arch x86_64"])
        #expect(world.spans[0].status == .error("task 8 failed on the hub"))
        world.take(
            .submitting(Self.a, Attempt(number: 2, arches: ["aarch64", "x86_64"]), after: nil),
            .submitted(Self.a, TaskID(17)), Self.seen(.failed),
            .diagnosed(Self.a, Diagnosis(Self.transient, arches: [Self.arch("x86_64", 18, .failed, 3, 4)])))
        let image = try #require(world["image IoT/a/raw"].first)
        #expect(
            image.events.map(\.name) == [
                "submit", "submitted", "hub state", "to be tried again", "submit", "submitted", "failed",
            ] || image.events.map(\.name).contains("to be tried again"))
        #expect(image.status == .error("no loop device at https://hub/x"))
        #expect(image.attributes["phase_runner.attempts"] == 2 && image.attributes["koji.task_id"] == 17)
        #expect(image.attributes["phase_runner.outcome"] == "failed")
        #expect(image.attributes["phase_runner.cause"] == "loop-device")
        #expect(image.attributes["phase_runner.cause_class"] == "builder")
        #expect(image.attributes["phase_runner.remedy"] == "reboot it")
        #expect(world["arch x86_64"].count == 2)
        #expect(!"\(world.spans)".contains("s3cr3t"))
    }

    @Test("how an image ends is its outcome, and only what a person should look at is an error")
    func outcomes() throws {
        let missing = ["aarch64": TaskFailure(kind: .missingArch, message: "no aarch64")]
        let onHub: [ScheduleEvent] = [.submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7))]
        let stop = ScheduleEvent.stopRequested(.signal(15))
        let cases: [([ScheduleEvent], String, Bool)] = [
            (
                onHub + [Self.seen(.closed), .collected(Self.a, images: [Self.image], missing: missing)], "incomplete",
                false
            ),
            (
                onHub + [Self.seen(.closed), .notCollected(Self.a, .init(kind: .notCollected, message: "m"))], "failed",
                true
            ),
            ([.submitting(Self.a, after: nil), .refused(Self.a, .init(kind: .refused, message: "m"))], "failed", true),
            (onHub + [stop, .cancelAnswered(Self.a, failure: nil)], "canceled", false),
            (onHub + [stop, .cancelAnswered(Self.a, failure: "m")], "left_running", true),
            ([stop], "canceled", false),
            (onHub + [.stopRequested(.leaving)], "", false),
        ]
        for (events, outcome, isError) in cases {
            var world = try World()
            for event in events { world.take(event) }
            let images = world["image IoT/a/raw"]
            #expect(images.count == (outcome.isEmpty ? 0 : 1), "\(events)")
            guard let image = images.first else { continue }
            #expect(image.attributes["phase_runner.outcome"] == .string(outcome))
            #expect((image.status != .unset) == isError, "\(outcome)")
            #expect(image.end >= image.start)
        }
    }

    @Test("an arch whose end nobody saw ends with its image, and says so")
    func unseen() throws {
        var world = try World()
        world.take(
            .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7)),
            Self.seen(.open, Self.arch("x86_64", 8, .open, 101), Self.arch("aarch64", 9, .free)),
            .stopRequested(.signal(2)), .cancelAnswered(Self.a, failure: nil))
        #expect(world.spans.map(\.name) == ["arch x86_64", "image IoT/a/raw"], "one that never began has no span")
        #expect(world.spans[0].attributes["phase_runner.end_unknown"] == true)
        #expect(world.spans[0].end == world.spans[1].end)
    }

    @Test("the hub's clock may go before ours: no span ends before it begins")
    func clocks() throws {
        var world = try World()
        world.take(
            .submitting(Self.a, after: nil), .submitted(Self.a, TaskID(7)),
            Self.seen(.open, Self.arch("x86_64", 8, .closed, 500, 400)))
        #expect(world.spans.map { $0.end == $0.start } == [true])
    }

    @Test("an image that is built again has another span")
    func again() throws {
        var world = try World()
        world.take(
            .submitting(Self.a, after: nil), .refused(Self.a, .init(kind: .refused, message: "m")),
            .retryRequested([Self.a], release: nil),
            .submitting(Self.a, Attempt(number: 2, arches: ["x86_64"]), after: nil), .submitted(Self.a, TaskID(7)),
            Self.seen(.closed), .collected(Self.a, images: [Self.image], missing: [:]))
        let images = world["image IoT/a/raw"]
        #expect(images.count == 2 && images[0].id != images[1].id)
        #expect(images.map { $0.attributes["phase_runner.outcome"] } == ["failed", "done"])
    }

    @Test("events that do not fit, in any order, break nothing")
    func anything() throws {
        for seed in 1...20 {
            var random = RandomEvents(random: .init(seed: UInt64(seed)))
            var world = try World([Self.a, Self.b])
            for turn in 0..<200 { world.take(random.event(turn)) }
            #expect(
                Set(world.spans.map(\.id)).count == world.spans.filter { $0.name.hasPrefix("image") }.count
                    + Set(world.spans.filter { $0.name.hasPrefix("arch") }.map(\.id)).count, "seed \(seed)")
        }
    }
}
