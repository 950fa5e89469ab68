import Glibc
package import Koji
import PungiConfig

/// What a run needs of the world outside its compose directory.
package struct RunMeans: Sendable {
    package var session: KojiSession
    /// What the log of events says of the run.
    package var identity: RunIdentity
    /// Who is logged in; nil makes it impossible to look for a task whose submit was not answered.
    package var user: KojiUser?
    /// The plan's tasks as the hub takes them.
    package var tasks: [ImageTask]
    package var policy: SchedulePolicy
    /// Tell why tasks failed.
    package var rules: CauseRules
    package var journal: any Journal
    /// The state that the journal tells of, when a run is taken up.
    package var state: ScheduleState?
    /// What earlier processes wrote into the journal; empty for a new run.
    package var journalled: [JournalEntry]
    /// What is to happen first; nil is the plan, for a new run.
    package var beginning: [ScheduleEvent]?
    package var pace: WatchPace
    /// Looks at results for what nobody may miss.
    package var judgement: ResultJudgement
    package var clock: any ScheduleClock
    /// Look on beside the log of the run.
    package var observers: [any ScheduleObserver]
    /// Seconds since 1970 as a log shows them.
    package var showClock: @Sendable (Double) -> String
    package var warn: @Sendable (String) -> Void

    package init(
        session: KojiSession, identity: RunIdentity, user: KojiUser?, tasks: [ImageTask],
        policy: SchedulePolicy = SchedulePolicy(),
        rules: CauseRules = .builtIn, journal: any Journal = MemoryJournal(), state: ScheduleState? = nil,
        journalled: [JournalEntry] = [],
        beginning: [ScheduleEvent]? = nil,
        pace: WatchPace = WatchPace(), judgement: ResultJudgement = ResultJudgement(),
        clock: any ScheduleClock = SystemClock(),
        observers: [any ScheduleObserver] = [], showClock: @escaping @Sendable (Double) -> String,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.session = session
        self.identity = identity
        self.user = user
        self.tasks = tasks
        self.policy = policy
        self.rules = rules
        self.journal = journal
        self.state = state
        self.journalled = journalled
        self.beginning = beginning
        self.pace = pace
        self.judgement = judgement
        self.clock = clock
        self.observers = observers
        self.showClock = showClock
        self.warn = warn
    }
}

extension ComposeRun {
    /// Runs the schedule of a prepared compose to its end, and records how it ended.
    ///
    /// - Parameter onStart: gets the schedule before it begins, to be able to stop it.
    /// - Throws: what keeps the compose directory from being worked on.
    package func perform(
        with means: RunMeans, onStart: (Scheduler) -> Void = { _ in }
    ) async throws -> Finished {
        try begin()
        let collector = ImageCollector(
            results: KojiResults(session: means.session), files: files(means), layout: layout,
            variants: variants, checksums: settings.mediaChecksums,
            record: ImagesRecord(
                layout: layout, compose: manifestCompose,
                at: isHandedOver ? ComposeLayout.handedImages : ComposeLayout.images, warn: means.warn),
            judgement: means.judgement, origins: originInquiry(means), warn: means.warn)
        let log = try EventLog(
            layout: layout, tasks: plan.tasks, identity: means.identity, journalled: means.journalled,
            at: means.clock.now(), clock: means.showClock)
        let scheduler = Scheduler(
            tasks: means.tasks,
            hub: KojiTaskHub(
                session: means.session, tasks: means.tasks, user: means.user, rules: means.rules),
            collector: collector, journal: means.journal, clock: means.clock, policy: means.policy,
            pace: means.pace, state: means.state,
            beginning: means.beginning ?? [.planned(means.tasks.map { $0.scheduled(by: means.policy) })],
            observers: [log, ProvenanceRecord(layout: layout, empty: provenance)] + means.observers)
        onStart(scheduler)
        let outcome = await scheduler.run()
        // What is half here is of use to a run that goes on with this one only.
        if outcome.stopReason != .leaving { clearIncoming() }
        if let trouble = await log.trouble { means.warn("the logs of the run are incomplete: \(trouble)") }
        let finished = try finish(
            outcome, await scheduler.current, watching: await scheduler.watching, cost: means.session.cost)
        await scheduler.noteEnd()
        return finished
    }

    private func clearIncoming() {
        let directory = layout.path(ComposeLayout.incoming)
        for name in (try? FileNames.of(directory)) ?? [] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// The hub's files: as they are mounted here, else over HTTP; as Pungi only over HTTP where a cache is configured.
    private func files(_ means: RunMeans) -> any ResultFiles {
        let session = means.session
        let clock = means.clock
        let sleep: @Sendable (Double) async throws -> Void = { try await clock.sleep(seconds: $0) }
        let linkType = TreeFiles.LinkType(rawValue: settings.linkType) ?? .hardlinkOrCopy
        let cache = settings.kojiCache?.value
        if cache == nil, let topdir = session.hub.topdir, AtomicFile.exists("\(topdir)/packages") {
            return TreeFiles(top: topdir, linkType: linkType, sleep: sleep)
        }
        let web = WebFiles(
            topurl: session.hub.topurl, transport: session.transport, retry: session.retry, sleep: sleep,
            warn: means.warn)
        guard let cache else { return web }
        return CachedFiles(directory: cache, origin: web, linkType: linkType, sleep: sleep, warn: means.warn)
    }
}
