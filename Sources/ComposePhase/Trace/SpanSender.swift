package import Koji
import ProductMD
import Synchronization

/// Takes spans that have ended.
package protocol SpanSink: Sendable {
    /// Returns at once, whatever becomes of the span.
    func take(_ span: Span)
    /// Nothing more comes. Gives what is left the time that it may take, and no more.
    func finish() async
}

/// Sends spans to a collector in batches, beside the run: whoever has a span goes on at once.
///
/// What a collector does or fails to do never comes back to the run: trouble is one warning when it begins, and one at the
/// end that counts what was lost.
package final class SpanSender: SpanSink {
    private let collector: TraceSettings.Collector
    private let resource: [String: SpanValue]
    private let version: String
    private let transport: any HTTPTransport
    private let pace: Pace
    private let sleep: @Sendable (Double) async throws -> Void
    private let warn: @Sendable (String) -> Void
    private let state: Mutex<State>
    private let wake: AsyncStream<Void>.Continuation
    private let worker = Mutex<Task<Void, Never>?>(nil)

    private struct State {
        var queue: SpanQueue
        /// Whether nothing more comes.
        var isClosing = false
        /// Whether trouble was told.
        var isTold = false
        /// Seconds until the next try, after one without luck.
        var patience: Double?
    }

    /// How much waits, and for how long; OpenTelemetry's usual figures.
    package struct Pace: Sendable {
        /// Spans that may wait.
        package var room = 2048
        /// Spans in one request.
        package var batch = 512
        /// Seconds between two requests.
        package var delay = 5.0
        /// The longest wait after a request without luck, in seconds.
        package var longestWait = 60.0

        package init() {}
    }

    /// - Parameters:
    ///   - transport: the sender's own: it must not stand in a line with the hub's calls.
    ///   - sleep: waits so many seconds; tests do not.
    ///   - warn: gets what is wrong, at most two sentences in all.
    package init(
        to collector: TraceSettings.Collector, resource: [String: SpanValue], version: String,
        transport: any HTTPTransport, pace: Pace = Pace(),
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) },
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.collector = collector
        self.resource = resource
        self.version = version
        self.transport = transport
        self.pace = pace
        self.sleep = sleep
        self.warn = warn
        state = Mutex(State(queue: SpanQueue(room: pace.room)))
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wake = wake
        let task = Task { [weak self] in
            for await _ in wakes { await self?.sendAll() }
        }
        worker.withLock { $0 = task }
        ticker.withLock { $0 = Task { await Self.tick(wake, every: pace.delay, sleep) } }
    }

    private let ticker = Mutex<Task<Void, Never>?>(nil)

    private static func tick(
        _ wake: AsyncStream<Void>.Continuation, every seconds: Double,
        _ sleep: @Sendable (Double) async throws -> Void
    ) async {
        while !Task.isCancelled {
            do { try await sleep(seconds) } catch { return }
            wake.yield()
        }
    }

    package func take(_ span: Span) {
        let isFull = state.withLock { state in
            state.queue.add(span)
            return state.queue.count >= pace.batch && state.patience == nil
        }
        if isFull { wake.yield() }
    }

    package func finish() async {
        state.withLock { $0.isClosing = true }
        ticker.withLock { $0?.cancel() }
        wake.yield()
        wake.finish()
        if let worker = worker.withLock({ $0 }) {
            let limit = Task {
                try await Task.sleep(for: .seconds(collector.timeout))
                // A request that is under way ends with its task.
                worker.cancel()
            }
            await worker.value
            limit.cancel()
        }
        let lost = state.withLock { state in
            state.queue.drop(state.queue.count)
            return state.queue.dropped
        }
        if lost > 0 {
            warn(
                "\(lost == 1 ? "1 span" : "\(lost) spans") of the run's trace did not reach the collector"
                    + " \(ShownURL.text(collector.url)); the run itself has lost nothing")
        }
    }

    // MARK: Sending

    private func sendAll() async {
        while !Task.isCancelled {
            let (batch, isClosing) = state.withLock { ($0.queue.first(pace.batch), $0.isClosing) }
            guard !batch.isEmpty else { return }
            switch await send(batch) {
            case .taken:
                state.withLock { state in
                    state.queue.remove(batch.count)
                    state.patience = nil
                }
            case .refused(let why):
                // The same again would be refused again.
                state.withLock { $0.queue.drop(batch.count) }
                tell(why)
            case .unlucky(let why):
                tell(why)
                if isClosing { return }
                let wait = state.withLock { state in
                    let wait = min(pace.longestWait, state.patience.map { $0 * 2 } ?? pace.delay)
                    state.patience = wait
                    return wait
                }
                await pause(wait)
            }
        }
    }

    /// Waits before another try, but not when the end of the run has come meanwhile.
    private func pause(_ seconds: Double) async {
        var left = seconds
        while left > 0, !Task.isCancelled, !state.withLock(\.isClosing) {
            do { try await sleep(min(1, left)) } catch { return }
            left -= 1
        }
    }

    private enum Answer {
        case taken
        case refused(String)
        case unlucky(String)
    }

    private func send(_ batch: [Span]) async -> Answer {
        let body: [UInt8]
        switch collector.encoding {
        case .json: body = JSONWriter.line(SpanJSON.message(batch, resource: resource, version: version))
        case .protobuf: body = SpanProtobuf.message(batch, resource: resource, version: version)
        }
        let headers = [HTTPHeader("Content-Type", collector.encoding.mediaType)] + collector.headers
        do {
            let response = try await transport.send(
                HTTPRequest(
                    url: collector.url, headers: headers, body: body, silence: max(1, Int(collector.timeout))))
            switch response.status {
            case 200..<300: return .taken
            case 408, 429, 500...: return .unlucky("it answered with status \(response.status)")
            default: return .refused("it answered with status \(response.status)")
            }
        } catch {
            return error.isRetryable || error.kind == .cancelled ? .unlucky(error.message) : .refused(error.message)
        }
    }

    private func tell(_ why: String) {
        let isNew = state.withLock { state in
            defer { state.isTold = true }
            return !state.isTold
        }
        guard isNew, !Task.isCancelled else { return }
        warn(
            "the collector of traces \(ShownURL.text(collector.url)) takes no spans: \(why); the run goes on, and keeps"
                + " up to \(pace.room) spans for another try")
    }
}

/// Shows spans on stderr as they end, a line of JSON each, for a look without a collector.
package struct SpanLines: SpanSink {
    private let show: @Sendable (String) -> Void

    package init(show: @escaping @Sendable (String) -> Void) { self.show = show }

    package func take(_ span: Span) {
        show(String(decoding: JSONWriter.line(SpanJSON.json(span)).dropLast(), as: UTF8.self))
    }

    package func finish() async {}
}
