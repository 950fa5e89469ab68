package import Koji

/// Runs a plan on a hub: writes each event to the journal, applies it to the state, performs the actions.
///
/// Events come one after the other, in one order for journal and state; those that come together are made safe
/// together. Everything that waits (submits, rounds of watching, fetching) happens in child tasks that post events.
package actor Scheduler {
    private let tasks: TaskTable
    private let hub: any TaskHub
    private let collector: any TaskCollector
    private let journal: any Journal
    private let clock: any ScheduleClock
    private let pace: WatchPace
    private let chance: @Sendable () -> Double
    private let observers: [any ScheduleObserver]

    private var state: ScheduleState
    /// How the state came to be, when a run is taken up.
    private let beginning: [ScheduleEvent]
    private var journalIsBroken = false
    /// Rounds of watching and requests made for them.
    package private(set) var watching = WatchStatistics()

    private let mailbox = Mailbox()
    private let outgoing: AsyncStream<ImageTaskID>
    private let send: AsyncStream<ImageTaskID>.Continuation
    /// The moments for which timers are set.
    private var wakes: Set<Instant> = []

    /// - Parameters:
    ///   - tasks: the plan's, as the hub takes them.
    ///   - state: what the journal of an earlier process tells of; nil for a new run.
    ///   - beginning: what is to happen first, e.g. ``ScheduleEvent/planned(_:)``.
    ///   - chance: draws between 0 and 1.
    package init(
        tasks: [ImageTask], hub: any TaskHub, collector: any TaskCollector, journal: any Journal,
        clock: any ScheduleClock = SystemClock(), policy: SchedulePolicy = SchedulePolicy(),
        pace: WatchPace = WatchPace(), state: ScheduleState? = nil, beginning: [ScheduleEvent],
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        observers: [any ScheduleObserver] = []
    ) {
        self.tasks = TaskTable(tasks)
        self.hub = hub
        self.collector = collector
        self.journal = journal
        self.clock = clock
        self.pace = pace
        self.chance = chance
        self.observers = observers
        self.beginning = beginning
        self.state = state ?? ScheduleState(policy: policy)
        (outgoing, send) = AsyncStream.makeStream()
    }

    /// Runs the plan to its end, whatever that is.
    package func run() async -> ScheduleOutcome {
        await withTaskGroup(of: Void.self) { group in
            for event in beginning { await take([.init(event: event, taken: nil)], &group) }
            if let id = state.requiredFailure, !state.policy.keepsGoing {
                await take([.init(event: .stopRequested(.requiredImageFailed(id)), taken: nil)], &group)
            }
            group.addTask { await self.submitInOrder() }
            group.addTask { await self.watch() }
            if !state.isFinished {
                for await _ in mailbox.arrivals {
                    await take(mailbox.empty(), &group)
                    if state.isFinished { break }
                }
            }
            mailbox.close()
            send.finish()
            group.cancelAll()
        }
        return state.outcome
    }

    /// Writes down that the end of the run is recorded.
    package func noteEnd() async {
        guard !journalIsBroken else { return }
        let instant = clock.now()
        do {
            try await journal.append([JournalEntry(instant: instant, event: .ended)])
        } catch {
            return
        }
        _ = state.apply(.ended, at: instant)
        for observer in observers { await observer.scheduleChanged(state, by: .ended, at: instant) }
    }

    /// Asks the run to stop: nothing more is submitted, what runs is canceled (or left, where the reason says so).
    package nonisolated func stop(_ reason: StopReason) {
        mailbox.put(.init(event: .stopRequested(reason), taken: nil))
    }

    /// Where everything stands.
    package var current: ScheduleState { state }

    /// Tasks that may be on the hub now.
    package var onHub: [(task: ImageTaskID, hubTask: TaskID)] {
        state.progress.compactMap { progress in
            guard !progress.phase.isSettled, let hubTask = progress.phase.hubTask else { return nil }
            return (progress.task.id, hubTask)
        }
    }

    // MARK: Events

    /// Posts an event and returns when it is in the journal and in the state.
    private func tell(_ event: ScheduleEvent) async {
        await withCheckedContinuation { taken in
            if !mailbox.put(.init(event: event, taken: taken)) { taken.resume() }
        }
    }

    private func take(_ letters: [Mailbox.Letter], _ group: inout TaskGroup<Void>) async {
        guard !letters.isEmpty else { return }
        let instant = clock.now()
        let durable = letters.filter(\.event.isDurable).map { JournalEntry(instant: instant, event: $0.event) }
        let stop = durable.isEmpty ? nil : await write(durable, instant)
        // With what begins a run, the run is to end; else nothing of what came is to begin any more.
        let isBeginning = letters.contains(where: \.event.begins)
        if let stop, !isBeginning { await apply(stop, instant, &group) }
        for letter in letters {
            await apply(letter.event, instant, &group)
            letter.taken?.resume()
        }
        if let stop, isBeginning { await apply(stop, instant, &group) }
    }

    /// Makes events safe. Where that fails nothing new may be begun; what runs is still to be canceled, and is written
    /// down as long as there is room for it.
    ///
    /// - Returns: the stop, where it failed.
    private func write(_ entries: [JournalEntry], _ instant: Instant) async -> ScheduleEvent? {
        guard !journalIsBroken else { return nil }
        do {
            try await journal.append(entries)
            return nil
        } catch {
            let stop = ScheduleEvent.stopRequested(.composeUnusable(error.description))
            let last = [JournalEntry(instant: instant, event: stop)]
            let isBeginning = entries.contains(where: \.event.begins)
            journalIsBroken = true
            if error.kind == .full, await journal.makeRoom() {
                do {
                    try await journal.append(isBeginning ? entries + last : last + entries)
                    journalIsBroken = false
                } catch {
                    return stop
                }
            }
            return stop
        }
    }

    private func apply(_ event: ScheduleEvent, _ instant: Instant, _ group: inout TaskGroup<Void>) async {
        perform(state.apply(event, at: instant), &group)
        setTimer(at: instant, &group)
        for observer in observers { await observer.scheduleChanged(state, by: event, at: instant) }
    }

    // MARK: Actions

    private func perform(_ actions: [ScheduleAction], _ group: inout TaskGroup<Void>) {
        var cancelled: [(ImageTaskID, TaskID)] = []
        for action in actions {
            switch action {
            case .submit(let id): send.yield(id)
            case .lookUp(let id, let after): group.addTask { await self.lookUp(id, after: after) }
            case .diagnose(let id, let hubTask, let taskState):
                group.addTask { await self.diagnose(id, hubTask, taskState) }
            case .collect(let id, let parts, let replaced):
                group.addTask { await self.collect(id, parts, replaced) }
            case .cancel(let id, let hubTask): cancelled.append((id, hubTask))
            case .stop(let reason): stop(reason)
            }
        }
        if !cancelled.isEmpty {
            let wanted = cancelled
            group.addTask { await self.cancel(wanted) }
        }
    }

    /// A timer for the next moment at which something is due; none is set while one for that moment or before it runs.
    private func setTimer(at now: Instant, _ group: inout TaskGroup<Void>) {
        guard let next = state.nextWake, !wakes.contains(where: { $0 <= next }) else { return }
        wakes.insert(next)
        group.addTask { await self.wait(until: next, from: now) }
    }

    private func wait(until moment: Instant, from now: Instant) async {
        // A little late rather than a little early: then it is due.
        do { try await clock.sleep(seconds: max(0, moment - now) + 0.001) } catch { return }
        wakes.remove(moment)
        let instant = clock.now()
        if state.isPastDeadline(at: instant) { await tell(.stopRequested(.deadline(state.policy.deadline ?? 0))) }
        for id in state.overdue(at: instant) { await tell(.overdue(id)) }
        await tell(.timePassed)
    }

    /// Submits one after the other: the hub answers them in order anyway, and one lost answer is then one lost answer.
    private func submitInOrder() async {
        for await id in outgoing {
            guard let task = tasks[id]?.task, state.takesSubmits else { continue }
            let newest: TaskID?
            do {
                newest = try await newestBefore()
            } catch {
                await tell(.stopRequested(.hubUnusable(String(describing: error))))
                continue
            }
            // It may be somebody's task by now, or not wanted any more.
            guard let progress = state[id], progress.phase == .waiting, state.takesSubmits else { continue }
            let attempt = progress.attempt
            await tell(.submitting(id, attempt, after: newest))
            // Without the intent in the journal nothing is sent; nor when a stop came beside it.
            guard case .submitting? = state[id]?.phase, state.takesSubmits, !journalIsBroken else {
                await tell(.unsent(id))
                continue
            }
            switch await TraceScope.$image.withValue(id, operation: { await hub.submit(task, attempt) }) {
            case .accepted(let hubTask):
                lastSubmitted = hubTask
                await tell(.submitted(id, hubTask))
            case .refused(let failure): await tell(.refused(id, failure))
            case .answerLost(let wasDone): await tell(.answerLost(id, wasDone: wasDone))
            case .hubUnusable(let reason):
                mailbox.put(.init(event: .unsent(id), taken: nil))
                await tell(.stopRequested(.hubUnusable(reason)))
            }
        }
    }

    private var lastSubmitted: TaskID?

    /// The hub's newest task: asked for once, then the id of the submit before will do.
    private func newestBefore() async throws -> TaskID? {
        if let lastSubmitted { return lastSubmitted }
        return try await hub.newestTask()
    }

    private func lookUp(_ id: ImageTaskID, after: TaskID?) async {
        guard let task = tasks[id]?.task, let attempt = state[id]?.attempt else { return }
        do {
            var found = try await find(task, attempt, after: after)
            // The hub may carry out a request late that it has already taken in: only patience tells that nothing came.
            var pauses = pace.lookUps[...]
            while found.isEmpty, let pause = pauses.popFirst(), !isLongGone(id) {
                try await clock.sleep(seconds: pause)
                found = try await find(task, attempt, after: after)
            }
            if let newest = found.max() { lastSubmitted = max(newest, lastSubmitted ?? newest) }
            await tell(.lookedUp(id, found: found))
        } catch is CancellationError {
            return
        } catch {
            await tell(.lookUpFailed(id, reason: String(describing: error)))
            await tell(.stopRequested(.hubUnusable(String(describing: error))))
        }
    }

    /// Whether a submit lies so far back that no hub is still busy with it: that of a process that died a while ago.
    private func isLongGone(_ id: ImageTaskID) -> Bool {
        guard let sent = state[id]?.sent else { return false }
        return clock.now() - sent > WatchPace.longestSubmit
    }

    /// Tasks that are known as those of other images, or of earlier tries, are not the one that is looked for.
    private func find(_ task: ImageTask, _ attempt: Attempt, after: TaskID?) async throws -> [TaskID] {
        let found = try await TraceScope.$image.withValue(task.id) {
            try await hub.lookUp(task, attempt, after: after)
        }
        let known = state.knownHubTasks
        return found.filter { !known.contains($0) }
    }

    private func diagnose(_ id: ImageTaskID, _ hubTask: TaskID, _ taskState: TaskState) async {
        guard let task = tasks[id]?.task else { return }
        var diagnosis = await TraceScope.$image.withValue(id) { await hub.diagnose(task, hubTask, taskState) }
        diagnosis.chance = chance()
        await tell(.diagnosed(id, diagnosis))
    }

    private func collect(_ id: ImageTaskID, _ parts: [HubPart], _ replaced: [CollectedImage]) async {
        guard let task = tasks[id]?.task else { return }
        do {
            let collected = try await collect(task, parts, replacing: replaced)
            await tell(.collected(id, images: collected.images, missing: collected.missing))
        } catch {
            await tell(.notCollected(id, error))
        }
    }

    private func collect(
        _ task: ImageTask, _ parts: [HubPart], replacing replaced: [CollectedImage]
    ) async throws(TaskFailure) -> CollectedTask {
        // In two steps: a task-local's own function knows no typed errors.
        let result: Result<CollectedTask, TaskFailure> = await TraceScope.$image.withValue(task.id) {
            do throws(TaskFailure) {
                return .success(try await collector.collect(task, parts, replacing: replaced))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Seconds between looks at what was canceled and still runs.
    private static let verification: [Double] = [2, 5, 10]

    private func cancel(_ wanted: [(ImageTaskID, TaskID)]) async {
        var failures = await hub.cancel(wanted.map(\.1))
        for pause in Self.verification where !failures.isEmpty {
            do { try await clock.sleep(seconds: pause) } catch { break }
            failures = await hub.cancel(failures.keys.sorted())
        }
        for (id, hubTask) in wanted {
            mailbox.put(.init(event: .cancelAnswered(id, failure: failures[hubTask]), taken: nil))
        }
    }

    // MARK: Watching

    /// Rounds of watching: all unfinished tasks together, one request for every 500.
    private func watch() async {
        var pause = pace.shortest
        while !Task.isCancelled {
            do { try await clock.sleep(seconds: pause) } catch { return }
            let list = state.watchList
            guard !list.trees.isEmpty else { continue }
            let began = clock.now()
            watching.rounds += 1
            for slice in list.slices() {
                watching.requests += 1
                do {
                    let seen = try await hub.observe(slice)
                    await noteUnknown(slice, seen: Set(seen.map(\.task)))
                    let news = seen.filter { state.isNews($0) }
                    if !news.isEmpty { await tell(.observed(news)) }
                } catch is CancellationError {
                    return
                } catch {
                    await tell(.stopRequested(.hubUnusable(String(describing: error))))
                    return
                }
            }
            await explain(at: clock.now())
            pause = pace.pause(afterRoundOf: clock.now() - began, unfinished: list.trees.count)
        }
    }

    /// Asks now and then why tasks wait that no builder has taken.
    private func explain(at now: Instant) async {
        guard lastExplained.map({ now - $0 >= pace.reasonsEvery }) ?? true else { return }
        let waiting = state.waitingOnHub
        guard !waiting.isEmpty else { return }
        lastExplained = now
        guard let reasons = try? await hub.reasons(for: waiting), !reasons.isEmpty else { return }
        await tell(.explained(reasons))
    }

    private var lastExplained: Instant?

    /// Gives up on tasks that the hub does not know, round after round: it was set back, or is another hub now.
    private func noteUnknown(_ slice: WatchList, seen: Set<ImageTaskID>) async {
        for tree in slice.trees {
            guard !seen.contains(tree.task) else {
                unknown[tree.task] = nil
                continue
            }
            unknown[tree.task, default: 0] += 1
            guard unknown[tree.task] == Self.mostUnknown else { continue }
            unknown[tree.task] = nil
            let failure = TaskFailure(
                kind: .lost,
                message: "the hub does not know task \(tree.parent) any more; was it set back to an earlier"
                    + " state? See what it knows with: koji list-tasks --mine")
            await tell(.diagnosed(tree.task, Diagnosis(failure)))
        }
    }

    /// Rounds in a row in which the hub did not know a task that it had made.
    private var unknown: [ImageTaskID: Int] = [:]
    private static let mostUnknown = 3
}

/// What watching cost.
package struct WatchStatistics: Sendable, Hashable {
    package var rounds = 0
    package var requests = 0

    package init() {}
}
