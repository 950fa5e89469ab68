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
        let server = HubServer(core: core, settings: settings, port: try ReservedPort(settings.port))
        return try await withThrowingTaskGroup(of: HubFailure?.self) { group in
            group.addTask { await server.serve() }
            await server.door.open()
            guard await server.door.isListening else {
                try Task.checkCancellation()
                let failure = try await group.next() ?? nil
                throw failure ?? HubFailure("the rehearsal hub ended before it began")
            }
            defer { group.cancelAll() }
            return try await operation(RunningHub(core: core, settings: settings, server: server))
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
}
