import ComposePhase
import Glibc
import Koji
import ProductMD
import PungiConfig
import Synchronization

/// Everything that is known of a run before there is a hub.
struct RunJob: Sendable {
    let loaded: ConfigInput.Loaded
    let identity: ComposeIdentity
    let plan: PhasePlan
    let place: ComposeDirectory.Place
    let policy: SchedulePolicy
    let dropsUnknownOptions: Bool
    /// Whether targets, names and builders are looked at before the first submit.
    let looksAhead: Bool
    /// Seconds between two looks at running tasks, if the user wants to say.
    let pollInterval: Double?

    /// Runs the plan on a hub and says how it went.
    ///
    /// A hub that says that it builds nothing makes the run a rehearsal, however it was named.
    func run(on hub: HubConnection, _ signals: SignalWatch) async throws -> ScheduleOutcome {
        let opened = try await hub.open(
            for: plan, dropsUnknownOptions: dropsUnknownOptions, looksAhead: looksAhead)
        let isRehearsal = opened.isRehearsal
        let directory: ComposeDirectory
        do {
            directory = try ComposeDirectory.open(place, isRehearsal: isRehearsal)
        } catch {
            await hub.close()
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
        let layout = directory.layout
        let run = ComposeRun(
            settings: loaded.settings, variants: loaded.variants, compose: identity, plan: plan,
            layout: layout, isOurs: directory.isOurs, isRehearsal: isRehearsal, hub: hub.address.server)
        let finished: ComposeRun.Finished
        do {
            finished = try await perform(run, on: hub, opened, signals)
        } catch {
            await hub.close()
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
        await hub.close()
        RunReport.show(finished, layout: layout, isRehearsal: isRehearsal)
        return finished.outcome
    }

    private func perform(
        _ run: ComposeRun, on hub: HubConnection, _ connection: HubConnection.Opened, _ signals: SignalWatch
    ) async throws -> ComposeRun.Finished {
        let means = RunMeans(
            session: hub.session, user: connection.user, tasks: connection.tasks, policy: policy,
            pace: pace(connection),
            observers: [display(run, hub)], showClock: { LocalTime.clock($0) }, warn: { Console.warning($0) })
        return try await run.perform(with: means) { watch(signals, for: $0) }
    }

    /// A rehearsal's tasks take seconds: it is watched every second, by the same rules.
    private func pace(_ connection: HubConnection.Opened) -> WatchPace {
        if let pollInterval { return WatchPace(shortest: pollInterval) }
        return connection.isRehearsal ? WatchPace(shortest: 1) : WatchPace()
    }

    private func display(_ run: ComposeRun, _ hub: HubConnection) -> any ScheduleObserver {
        let kind = run.isRehearsal ? "REHEARSAL (nothing is built): " : ""
        if Console.isTerminal { return ProgressTable(title: kind + identity.id, colours: Console.hasColour) }
        Console.line("\(kind)\(identity.id) in \(run.layout.top), hub \(hub.address.server)")
        return ProgressLines(weburl: hub.address.weburl)
    }

    /// The first signal cancels what was submitted; a second SIGINT ends at once.
    private func watch(_ signals: SignalWatch, for scheduler: Scheduler) {
        let seen = Mutex(false)
        signals.onSignal { number in
            let isFirst = seen.withLock { seen in
                defer { seen = true }
                return !seen
            }
            if isFirst {
                scheduler.stop(.signal(number))
                return
            }
            guard number == SIGINT else { return }
            Task {
                for (task, hubTask) in await scheduler.onHub {
                    Console.line("still on the hub: task \(hubTask) (\(task)); cancel it with: koji cancel \(hubTask)")
                }
                exit(ExitStatus.interrupted.rawValue)
            }
        }
    }
}
