import ComposePhase
import Glibc
import Koji
import PhaseStore
import ProductMD
import PungiConfig

/// Everything that is known of a run before there is a hub.
struct RunJob: Sendable {
    let settings: ComposeSettings
    let variants: VariantSet
    var identity: ComposeIdentity
    var plan: PhasePlan
    /// The Koji profile that leads to the hub; nil for the built-in one.
    let profile: String?
    let policy: SchedulePolicy
    var conduct: RunConduct
    var beginning: Beginning
    /// What Pungi's phase handed over, if it waits for the result.
    var handoff: Handoff?

    /// Where the run begins.
    enum Beginning: Sendable {
        /// With nothing.
        case new(ComposeDirectory.Place, SavedConfig)
        /// With the tasks that a Pungi which died left on the hub.
        case adopted(directory: String, SavedConfig)
        /// With the tasks of a plan that Pungi's phase has changed since: it holds the compose and begins anew.
        case replanned(directory: String, SavedConfig)
        /// Where another process of ours stopped.
        case takenUp(directory: String, RunRecord, TakeUp)
    }

    /// What is wanted of a run that is taken up.
    struct TakeUp: Sendable {
        /// Build again what failed or lacks an arch.
        var retriesFailed = false
        /// Under this release.
        var release: String?
        /// Cancel it instead of going on; who wants it.
        var cancelledBy: String?
    }

    /// How a run ended, for the verb's exit status.
    struct Ending: Sendable {
        let state: ScheduleState
        var outcome: ScheduleOutcome { state.outcome }
    }

    /// Runs the plan on a hub and says how it went.
    ///
    /// A hub that says that it builds nothing makes the run a rehearsal, however it was named.
    func run(on hub: HubConnection, _ signals: SignalWatch) async throws -> Ending {
        do {
            let ending =
                switch beginning {
                case .new(let place, let config): try await begin(place, config, on: hub, signals)
                case .adopted(let path, let config):
                    try await adopt(path, config, on: hub, isHeldByPungi: false, signals)
                case .replanned(let path, let config):
                    try await adopt(path, config, on: hub, isHeldByPungi: true, signals)
                case .takenUp(let path, let record, let wish): try await takeUp(path, record, wish, on: hub, signals)
                }
            await hub.close()
            await hub.trace?.end(ending.outcome)
            return ending
        } catch {
            await hub.close()
            await hub.trace?.end(nil, failure: (error as? VerbFailure)?.message ?? String(describing: error))
            throw error
        }
    }

    /// Whether the compose has a run, so that it was not in vain that it began.
    var hasBegun: Bool {
        let path =
            switch beginning {
            case .new(let place, _): place.path
            case .adopted(let path, _), .replanned(let path, _), .takenUp(let path, _, _): path
            }
        return AtomicFile.exists(ComposeLayout(top: path).path(ComposeLayout.run))
    }

    /// Where Pungi says that directories lie.
    private var given: GivenPlaces { handoff?.layout.given ?? GivenPlaces() }

    // MARK: New

    private func begin(
        _ place: ComposeDirectory.Place, _ config: SavedConfig, on hub: HubConnection, _ signals: SignalWatch
    ) async throws -> Ending {
        let opened = try await hub.open(for: plan, conduct)
        let directory = try ComposeTrouble.describing {
            try ComposeDirectory.open(
                place, given: given, isRehearsal: opened.isRehearsal, amendsFinished: conduct.amendsFinished)
        }
        defer { directory.stayLocked() }
        if let note = conduct.note {
            try ComposeTrouble.describing { try AtomicFile.write(Array("\(place.path)\n".utf8), to: note) }
        }
        return try await begin(directory, config, on: hub, opened, adopting: [:], signals)
    }

    /// Writes down how the run begins, then runs it. The journal comes last: once it is there, a run can be taken up.
    private func begin(
        _ directory: borrowing ComposeDirectory, _ config: SavedConfig, on hub: HubConnection,
        _ opened: HubConnection.Opened, adopting: [ImageTaskID: TaskID], _ signals: SignalWatch
    ) async throws -> Ending {
        let layout = directory.layout
        let run = composeRun(directory, isRehearsal: opened.isRehearsal, hub)
        var policy = policy
        policy.limits = policy.limits.on(server: hub.address.server, profile: profile)
        let record = RunRecord(
            compose: identity.id, isFinal: identity.isFinal, isRehearsal: opened.isRehearsal,
            isHandedOver: handoff != nil,
            hub: hub.address.server, weburl: hub.address.weburl, profile: profile, user: opened.user?.name,
            droppedOptions: opened.dropped,
            policy: policy, freeze: .init(conduct.freeze), program: PhaseRunner.version,
            started: SystemClock().now().seconds, trace: hub.trace?.tracer.origin)
        hub.trace?.tracer.begin(RunIdentity(run, record, policy: policy), tasks: plan.tasks)
        let journal: RunJournal
        do {
            CancelRequest.clear(in: layout)
            try SpaceReserve(layout).keep()
            let planBytes = try run.prepare()
            try config.save(in: layout)
            try AtomicFile.write(JSONWriter.pretty(record.json), to: layout.path(ComposeLayout.run))
            journal = try RunJournal.create(layout, record, plan: planBytes)
        } catch {
            throw ComposeTrouble.failure(error)
        }
        let adopted = plan.tasks.compactMap { task in adopting[task.id].map { ScheduleEvent.adopted(task.id, $0) } }
        let beginning = [.planned(opened.tasks.map { $0.scheduled(by: policy) })] + adopted
        return try await conduct(
            run, on: hub, opened, record: record, journal: journal, journalled: [], beginning, signals)
    }

    // MARK: Adopted

    private func adopt(
        _ path: String, _ config: SavedConfig, on hub: HubConnection, isHeldByPungi: Bool, _ signals: SignalWatch
    ) async throws -> Ending {
        let opened = try await hub.open(for: plan, conduct.withoutLookingAhead)
        let directory = try ComposeTrouble.describing {
            try ComposeDirectory.adopt(
                path, given: given, isRehearsal: opened.isRehearsal, isHeldByPungi: isHeldByPungi)
        }
        defer { directory.stayLocked() }
        let found: [TaskInfo]
        do {
            let ids = try KojiTaskFiles.ids(in: directory.layout)
            let all = try await Self.tasks(ids, on: hub)
            // A Pungi that is started again builds again what failed.
            found = isHeldByPungi ? all.filter { $0.state != .failed && $0.state != .canceled } : all
        } catch let failure as KojiFailure {
            throw VerbFailure(.hubUnusable, failure.message)
        } catch {
            throw ComposeTrouble.failure(error)
        }
        let matches = Adoption.match(opened.tasks, found)
        Console.line(
            "\(counted(found.count, "task")) of the compose on the hub, \(matches.count) of them of this phase;"
                + " \(counted(plan.tasks.count - matches.count, "image")) not yet submitted")
        let strangers = found.filter { task in matches.values.contains(task.id) && task.owner != opened.user?.id }
        if !strangers.isEmpty {
            Console.warning(
                "\(counted(strangers.count, "task")) belong to another user, so this run cannot cancel them:"
                    + " \(strangers.map(\.id.description).joined(separator: ", "))")
        }
        if isHeldByPungi {
            // The record of the plan before. What is taken over is recorded anew; what is not asked for any more would
            // stand in the way of an image that takes its place.
            unlink(directory.layout.path(ComposeLayout.handedImages))
        }
        return try await begin(directory, config, on: hub, opened, adopting: matches, signals)
    }

    /// Those that the hub knows, with their requests.
    private static func tasks(_ ids: [TaskID], on hub: HubConnection) async throws(KojiFailure) -> [TaskInfo] {
        var found: [TaskInfo] = []
        var rest = ids[...]
        while !rest.isEmpty {
            found += try await hub.session.ask(.taskInfos(Array(rest.prefix(250)), request: true)).values
            rest = rest.dropFirst(250)
        }
        return found
    }

    // MARK: Taken up

    private func takeUp(
        _ path: String, _ record: RunRecord, _ wish: TakeUp, on hub: HubConnection, _ signals: SignalWatch
    ) async throws -> Ending {
        let directory = try ComposeTrouble.describing {
            try ComposeDirectory.takeUp(path, given: given, isRehearsal: record.isRehearsal)
        }
        defer { directory.stayLocked() }
        let layout = directory.layout
        let journal: RunJournal
        let journalled: [JournalEntry]
        let began = ContinuousClock.now
        do {
            CancelRequest.clear(in: layout)
            try SpaceReserve(layout).keep()
            journal = try RunJournal.open(layout, record)
            journalled = try await journal.entries()
        } catch {
            throw ComposeTrouble.failure(error)
        }
        let run = composeRun(directory, isRehearsal: record.isRehearsal, hub)
        hub.trace?.tracer.begin(
            RunIdentity(run, record, policy: policy), tasks: plan.tasks, journalled: journalled)
        let state = ScheduleState(replaying: journalled, policy: policy)
        let seconds = (ContinuousClock.now - began).components
        Console.line(
            "\(journalled.count) events of the journal replayed in \(seconds.seconds)."
                + "\(String(seconds.attoseconds / 1_000_000_000_000_000 + 1000).dropFirst()) s")
        let retried = wish.retriesFailed ? try Self.retried(state, plan, wish) : []
        do {
            if let ending = try nothingToDo(state, wish, retried) {
                await journal.close()
                return ending
            }
        } catch {
            await journal.close()
            throw error
        }
        let opened = try await hub.openAgain(for: plan, record)
        var beginning: [ScheduleEvent] = []
        if journalled.isEmpty { beginning.append(.planned(opened.tasks.map { $0.scheduled(by: policy) })) }
        beginning.append(.resumed(by: ThisHost.process))
        if let by = wish.cancelledBy { beginning.append(.stopRequested(.cancelRequested(by: by))) }
        if !retried.isEmpty { beginning.append(.retryRequested(retried, release: wish.release)) }
        return try await conduct(
            run, on: hub, opened, record: record, journal: journal, state: state, journalled: journalled, beginning,
            signals)
    }

    /// A run that has come to its end is not begun again for nothing.
    private func nothingToDo(_ state: ScheduleState, _ wish: TakeUp, _ retried: [ImageTaskID]) throws -> Ending? {
        guard retried.isEmpty, state.count > 0 || !wish.retriesFailed else { return nil }
        // What failed for want of a disk or a hub is taken up; what failed for good is not.
        var next = state
        _ = next.apply(.resumed(by: ""), at: SystemClock().now())
        if wish.cancelledBy == nil, let id = next.requiredFailure, !policy.keepsGoing {
            throw VerbFailure(
                .phaseFailed,
                "\(id) failed, and the compose cannot do without it; build it again with --retry-failed, or only the rest"
                    + " with --keep-going")
        }
        guard state.count > 0, !state.hasWork, state.isRecorded || wish.cancelledBy != nil else { return nil }
        Console.line("\(identity.id) has come to its end; there is nothing to take up")
        return Ending(state: state)
    }

    /// Which images are to be built again. What cannot be, without another release, is told.
    private static func retried(
        _ state: ScheduleState, _ plan: PhasePlan, _ wish: TakeUp
    ) throws -> [ImageTaskID] {
        var retried: [ImageTaskID] = []
        for progress in state.progress {
            switch progress.phase {
            case .failed: retried.append(progress.task.id)
            case .done(_, _, let missing) where !missing.isEmpty:
                if progress.task.isScratch || wish.release != nil {
                    retried.append(progress.task.id)
                } else {
                    Console.warning(
                        "\(progress.task.id) lacks \(missing.keys.sorted().joined(separator: ", ")), and its build is"
                            + " complete without: it can only be built anew under another release; name it with"
                            + " --new-release")
                }
            default: continue
            }
        }
        return retried
    }

    // MARK: All

    private func composeRun(
        _ directory: borrowing ComposeDirectory, isRehearsal: Bool, _ hub: HubConnection
    ) -> ComposeRun {
        ComposeRun(
            settings: settings, variants: variants, compose: identity, plan: plan, layout: directory.layout,
            isOurs: directory.isOurs, isFinished: directory.isFinished, isHandedOver: handoff != nil,
            isRehearsal: isRehearsal, hub: hub.address.server, weburl: hub.address.weburl,
            freeze: conduct.freeze)
    }

    private func conduct(
        _ run: ComposeRun, on hub: HubConnection, _ opened: HubConnection.Opened, record: RunRecord,
        journal: RunJournal, state: ScheduleState? = nil, journalled: [JournalEntry], _ beginning: [ScheduleEvent],
        _ signals: SignalWatch
    ) async throws -> Ending {
        let display = RunDisplay(run, record, conduct, trace: hub.trace)
        let judgement = try conduct.judgement(of: run)
        let means = RunMeans(
            session: hub.session, identity: RunIdentity(run, record, policy: policy), user: opened.user,
            tasks: opened.tasks, policy: policy,
            rules: conduct.rules, journal: journal,
            state: state, journalled: journalled, beginning: beginning,
            pace: conduct.pace(isRehearsal: record.isRehearsal), judgement: judgement,
            observers: display.observers + (hub.trace.map { [$0.tracer] } ?? []), showClock: { LocalTime.clock($0) },
            warn: { Console.warning($0) })
        let stops = RunStops(
            signals: signals, layout: run.layout, leavesOnTerm: policy.leavesOnTerm,
            leavesWithCaller: conduct.leavesWithCaller)
        let finished: ComposeRun.Finished
        do {
            await display.begin()
            Memory.giveBack()
            finished = try await run.perform(with: means) { stops.watch($0) }
            stops.end()
            await journal.close()
            await display.end(finished.status)
        } catch {
            stops.end()
            await journal.close()
            await display.end(.doomed)
            throw ComposeTrouble.failure(error)
        }
        ReportFile.write(in: run.layout)
        if handoff == nil { RunReport.show(finished, layout: run.layout, isRehearsal: run.isRehearsal) }
        return Ending(state: finished.state)
    }
}

/// How a run is conducted, beside what it builds.
struct RunConduct: Sendable {
    var dropsUnknownOptions = false
    /// The file that is told where the compose is.
    var note: String?
    /// Whether targets, names and builders are looked at before the first submit.
    var looksAhead = true
    /// Whether images may be added to a compose that is FINISHED.
    var amendsFinished = false
    /// Whether tasks are left running when standard input ends.
    var leavesWithCaller = false
    /// Seconds between two looks at running tasks, if the user wants to say.
    var pollInterval: Double?
    /// Seconds that the hub is given to answer, if the user wants to say.
    var hubPatience: Int?
    /// Tell why tasks failed, own rules first.
    var rules = CauseRules.builtIn
    /// Scripts that are told of what happens, and the seconds that each may take.
    var scripts: [String] = []
    var scriptTimeout = 60.0
    /// Whether Pungi's lines are added to its log.
    var writesClassicLog = true
    /// Where durations are to be learnt from; empty for the composes beside this one.
    var history: [String] = []
    /// What becomes of findings about results.
    var results = ResultPolicy()
    /// The compose that sizes are compared with; nil for the last good one beside this one.
    var previous: String?
    /// What images are held against after they were built; nil where nothing is frozen.
    var freeze: FreezeRule?
    /// What changes since the last compose; nil for a run that is taken up, where it was said.
    var sinceLast: SinceLast.Told?

    /// What the command line says goes over the settings.
    init(_ options: RunOptions, _ hub: HubOptions, _ notifications: NotificationOptions, _ settings: RunSettings) {
        dropsUnknownOptions = hub.unknownOptions == .drop
        pollInterval = hub.pollInterval
        hubPatience = hub.hubPatience
        rules = rules.adding(settings.failureRules.compactMap(\.rule))
        scripts = settings.notificationScripts + notifications.scripts
        scriptTimeout = settings.notificationTimeout
        writesClassicLog = settings.classicLog
        results = settings.results
        previous = options.previous
        history = options.history.isEmpty ? settings.history : options.history
    }

    /// What results are held against. A compose that was named must be there; one that merely lies beside need not.
    func judgement(of run: ComposeRun) throws -> ResultJudgement {
        guard let previous else {
            return ResultJudgement(
                policy: results,
                previous: PreviousImages.find(
                    of: run.plan.compose, beside: run.layout.top, isRehearsal: run.isRehearsal))
        }
        do {
            return ResultJudgement(policy: results, previous: try PreviousImages.read(previous))
        } catch {
            throw VerbFailure(.invalid, "--previous \(previous): its images cannot be read: \(error)")
        }
    }

    var withoutLookingAhead: RunConduct {
        var conduct = self
        conduct.looksAhead = false
        return conduct
    }

    /// Pungi tells scripts and keeps its log itself.
    var forHandoff: RunConduct {
        var conduct = self
        conduct.scripts = []
        conduct.writesClassicLog = false
        return conduct
    }

    /// A rehearsal's tasks take seconds: it is watched every second, by the same rules.
    func pace(isRehearsal: Bool) -> WatchPace {
        var pace = isRehearsal ? WatchPace(shortest: 1, reasonsEvery: 5) : WatchPace()
        if let pollInterval { pace.shortest = pollInterval }
        return hubPatience.map { pace.waitingAtMost(Double($0)) } ?? pace
    }
}

/// What keeps a compose directory from being worked on, as a verb ends with it.
enum ComposeTrouble {
    static func failure(_ error: any Error) -> any Error {
        if error is VerbFailure || (error as? ComposeDirectory.Failure)?.isTaken == true { return error }
        return VerbFailure(.composeUnusable, String(describing: error))
    }

    static func describing<Value: ~Copyable>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw failure(error)
        }
    }
}
