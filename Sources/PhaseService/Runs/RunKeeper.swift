package import ComposePhase
import Glibc
package import PhaseStore
import ProductMD

/// Sees to it that every run that was asked for comes to its end: begins its processes, follows them, takes up what a
/// death of this service or of them left, and keeps the record.
///
/// A run is a process of its own that goes on without the service. Whether it lives is told by a lock that it holds, so
/// no run is ever begun twice. What it does is read from its compose, as `status` does.
package actor RunKeeper {
    /// What the keeper needs of the world.
    package struct Means: Sendable {
        /// This program.
        package var program: String
        /// The environment of the processes, `NAME=VALUE`.
        package var environment: [String]
        /// Seconds since 1970.
        package var now: @Sendable () -> Double
        package var warn: @Sendable (String) -> Void
        /// Hears of every run that has ended.
        package var onEnd: @Sendable (StoredRun) async -> Void = { _ in }

        package init(
            program: String, environment: [String], now: @escaping @Sendable () -> Double,
            warn: @escaping @Sendable (String) -> Void
        ) {
            self.program = program
            self.environment = environment
            self.now = now
            self.warn = warn
        }
    }

    private let store: ServiceStore
    private var settings: ServiceSettings
    private var means: Means
    private var live: [Int: LiveRun] = [:]
    private var isStopping = false
    private var isLooking = false
    /// What has ended, for the metrics.
    package private(set) var tally = RunTally()
    /// All runs, for the overview.
    package nonisolated let board = ChangeBoard()
    /// Ended runs that the overview still shows.
    private var shown: [Int] = []
    private static let shownEnded = 20

    package init(_ store: ServiceStore, _ settings: ServiceSettings, _ means: Means) {
        self.store = store
        self.settings = settings
        self.means = means
    }

    /// New settings hold for processes that are begun from now on.
    package func use(_ settings: ServiceSettings) { self.settings = settings }

    package func onEnd(_ action: @escaping @Sendable (StoredRun) async -> Void) { means.onEnd = action }

    // MARK: What is wanted

    /// Takes a request in.
    ///
    /// - Parameters:
    ///   - key: makes the same request of the same person the same run.
    /// - Returns: the run, and whether it is new.
    package func add(
        _ request: RunRequest, by: String, key: String? = nil, schedule: String? = nil
    ) async throws -> (run: StoredRun, isNew: Bool) {
        guard !isStopping else { throw Problem(503, "The service is stopping", "ask again when it is back") }
        let wanted = StoredRun(
            request: request.stored, requested: means.now(), requestedBy: by, idempotencyKey: key, schedule: schedule)
        let (run, isNew) = try await store.add(wanted)
        if isNew {
            live[run.id] = LiveRun(run, RunPlace(settings.stateDirectory, run.id))
            await show(run)
            await beginWaiting()
        } else if run.request != wanted.request {
            throw Problem(
                422, "The key was used before",
                "the Idempotency-Key belongs to run \(run.id), which asked for something else")
        }
        return (live[run.id]?.stored ?? run, isNew)
    }

    /// Has a run canceled; what that comes to is seen in the run.
    package func cancel(_ id: Int, by: String) async throws {
        guard var run = live[id] else { throw try await missing(id, "has ended") }
        run.cancelledBy = by
        switch run.stored.state {
        case .queued:
            await end(&run, status: nil, reason: "canceled by \(by) before it began")
            return
        case .interrupted:
            run.stored.wish = .cancel
            live[id] = run
            try await store.save(run.stored)
            await beginWaiting()
        case .starting, .running:
            live[id] = run
            requestCancel(run)
        case .ended: break
        }
    }

    /// Builds again what failed of a run that has ended.
    package func retry(_ id: Int, by: String, release: String? = nil) async throws -> StoredRun {
        guard live[id] == nil else { throw Problem.conflict("run \(id) has not ended") }
        guard var stored = try await store.run(id) else { throw Problem.notFound("there is no run \(id)") }
        guard let directory = stored.directory,
            AtomicFile.exists(ComposeLayout(top: directory).path(ComposeLayout.run))
        else { throw Problem.conflict("run \(id) never began a compose; start it anew") }
        guard var request = RunRequest(stored: stored) else { throw Problem.conflict("run \(id) cannot be read") }
        request.newRelease = release
        stored.request = request.stored
        stored.state = .interrupted
        stored.wish = .retry
        stored.reason = "retried by \(by)"
        stored.ended = nil
        // While it was written, somebody else may have asked for the same.
        guard live[id] == nil else { throw Problem.conflict("run \(id) has not ended") }
        live[id] = LiveRun(stored, RunPlace(settings.stateDirectory, id))
        do {
            try await store.save(stored)
        } catch {
            // Who is told that it cannot be done must not see it done later.
            if live[id]?.stored == stored { live[id] = nil }
            throw error
        }
        await show(stored)
        await beginWaiting()
        return live[id]?.stored ?? stored
    }

    private func missing(_ id: Int, _ why: String) async throws -> Problem {
        try await store.run(id) == nil ? .notFound("there is no run \(id)") : .conflict("run \(id) \(why)")
    }

    // MARK: What is there

    /// A run that has not ended, as it is now; nil for others.
    package func current(_ id: Int) -> StoredRun? { live[id]?.stored }

    /// The board of a run that has not ended.
    package func board(of id: Int) -> ChangeBoard? { live[id]?.board }

    /// The status document's payload of every run that is being worked on.
    package func reports() -> [StatusReport] { live.values.compactMap(\.report) }

    package func states() -> [StoredRun] { live.values.map(\.stored) }

    // MARK: Life

    /// Takes up what is not at its end: what an earlier service began and still lives is followed, what died is resumed.
    package func begin() async throws {
        for run in try await store.runs(RunFilter()).reversed() where run.isOver { await show(run) }
        for stored in try await store.unfinishedRuns() {
            live[stored.id] = LiveRun(stored, RunPlace(settings.stateDirectory, stored.id))
            await show(stored)
        }
        await look()
    }

    /// Looks at every run once: what it does, whether it has ended, what can be begun.
    package func look() async {
        guard !isLooking else { return }
        isLooking = true
        defer { isLooking = false }
        for id in live.keys.sorted() {
            guard let state = live[id]?.stored.state, state == .starting || state == .running else { continue }
            await follow(id)
        }
        await beginWaiting()
    }

    /// Tells readers that the service is still there.
    package func beat() async {
        await board.beat()
        for run in live.values { await run.board.beat() }
    }

    /// Tells all processes to end, as the settings say what that means, and waits for them.
    ///
    /// - Parameter patience: seconds; processes that have not ended by then are left to themselves.
    package func stop(patience: Double) async {
        isStopping = true
        for run in live.values {
            if let process = run.process {
                process.send(SIGTERM)
            } else if let owner = run.report?.owner, run.report?.life == .alive, run.place.isAlive,
                let pid = pid_t(exactly: owner.pid)
            {
                kill(pid, SIGTERM)
            }
        }
        let limit = means.now() + patience
        while live.values.contains(where: { [.starting, .running].contains($0.stored.state) }), means.now() < limit {
            await look()
            try? await Task.sleep(for: .milliseconds(100))
        }
        for run in live.values { await run.board.end() }
        await board.end()
    }

    // MARK: Following

    private func follow(_ id: Int) async {
        guard var run = live[id] else { return }
        // Asked before the compose is read: what the process wrote before its end is then seen.
        let exit = run.process?.ending()
        let isGone = run.process == nil ? !run.place.isAlive : exit != nil
        let before = run.stored
        run.look()
        if run.stored.state == .starting, run.report?.record.lastWritten != nil { run.stored.state = .running }
        run.cancelledBy = live[id]?.cancelledBy
        live[id] = run
        if run.cancelledBy != nil, !isGone { requestCancel(run) }
        if isGone {
            await settle(id, exit: exit)
        } else if run.stored != before {
            await keep(run.stored)
        }
        if let run = live[id] { await run.show() }
    }

    /// A file in the compose reaches the run's process wherever it is; it is put there again until it is seen, because a
    /// process that begins clears what was asked of an earlier one.
    private func requestCancel(_ run: LiveRun) {
        guard let by = run.cancelledBy, let directory = run.stored.directory else { return }
        let layout = ComposeLayout(top: directory)
        guard CancelRequest.by(in: layout) == nil, AtomicFile.exists(layout.path(ComposeLayout.run)) else { return }
        do {
            try CancelRequest.put(in: layout, by: by, at: Instant(seconds: means.now()))
        } catch {
            means.warn("run \(run.stored.id) cannot be asked to stop: \(error)")
        }
    }

    /// Decides what follows the end of a process.
    private func settle(_ id: Int, exit: Int?) async {
        guard var run = live[id] else { return }
        run.process = nil
        let hasBegun =
            run.stored.directory.map { AtomicFile.exists(ComposeLayout(top: $0).path(ComposeLayout.run)) } ?? false
        let canResume = run.report?.record.identity.map { $0.profile != nil } ?? true
        run.stored.exitStatus = exit
        let next = RunWork.next(
            run.stored, exit: exit, hasBegun: hasBegun, ending: run.report?.record.ending?.status,
            isStopping: isStopping, deaths: run.deaths, lastWords: RunWork.lastWords(of: run.place.tail(bytes: 16384)))
        switch next {
        case .over(let status, let reason): await end(&run, status: status, reason: reason)
        case .rests(let reason), .goesOn(let reason):
            guard canResume else {
                return await end(
                    &run, status: nil, reason: "\(reason), and a rehearsal on a hub of its own cannot be resumed")
            }
            if case .goesOn = next { run.deaths += 1 }
            run.stored.state = .interrupted
            run.stored.wish = run.cancelledBy != nil && hasBegun ? .cancel : hasBegun ? .resume : .run
            run.stored.reason = reason
            run.reader = nil
            live[id] = run
            await keep(run.stored)
        }
    }

    private func end(_ run: inout LiveRun, status: String?, reason: String?) async {
        let id = run.stored.id
        run.stored.state = .ended
        run.stored.status = status
        run.stored.reason = reason
        run.stored.ended = means.now()
        live[id] = run
        let rows = run.report.map { RunImages.rows($0.record.state, run: id) } ?? []
        tally.add(run.stored, rows)
        if !rows.isEmpty {
            do {
                try await store.save(rows, of: id)
            } catch {
                means.warn("the images of run \(id) are missing from the history: \(error)")
            }
        }
        await keep(run.stored)
        await run.show()
        await run.board.end()
        let stored = run.stored
        live[id] = nil
        await means.onEnd(stored)
    }

    /// Writes a run down and shows it. A disk that is full keeps nothing from going on.
    private func keep(_ run: StoredRun) async {
        do {
            try await store.save(run)
        } catch {
            means.warn("run \(run.id): \(error)")
        }
        await show(run)
    }

    private func show(_ run: StoredRun) async {
        await board.put("run/\(run.id)", kind: "run", RunDocument.json(run))
        guard run.isOver else { return shown.removeAll { $0 == run.id } }
        shown.removeAll { $0 == run.id }
        shown.append(run.id)
        while shown.count > Self.shownEnded { await board.remove("run/\(shown.removeFirst())") }
    }

    // MARK: Beginning

    /// Begins what waits, as far as there is room: what was interrupted first, then in the order of the requests.
    private func beginWaiting() async {
        while !isStopping {
            let busy = live.values.count { $0.stored.state == .starting || $0.stored.state == .running }
            guard busy < settings.runsAtOnce else { return }
            let waiting = live.values.filter { $0.stored.state == .queued || $0.stored.state == .interrupted }
                .map(\.stored)
            let next = waiting.min { left, right in
                (left.state == .queued ? 1 : 0, left.id) < (right.state == .queued ? 1 : 0, right.id)
            }
            guard let next else { return }
            await beginProcess(next.id)
        }
    }

    private func beginProcess(_ id: Int) async {
        guard var run = live[id] else { return }
        guard let request = RunRequest(stored: run.stored) else {
            return await end(&run, status: nil, reason: "the request cannot be read")
        }
        // A process whose beginning was not written down may be there all the same.
        run.stored.state = .starting
        run.stored.started = run.stored.started ?? means.now()
        run.stored.directory = run.stored.directory ?? run.place.compose
        if run.stored.wish == .run, let directory = run.stored.directory,
            AtomicFile.exists(ComposeLayout(top: directory).path(ComposeLayout.run))
        {
            run.stored.wish = .resume
        }
        do {
            try run.place.make()
        } catch {
            return await end(&run, status: nil, reason: "\(error)")
        }
        guard let lock = run.place.takeLock() else {
            // It lives: it is followed.
            live[id] = run
            return await keep(run.stored)
        }
        defer { close(lock) }
        run.stored.processes += 1
        run.stored.reason = nil
        if run.stored.wish == .run {
            unlink(run.place.note)
            run.stored.directory = nil
        }
        live[id] = run
        await keep(run.stored)
        do {
            if let directory = settings.targets[request.target]?.directory, run.stored.wish == .run {
                try AtomicFile.makeDirectories(directory)
            }
            let process = try RunProcess.start(
                means.program, RunWork.arguments(run.stored, request, settings, note: run.place.note),
                environment: means.environment + ["PHASE_RUNNER_RUN_LOCK=\(RunProcess.lockDescriptor)"],
                output: run.place.log, lock: lock)
            // Meanwhile somebody may have wished something of the run.
            live[id]?.process = process
        } catch {
            await end(&run, status: nil, reason: "\(error)")
        }
    }
}
