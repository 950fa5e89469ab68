import Hummingbird
import Logging
import NIOCore

/// A hub on 127.0.0.1 that speaks Koji's protocol and builds nothing.
package enum RehearsalHub {
    /// Idle connections are closed after so many seconds, as the recorded hub did.
    static let idleSeconds = 15

    /// Starts a hub, runs `operation` against it, and stops it, however the operation ends.
    ///
    /// - Parameter log: gets a line for each call and for each change of a task's state, in order.
    /// - Throws: ``HubFailure`` if the hub cannot start, else what the operation throws.
    package static func withHub<Value: Sendable>(
        settings: RehearsalSettings, clock: HubClock = .system,
        log: @escaping @Sendable (String) -> Void = { _ in }, isolation: isolated (any Actor)? = #isolation,
        operation: (RunningHub) async throws -> Value
    ) async throws -> Value {
        let core = try HubCore(settings: settings, clock: clock, log: log)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: HubFailure?.self) { group in
            group.addTask { await serve(core: core, settings: settings, port: port) }
            guard let number = await ports.first(where: { _ in true }) else {
                try Task.checkCancellation()
                let failure = try await group.next() ?? nil
                throw failure ?? HubFailure("the rehearsal hub ended before it began")
            }
            defer { group.cancelAll() }
            return try await operation(RunningHub(core: core, settings: settings, port: number))
        }
    }

    /// Runs a hub until the task is cancelled: for `phase-runner rehearsal-hub`.
    ///
    /// - Parameter onReady: gets the hub once it listens.
    /// - Throws: ``HubFailure`` if the hub cannot start.
    package static func run(
        settings: RehearsalSettings, clock: HubClock = .system, log: @escaping @Sendable (String) -> Void,
        isolation: isolated (any Actor)? = #isolation, onReady: (RunningHub) async throws -> Void
    ) async throws {
        try await withHub(settings: settings, clock: clock, log: log) { hub in
            try await onReady(hub)
            // A stream that nobody feeds ends only when the task is cancelled.
            let (forever, feed) = AsyncStream.makeStream(of: Never.self)
            for await _ in forever {}
            feed.finish()
        }
    }

    /// Serves until cancelled. The port goes to the stream once; the stream ends with the server.
    private static func serve(
        core: HubCore, settings: RehearsalSettings, port: AsyncStream<Int>.Continuation
    ) async -> HubFailure? {
        defer { port.finish() }
        // Hummingbird's own log would go to stdout, where data belongs.
        var logger = Logger(label: "rehearsal-hub") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let responder = HubResponder(core: core, settings: settings)
        let application = Application(
            responder: CallbackResponder<HubRequestContext> { request, context in
                await responder.respond(to: request, over: context.connection)
            },
            server: .http1(configuration: .init(idleTimeout: .seconds(Int64(idleSeconds)))),
            configuration: .init(address: .hostname("127.0.0.1", port: settings.port), serverName: "rehearsal-hub"),
            onServerRunning: { channel in
                if let number = channel.localAddress?.port { port.yield(number) }
            },
            logger: logger)
        do {
            try await application.run()
            return nil
        } catch is CancellationError {
            return nil
        } catch {
            return HubFailure("the rehearsal hub cannot listen on 127.0.0.1:\(settings.port): \(error)")
        }
    }
}

/// A hub that is listening.
package struct RunningHub: Sendable {
    private let core: HubCore
    package let port: Int
    package let user: String
    package let password: String

    init(core: HubCore, settings: RehearsalSettings, port: Int) {
        self.core = core
        self.port = port
        user = settings.user
        password = settings.password
    }

    /// `server` of a koji profile.
    package var server: String { "http://127.0.0.1:\(port)/kojihub" }
    /// `weburl` of a koji profile: a page that says what this is.
    package var weburl: String { "http://127.0.0.1:\(port)/koji" }
    /// `topurl` of a koji profile.
    package var topurl: String { "http://127.0.0.1:\(port)/files" }
    /// `topdir` of a koji profile: the same files as below ``topurl``.
    package var topdir: String { core.topdir }

    /// A section of a koji configuration file; the password has no key there and is given on the command line.
    ///
    /// - Parameter pollInterval: whole seconds between two looks of `koji watch-task`.
    package func profile(named name: String, pollInterval: Int = 1) -> String {
        """
        # A rehearsal: this hub builds nothing.
        [\(name)]
        server = \(server)
        weburl = \(weburl)
        topurl = \(topurl)
        topdir = \(topdir)
        authtype = password
        poll_interval = \(pollInterval)

        """
    }

    package func statistics() async -> HubStatistics { await core.statistics() }

    /// The next `calls` calls are answered with fault 1014.
    package func goOffline(calls: Int) async { await core.goOffline(calls: calls) }

    /// Ends all sessions as time would: their next call gets fault 1007.
    package func expireSessions() async { await core.expireSessions() }

    /// From here on requests are counted anew and meet these troubles.
    package func expect(_ rules: [TroubleRule]) async { await core.expect(rules) }

    /// Requests to the hub's URL since the last rules were given; those that met a trouble count, too.
    package var requests: Int { get async { await core.requests } }

    /// Every image build that was submitted, in order.
    package var imageBuilds: [RehearsedBuild] { get async { await core.imageBuilds } }
}
