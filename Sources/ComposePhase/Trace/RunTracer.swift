package import Koji
import Synchronization

/// The trace of one run: looks on at its schedule and at its hub's calls, and gives spans on as they end.
///
/// Spans: the run (from the beginning of the process to its end), in it each image, in it each arch; each call of the hub
/// in the image that it is made for, else in the run. See docs/tracing.md.
package final class RunTracer: ScheduleObserver, HubCallObserver {
    /// Which trace this is, for the run's record.
    package let origin: TraceOrigin
    private let links: [TraceContext]
    private let parent: SpanID?
    private let sink: any SpanSink
    private let clock: any ScheduleClock
    private let state: Mutex<State>

    private struct State {
        var generator: any RandomNumberGenerator & Sendable
        /// The run's own span.
        var run: Span
        var schedule: ScheduleTrace?
        /// Whether the journal tells of this process.
        var isInJournal: Bool
        var isOver = false
    }

    /// - Parameters:
    ///   - settings: what the environment says.
    ///   - kept: the trace of a run that is taken up, from its record.
    ///   - generator: draws numbers for traces and for calls of the hub.
    package init(
        _ settings: TraceSettings, continuing kept: TraceOrigin?, sink: any SpanSink,
        clock: any ScheduleClock = SystemClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        var generator = generator
        let given = settings.parent
        origin =
            kept
            ?? given.map { TraceOrigin(trace: $0.trace, parent: $0.span, state: $0.state) }
            ?? TraceOrigin(trace: TraceID(using: &generator))
        // A run that is taken up stays in its trace; who took it up is told by a link, or is its parent in that trace.
        let isSame = given?.trace == origin.trace
        parent = isSame ? given?.span : origin.parent
        links = isSame ? [] : given.map { [$0] } ?? []
        self.sink = sink
        self.clock = clock
        var run = Self.run(0, origin, parent: parent, links: links, at: clock.now())
        // Which process this is of a run that is taken up says its journal, which may not be had.
        if kept != nil { run.id = SpanID(using: &generator) }
        state = Mutex(State(generator: generator, run: run, isInJournal: kept == nil))
    }

    /// The span of the n-th process that works on the run, from 0. Its number is the same wherever it is asked for.
    private static func run(
        _ number: Int, _ origin: TraceOrigin, parent: SpanID?, links: [TraceContext], at instant: Instant
    ) -> Span {
        Span(
            trace: origin.trace, id: SpanID(of: "run \(number)", in: origin.trace), parent: parent,
            state: origin.state, name: "imagebuilder", start: instant,
            attributes: ["phase_runner.process": .int(number)], links: links)
    }

    /// Where a child of this process is in the trace.
    package var context: TraceContext {
        TraceContext(trace: origin.trace, span: state.withLock(\.run.id), state: origin.state)
    }

    // MARK: The run

    /// Says what is being run. To be called before the schedule begins.
    ///
    /// - Parameters:
    ///   - journalled: what earlier processes wrote. What they left open goes on here, and the span of one that died is sent
    ///     for it.
    package func begin(
        _ identity: RunIdentity, tasks: [ImageTask], journalled: [JournalEntry] = []
    ) {
        let dead = state.withLock { state in
            var trace = ScheduleTrace(trace: origin.trace, tasks: tasks, weburl: identity.weburl)
            let past = Past(journalled, &trace, identity.policy)
            state.schedule = trace
            state.run.id = SpanID(of: "run \(past.processes)", in: origin.trace)
            let attributes: [String: SpanValue] = [
                "compose_id": .string(identity.compose), "phase_runner.phase": "imagebuilder",
                "phase_runner.hub": .string(ShownURL.text(identity.hub)),
                "phase_runner.rehearsal": .bool(identity.isRehearsal), "phase_runner.images": .int(tasks.count),
            ]
            state.run.attributes.merge(attributes) { $1 }
            state.run.attributes["phase_runner.process"] = .int(past.processes)
            guard let dead = past.dead else { return Span?.none }
            var span = Self.run(dead.number, origin, parent: origin.parent, links: [], at: dead.began)
            span.attributes.merge(attributes) { $1 }
            return span.ended(at: dead.seen, .error("the process that worked on the run ended without a word"))
        }
        if let dead { sink.take(dead) }
    }

    package func scheduleChanged(_ schedule: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let ended = state.withLock { state -> [Span] in
            if case .stopRequested(let reason) = event {
                let (word, text) = reason.inSpan
                state.run.add(
                    .init(
                        "stop", at: instant,
                        ["phase_runner.stop": .string(word), "phase_runner.reason": .string(text)]))
            }
            state.isInJournal = true
            let run = state.run.id
            return state.schedule?.note(event, schedule, at: instant, in: run) ?? []
        }
        for span in ended { sink.take(span) }
    }

    /// The run is over. Waits for the last spans no longer than the settings say.
    ///
    /// - Parameters:
    ///   - outcome: how the schedule ended; nil where it never began, or was broken off.
    ///   - failure: what kept the run from its end, in words.
    package func end(_ outcome: ScheduleOutcome?, failure: String?) async {
        let instant = clock.now()
        let run = state.withLock { state -> Span? in
            guard !state.isOver else { return nil }
            state.isOver = true
            // One that took a run up and found nothing to do leaves its number to the next one, as it leaves no word.
            if !state.isInJournal { state.run.id = SpanID(using: &state.generator) }
            guard let outcome else {
                return state.run.ended(
                    at: instant, .error(SpanText.clean(failure ?? "the run did not come to its end")))
            }
            let failed = outcome.failedRequired + outcome.failedFailable
            state.run.attributes.merge([
                "phase_runner.status": .string(ComposeStatus(outcome).rawValue),
                "phase_runner.images_done": .int(outcome.done.count),
                "phase_runner.images_failed": .int(failed.count),
                "phase_runner.images_unfinished": .int(outcome.unfinished.count),
                "phase_runner.arches_missing": .int(outcome.missingArches.count),
                "phase_runner.left_running": .int(outcome.leftRunning.count),
            ]) { $1 }
            return state.run.ended(at: instant, Self.status(of: outcome))
        }
        guard let run else { return }
        sink.take(run)
        await sink.finish()
    }

    private static func status(of outcome: ScheduleOutcome) -> Span.Status? {
        if let (task, failure) = outcome.failedRequired.first {
            return .error(SpanText.clean("\(task) failed: \(failure.message)"))
        }
        switch outcome.stopReason {
        // It is left on purpose, and goes on in another process.
        case .leaving?, nil: return nil
        case let reason?: return .error(reason.inSpan.text)
        }
    }

    // MARK: Calls of the hub

    package func begins(_ call: HubCall) -> any HubCallWatch {
        let image = TraceScope.image
        // A login in the middle of a call is a part of it.
        let outer = (HubCallScope.current as? HubCallSpan)?.id
        let span = state.withLock { state in
            Span(
                trace: origin.trace, id: SpanID(using: &state.generator),
                parent: outer ?? image.flatMap { state.schedule?.span(of: $0) } ?? state.run.id,
                name: "ClientSession.\(call.method)", kind: .client, start: clock.now(),
                attributes: HubCallSpan.attributes(call))
        }
        return HubCallSpan(span, clock: clock, sink: sink)
    }
}

/// For which image something is being done, so that calls of the hub find their place in the trace.
package enum TraceScope {
    @TaskLocal package static var image: ImageTaskID?
}

/// What the journal tells of the processes before this one.
private struct Past {
    /// How many there were.
    private(set) var processes = 0
    /// The last of them, where it did not live to write down its end.
    private(set) var dead: (number: Int, began: Instant, seen: Instant)?

    /// Leads the trace through all that has happened; spans that ended with it were sent by who saw it.
    init(_ entries: [JournalEntry], _ trace: inout ScheduleTrace, _ policy: SchedulePolicy) {
        var state = ScheduleState(policy: policy)
        var wasPlanned = false
        for entry in entries {
            _ = state.apply(entry.event, at: entry.instant)
            switch entry.event {
            // One process may plan and take up in one breath.
            case .resumed where wasPlanned: break
            case .planned, .resumed:
                dead = (processes, entry.instant, entry.instant)
                processes += 1
            case .ended: dead = nil
            default: dead?.seen = entry.instant
            }
            if case .planned = entry.event { wasPlanned = true } else { wasPlanned = false }
            let run = SpanID(of: "run \(max(0, processes - 1))", in: trace.trace)
            _ = trace.note(entry.event, state, at: entry.instant, in: run)
        }
    }
}
