package import ComposePhase
import Glibc
import HTTPTypes
package import PhaseStore
import ProductMD

/// Everything that the service consists of while it runs.
package struct Service: Sendable {
    package let store: ServiceStore
    package let keeper: RunKeeper
    package let settings: CurrentSettings
    let desk: AccessDesk
    package let schedules: ScheduleKeeper
    let commands: CommandDesk
    let feeds: EventFeeds
    let streams: StreamRegister
    let traffic = Traffic()
    package let now: @Sendable () -> Double
    private let warn: @Sendable (String) -> Void
    /// The program's version.
    let version: String

    /// - Parameters:
    ///   - program: this program, which works on runs as a process of its own.
    ///   - environment: of those processes.
    ///   - tell: tells notification scripts what became of schedules.
    package init(
        _ settings: ServiceSettings, store: ServiceStore, program: String, environment: [String], version: String,
        now: @escaping @Sendable () -> Double = { SystemClock().now().seconds },
        warn: @escaping @Sendable (String) -> Void,
        tell: @escaping @Sendable (Notification, _ scripts: [String], _ timeout: Double) async -> Void = { _, _, _ in }
    ) {
        self.store = store
        self.now = now
        self.version = version
        self.warn = warn
        self.settings = CurrentSettings(settings)
        keeper = RunKeeper(
            store, settings, .init(program: program, environment: environment, now: now, warn: warn))
        desk = AccessDesk(store, now: now)
        commands = CommandDesk(program: program, environment: environment)
        schedules = ScheduleKeeper(store, keeper, commands, settings, .init(now: now, warn: warn, tell: tell))
        feeds = EventFeeds(keeper)
        streams = StreamRegister(now: now)
    }

    /// New settings: where the service listens and where its state lies stay as they were.
    package func use(_ new: ServiceSettings) async {
        await settings.use(new)
        await keeper.use(new)
        await schedules.use(await settings.value)
    }

    /// Takes up what an earlier service left.
    package func begin() async throws {
        await keeper.onEnd { run in await schedules.ended(run) }
        try await keeper.begin()
        await schedules.use(await settings.value)
    }

    // MARK: Time

    /// What is done over and over while the service runs.
    package func work() async {
        var second = 0
        while !Task.isCancelled {
            await keeper.look()
            await schedules.tick()
            await feeds.readOn()
            second += 1
            if second % 15 == 0 {
                await keeper.beat()
                await feeds.beat()
                await streams.dropStuck()
            }
            if second % 3600 == 0 { await forget() }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Forgets what is older than the settings keep. Composes are not touched: they are not the service's.
    func forget() async {
        let settings = await settings.value
        do {
            for id in try await store.forget(before: now() - settings.keep) {
                RunPlace(settings.stateDirectory, id).remove()
            }
        } catch {
            warn("what is older than the settings keep is not forgotten: \(error)")
        }
    }

    /// Ends all that goes on.
    package func stop(patience: Double) async {
        await keeper.stop(patience: patience)
        await feeds.readOn()
        await streams.closeAll()
    }

    // MARK: The record of changes

    /// Does something for somebody, and writes down who did what.
    func audited<Value: Sendable>(
        _ caller: Caller, _ action: String, _ subject: String?, _ body: () async throws -> Value
    ) async throws -> Value {
        func note(_ outcome: String) async throws {
            try await store.add(
                AuditEntry(
                    time: now(), who: caller.name, via: caller.via.rawValue, action: action, subject: subject,
                    outcome: outcome))
        }
        do {
            let value = try await body()
            try await note("done")
            return value
        } catch {
            try? await note("refused: \((error as? Problem)?.detail ?? "\(error)")")
            throw error
        }
    }
}

/// The settings that hold now.
package actor CurrentSettings {
    private var current: ServiceSettings

    init(_ settings: ServiceSettings) { current = settings }

    package var value: ServiceSettings { current }

    func use(_ new: ServiceSettings) {
        var new = new
        new.listen = current.listen
        new.stateDirectory = current.stateDirectory
        current = new
    }
}
