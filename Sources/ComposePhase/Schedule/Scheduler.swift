package import Koji

/// Runs a plan on a hub: writes each event to the journal, applies it to the state, performs the actions.
///
/// One event at a time, in one order for journal and state. Everything that waits (submits, rounds of watching,
/// fetching) happens in child tasks that post events.
package actor Scheduler {
    private let tasks: [ImageTaskID: ImageTask]
    private let planned: [ScheduledTask]
    private let hub: any TaskHub
    private let collector: any TaskCollector
    private let journal: any Journal
    private let clock: any ScheduleClock
    private let pace: WatchPace
    private let observers: [any ScheduleObserver]

    private var state: ScheduleState
    private var journalIsBroken = false
    /// Rounds of watching and requests made for them.
    package private(set) var watching = WatchStatistics()

    private let inbox: AsyncStream<Posted>
    private let post: AsyncStream<Posted>.Continuation
    private let outgoing: AsyncStream<ImageTaskID>
    private let send: AsyncStream<ImageTaskID>.Continuation

    private struct Posted: Sendable {
        let event: ScheduleEvent
        let taken: CheckedContinuation<Void, Never>?
    }

    package init(
        tasks: [ImageTask], hub: any TaskHub, collector: any TaskCollector, journal: any Journal,
        clock: any ScheduleClock = SystemClock(), limits: ScheduleLimits = ScheduleLimits(),
        pace: WatchPace = WatchPace(), observers: [any ScheduleObserver] = []
    ) {
        self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        planned = tasks.map {
            ScheduledTask(id: $0.id, arches: $0.arches.map(\.arch), failableArches: $0.failableArches)
        }
        self.hub = hub
        self.collector = collector
        self.journal = journal
        self.clock = clock
        self.pace = pace
        self.observers = observers
        state = ScheduleState(limits: limits)
        (inbox, post) = AsyncStream.makeStream()
        (outgoing, send) = AsyncStream.makeStream()
    }

    /// Runs the plan to its end, whatever that is.
    package func run() async -> ScheduleOutcome {
        await withTaskGroup(of: Void.self) { group in
            await take(.planned(planned), &group)
            group.addTask { await self.submitInOrder() }
            group.addTask { await self.watch() }
            for await posted in inbox {
                await take(posted.event, &group)
                posted.taken?.resume()
                if state.isFinished { break }
            }
            post.finish()
            send.finish()
            group.cancelAll()
            // Whoever posted too late must not wait for ever.
            for await posted in inbox { posted.taken?.resume() }
        }
        return state.outcome
    }

    /// Asks the run to stop: nothing more is submitted, what runs is canceled.
    package nonisolated func stop(_ reason: StopReason) {
        post.yield(Posted(event: .stopRequested(reason), taken: nil))
    }

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
            if case .terminated = post.yield(Posted(event: event, taken: taken)) { taken.resume() }
        }
    }

    private func take(_ event: ScheduleEvent, _ group: inout TaskGroup<Void>) async {
        let instant = clock.now()
        if !journalIsBroken {
            do {
                try await journal.append(event, at: instant)
            } catch {
                // Without a journal nothing new may be begun; what runs is still to be canceled.
                journalIsBroken = true
                await apply(
                    .stopRequested(.composeUnusable("the journal cannot be written: \(error)")), instant, &group)
            }
        }
        await apply(event, instant, &group)
    }

    private func apply(_ event: ScheduleEvent, _ instant: Instant, _ group: inout TaskGroup<Void>) async {
        perform(state.apply(event, at: instant), &group)
        for observer in observers { await observer.scheduleChanged(state, by: event, at: instant) }
        if state.isFinished { post.finish() }
    }

    // MARK: Actions

    private func perform(_ actions: [ScheduleAction], _ group: inout TaskGroup<Void>) {
        var cancelled: [(ImageTaskID, TaskID)] = []
        for action in actions {
            switch action {
            case .submit(let id): send.yield(id)
            case .lookUp(let id, let after): group.addTask { await self.lookUp(id, after: after) }
            case .diagnose(let id, let hubTask, let taskState):
                group.addTask {
                    await self.tell(.diagnosed(id, await self.hub.diagnose(hubTask, taskState)))
                }
            case .collect(let id, let hubTask): group.addTask { await self.collect(id, hubTask) }
            case .cancel(let id, let hubTask): cancelled.append((id, hubTask))
            }
        }
        if !cancelled.isEmpty {
            let wanted = cancelled
            group.addTask { await self.cancel(wanted) }
        }
    }

    /// Submits one after the other: the hub answers them in order anyway, and one lost answer is then one lost answer.
    private func submitInOrder() async {
        for await id in outgoing {
            guard let task = tasks[id], state.stopReason == nil else { continue }
            let newest: TaskID?
            do {
                newest = try await newestBefore()
            } catch {
                await tell(.stopRequested(.hubUnusable(String(describing: error))))
                continue
            }
            await tell(.submitting(id, after: newest))
            guard case .submitting? = state[id]?.phase else { continue }
            switch await hub.submit(task) {
            case .accepted(let hubTask):
                lastSubmitted = hubTask
                await tell(.submitted(id, hubTask))
            case .refused(let failure): await tell(.refused(id, failure))
            case .answerLost(let wasDone): await tell(.answerLost(id, wasDone: wasDone))
            case .hubUnusable(let reason):
                await tell(.refused(id, TaskFailure(kind: .refused, message: reason)))
                await tell(.stopRequested(.hubUnusable(reason)))
            }
        }
    }

    private var lastSubmitted: TaskID?

    /// Seconds between looks for a task whose answer was lost: together longer than the submit itself may have taken.
    private static let patience: [Double] = [5, 20, 60, 60]

    /// The hub's newest task: asked for once, then the id of the submit before will do.
    private func newestBefore() async throws -> TaskID? {
        if let lastSubmitted { return lastSubmitted }
        return try await hub.newestTask()
    }

    private func lookUp(_ id: ImageTaskID, after: TaskID?) async {
        guard let task = tasks[id] else { return }
        do {
            var found = try await hub.lookUp(task, after: after)
            // The hub may carry out a request late that it has already taken in: only patience tells that nothing came.
            for pause in Self.patience where found.isEmpty {
                try await clock.sleep(seconds: pause)
                found = try await hub.lookUp(task, after: after)
            }
            if let newest = found.max() { lastSubmitted = max(newest, lastSubmitted ?? newest) }
            await tell(.lookedUp(id, found: found))
        } catch {
            await tell(.lookUpFailed(id, reason: String(describing: error)))
            await tell(.stopRequested(.hubUnusable(String(describing: error))))
        }
    }

    private func collect(_ id: ImageTaskID, _ hubTask: TaskID) async {
        guard let task = tasks[id] else { return }
        do {
            let collected = try await collector.collect(task, hubTask)
            await tell(.collected(id, images: collected.images, missing: collected.missing))
        } catch {
            await tell(.notCollected(id, error))
        }
    }

    private func cancel(_ wanted: [(ImageTaskID, TaskID)]) async {
        let failures = await hub.cancel(wanted.map(\.1))
        for (id, hubTask) in wanted { await tell(.cancelAnswered(id, failure: failures[hubTask])) }
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
            pause = pace.pause(afterRoundOf: clock.now() - began, unfinished: list.trees.count)
        }
    }

    /// Gives up on tasks that the hub does not know, round after round: it was set back, or is another hub now.
    private func noteUnknown(_ slice: WatchList, seen: Set<ImageTaskID>) async {
        for tree in slice.trees {
            guard !seen.contains(tree.task) else {
                unknown[tree.task] = nil
                continue
            }
            unknown[tree.task, default: 0] += 1
            guard unknown[tree.task] == Self.mostUnknown else { continue }
            await tell(
                .diagnosed(
                    tree.task,
                    TaskFailure(
                        kind: .lost,
                        message: "the hub does not know task \(tree.parent) any more; was it set back to an earlier"
                            + " state? See what it knows with: koji list-tasks --mine")))
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
}
