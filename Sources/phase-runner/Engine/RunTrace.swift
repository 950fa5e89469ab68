import ComposePhase
import Glibc
import Koji

/// The trace of this process's work on a run, where the environment asks for one: docs/tracing.md.
struct RunTrace: Sendable {
    let tracer: RunTracer
    /// The collector's own, so that its troubles are not the hub's.
    private let transport: CurlTransport?

    /// - Parameter kept: the trace that a run which is taken up belongs to.
    /// - Returns: nil where nobody wants a trace.
    static func open(continuing kept: TraceOrigin?) -> RunTrace? {
        let read = TraceSettings.read({ Console.environment($0) }, warn: { Console.warning($0) })
        guard var settings = read else { return nil }
        settings.resource.merge(thisProcess) { given, _ in given }
        switch settings.destination {
        case .console:
            let tracer = RunTracer(settings, continuing: kept, sink: SpanLines { Console.line($0) })
            return RunTrace(tracer: tracer, transport: nil)
        case .collector(let collector):
            let seconds = max(1, Int(collector.timeout.rounded(.up)))
            let transport = CurlTransport(
                options: TransportOptions(
                    version: PhaseRunner.version, serverAuthorities: collector.authorities, connectionsPerHost: 1,
                    connectMilliseconds: Int(collector.timeout * 1000), silence: seconds, total: seconds,
                    responseLimit: 1 << 20))
            let sender = SpanSender(
                to: collector, resource: settings.resource, version: PhaseRunner.version, transport: transport,
                warn: { Console.warning($0) })
            return RunTrace(tracer: RunTracer(settings, continuing: kept, sink: sender), transport: transport)
        }
    }

    /// What OpenTelemetry calls the resource, beside what the environment says of it.
    private static var thisProcess: [String: SpanValue] {
        [
            "service.version": .string(PhaseRunner.version), "host.name": .string(HostIdentity.name),
            "process.pid": .int(Int(getpid())), "telemetry.sdk.name": "phase-runner",
            "telemetry.sdk.language": "swift", "telemetry.sdk.version": .string(PhaseRunner.version),
        ]
    }

    /// The run is over, or never began. The last spans get the time that the settings give them.
    func end(_ outcome: ScheduleOutcome?, failure: String? = nil) async {
        await tracer.end(outcome, failure: failure)
        await transport?.close()
    }
}

extension RunJob {
    /// The trace that the run is to be in; nil where nobody wants one.
    func openTrace() -> RunTrace? {
        if case .takenUp(_, let record, _) = beginning { return .open(continuing: record.trace) }
        return .open(continuing: nil)
    }
}
