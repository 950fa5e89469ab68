import Koji
import ProductMD

/// The spans of images and arches, as a pure function of a run's events.
///
/// Numbers of spans come from the trace's number and what the span is of. So a process that takes a run up, and has read
/// its journal, goes on with the same spans that the one before it left open: each is sent once, by who sees its end, and
/// what was sent meanwhile as a part of it finds it.
package struct ScheduleTrace: Sendable {
    let trace: TraceID
    private let tasks: [ImageTaskID: ImageTask]
    private let weburl: String
    private var images: [ImageTaskID: Stage] = [:]

    private enum Stage {
        /// Not sent yet, since this moment; how many spans it has had.
        case waiting(since: Instant, spans: Int)
        case open(OpenImage)
        /// Nothing happens to it any more.
        case over(spans: Int)
    }

    private struct OpenImage {
        var span: Span
        /// How many spans the image had before.
        let number: Int
        /// Arch tasks whose spans were given out.
        var told: Set<TaskID> = []
    }

    /// - Parameter weburl: the hub's web pages, for links to tasks.
    package init(trace: TraceID, tasks: [ImageTask], weburl: String) {
        self.trace = trace
        self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        self.weburl = weburl
    }

    /// The span of an image that is being worked on.
    package func span(of image: ImageTaskID) -> SpanID? {
        if case .open(let open)? = images[image] { open.span.id } else { nil }
    }

    /// Takes an event in.
    ///
    /// - Parameters:
    ///   - state: the state after the event.
    ///   - run: the span of this process's work on the run.
    /// - Returns: the spans that ended with it.
    package mutating func note(
        _ event: ScheduleEvent, _ state: ScheduleState, at instant: Instant, in run: SpanID
    ) -> [Span] {
        let touched = event.images ?? state.progress.map(\.task.id)
        for id in touched { begin(id, state, at: instant, in: run) }
        addEvents(event, state, at: instant)
        var ended = arches(event, at: instant)
        for id in touched { ended += end(id, state, at: instant, in: run) }
        return ended
    }

    // MARK: Images

    private mutating func begin(_ id: ImageTaskID, _ state: ScheduleState, at instant: Instant, in run: SpanID) {
        guard let progress = state[id] else { return }
        if images[id] == nil { images[id] = .waiting(since: instant, spans: 0) }
        guard !progress.phase.isSettled else { return }
        switch images[id] {
        case .waiting(let since, let spans)? where progress.phase != .waiting:
            var span = span(of: id, number: spans, from: instant, in: run)
            span.attributes["phase_runner.waited_seconds"] = .double(max(0, instant - since))
            images[id] = .open(OpenImage(span: span, number: spans))
        case .over(let spans)?:
            guard progress.phase != .waiting else {
                images[id] = .waiting(since: instant, spans: spans)
                return
            }
            images[id] = .open(
                OpenImage(span: span(of: id, number: spans, from: instant, in: run), number: spans))
        default: break
        }
    }

    private func span(of id: ImageTaskID, number: Int, from instant: Instant, in run: SpanID) -> Span {
        Span(
            trace: trace, id: SpanID(of: "image \(id) \(number)", in: trace), parent: run, name: "image \(id)",
            start: instant, attributes: ["phase_runner.image": .string(id.text)])
    }

    private mutating func end(
        _ id: ImageTaskID, _ state: ScheduleState, at instant: Instant, in run: SpanID
    ) -> [Span] {
        guard let progress = state[id], progress.phase.isSettled else { return [] }
        var open: OpenImage
        switch images[id] {
        case .open(let image)?: open = image
        case .waiting(let since, let spans)?:
            open = OpenImage(span: span(of: id, number: spans, from: instant, in: run), number: spans)
            open.span.attributes["phase_runner.waited_seconds"] = .double(max(0, instant - since))
        case .over?, nil: return []
        }
        images[id] = .over(spans: open.number + 1)
        // A new process has a span of its own; the image's belongs to the one in which it ends.
        open.span.parent = run
        open.span.attributes.merge(ImageAttributes.of(progress, tasks[id], weburl: weburl)) { $1 }
        let unfinished = progress.arches.values.filter { !open.told.contains($0.id) && $0.started != nil }
        let arches = unfinished.sorted { $0.arch < $1.arch }.map { arch(id, $0, in: open, seenAt: instant) }
        return arches + [open.span.ended(at: instant, ImageAttributes.status(of: progress))]
    }

    // MARK: Arches

    /// Those that ended with the event.
    private mutating func arches(_ event: ScheduleEvent, at instant: Instant) -> [Span] {
        switch event {
        case .observed(let observations):
            observations.flatMap { ended($0.task, $0.arches, at: instant) }
        case .diagnosed(let id, let diagnosis): ended(id, diagnosis.arches, at: instant)
        default: []
        }
    }

    private mutating func ended(_ id: ImageTaskID, _ arches: [ArchObservation], at instant: Instant) -> [Span] {
        guard case .open(var open)? = images[id] else { return [] }
        var spans: [Span] = []
        for seen in arches where seen.state.isFinal && open.told.insert(seen.id).inserted {
            spans.append(arch(id, seen, in: open, seenAt: instant))
        }
        images[id] = .open(open)
        return spans
    }

    /// From when the builder began to when it ended, by the hub's own clock.
    private func arch(_ id: ImageTaskID, _ seen: ArchObservation, in open: OpenImage, seenAt instant: Instant) -> Span {
        let end = seen.ended.map { Instant(seconds: $0) } ?? instant
        let start = seen.started.map { Instant(seconds: $0) } ?? end
        var attributes: [String: SpanValue] = [
            "phase_runner.image": .string(id.text), "phase_runner.arch": .string(seen.arch),
            "koji.task_id": .int(seen.id.number), "koji.task_state": .string(seen.state.name),
        ]
        attributes["koji.task_url"] = KojiPages.task(seen.id.number, at: weburl).map { .string($0) }
        if let host = seen.host { attributes["koji.builder"] = .string(host) }
        if let task = tasks[id] {
            attributes["phase_runner.can_fail"] = .bool(task.failableArches.contains(seen.arch))
        }
        if seen.ended == nil { attributes["phase_runner.end_unknown"] = true }
        return Span(
            trace: trace, id: SpanID(of: "arch \(seen.id)", in: trace), parent: open.span.id,
            name: "arch \(seen.arch)", start: start, attributes: attributes
        ).ended(at: end, seen.state == .failed ? .error("task \(seen.id) failed on the hub") : nil)
    }

    // MARK: What happens to an image

    private mutating func addEvents(_ event: ScheduleEvent, _ state: ScheduleState, at instant: Instant) {
        for (id, name, attributes) in ImageAttributes.events(for: event, state) {
            guard case .open(var open)? = images[id] else { continue }
            // A round of watching that saw something new of an arch says the same of the whole.
            let last = open.span.events.last { $0.name == name }
            if case .observed = event, last?.attributes == attributes { continue }
            open.span.add(Span.Event(name, at: instant, attributes))
            images[id] = .open(open)
        }
    }
}

extension ScheduleEvent {
    /// The images that the event is of; nil where it may touch any.
    fileprivate var images: [ImageTaskID]? {
        switch self {
        case .planned, .resumed, .stopRequested: nil
        case .adopted(let id, _), .submitting(let id, _, _), .submitted(let id, _), .refused(let id, _),
            .unsent(let id), .answerLost(let id, _), .lookedUp(let id, _), .lookUpFailed(let id, _),
            .diagnosed(let id, _), .overdue(let id), .collected(let id, _, _), .notCollected(let id, _),
            .cancelAnswered(let id, _):
            [id]
        case .observed(let observations): observations.map(\.task)
        case .retryRequested(let ids, _): ids
        case .ended, .explained, .timePassed: []
        }
    }
}
