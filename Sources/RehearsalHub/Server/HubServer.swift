import Hummingbird
import Logging
import NIOCore

/// The HTTP server on a port that stays ours also while it refuses connections.
struct HubServer: Sendable {
    let core: HubCore
    let settings: RehearsalSettings
    let port: ReservedPort
    let door = HubDoor()

    /// Serves until cancelled, with breaks while the door is closed.
    ///
    /// - Returns: why it ended by itself; nil if it was cancelled.
    func serve() async -> HubFailure? {
        while !Task.isCancelled {
            let end = await withTaskGroup(of: End.self) { group in
                group.addTask { await listen() }
                group.addTask { .closed(for: await door.closing()) }
                defer { group.cancelAll() }
                var end = await group.next() ?? .cancelled
                // Closing ends the listening too, and the news of that may come first.
                if case .stopped = end { end = await group.next() ?? end }
                return end
            }
            switch end {
            case .failed(let failure):
                await door.ended()
                return failure
            case .closed(let duration): await door.opening(after: duration)
            case .stopped, .cancelled: break
            }
        }
        await door.ended()
        return nil
    }

    /// Why the server does not listen any more.
    private enum End: Sendable {
        case failed(HubFailure)
        case closed(for: Duration?)
        case stopped
        case cancelled
    }

    /// Listens until cancelled, or until the listening socket is closed and all connections have ended.
    private func listen() async -> End {
        // Hummingbird's own log would go to stdout, where data belongs.
        var logger = Logger(label: "rehearsal-hub") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let responder = HubResponder(core: core, settings: settings, door: door)
        let application = Application(
            responder: CallbackResponder<ConnectionContext> { request, context in
                try await responder.respond(to: request, on: context.channel)
            },
            server: .http1(configuration: .init(idleTimeout: .seconds(Int64(RehearsalHub.idleSeconds)))),
            configuration: .init(address: .hostname("127.0.0.1", port: port.number), serverName: "rehearsal-hub"),
            onServerRunning: { await door.opened($0) },
            logger: logger)
        let timesClosed = await door.timesClosed
        var reason = "it ended by itself"
        do {
            try await application.run()
        } catch {
            reason = "\(error)"
        }
        if Task.isCancelled { return .cancelled }
        if await door.timesClosed != timesClosed { return .stopped }
        return .failed(HubFailure("the rehearsal hub cannot listen on 127.0.0.1:\(port.number): \(reason)"))
    }
}

/// A request's context that knows its connection, so that it can be cut.
private struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
