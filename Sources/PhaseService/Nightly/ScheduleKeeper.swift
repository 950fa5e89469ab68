package import ComposePhase
package import PhaseStore
import ProductMD

/// Drives the nights of all schedules: tells each state what happens, does what it says, keeps what it wants kept.
///
/// Decides nothing: that is ``NightState``'s.
package actor ScheduleKeeper {
    /// What the keeper needs of the world.
    package struct Means: Sendable {
        /// Seconds since 1970.
        package var now: @Sendable () -> Double
        package var warn: @Sendable (String) -> Void
        /// Tells programs, and does not wait for them; each may take so many seconds.
        package var tell: @Sendable (Notification, _ scripts: [String], _ timeout: Double) async -> Void

        package init(
            now: @escaping @Sendable () -> Double, warn: @escaping @Sendable (String) -> Void,
            tell: @escaping @Sendable (Notification, _ scripts: [String], _ timeout: Double) async -> Void
        ) {
            self.now = now
            self.warn = warn
            self.tell = tell
        }
    }

    /// A schedule of the settings, and where its nights stand.
    struct Kept: Sendable {
        var settings: ScheduleSettings
        var state: NightState
        /// Nights that were decided since the service began, by outcome.
        var counts: [NightRecord.Outcome: Int] = [:]
    }

    private let store: ServiceStore
    private let runs: RunKeeper
    private let inquiry: InputInquiry
    private let means: Means
    private var service: ServiceSettings
    private var kept: [String: Kept] = [:]
    /// What is done for schedules is done one after the other: records are kept in the order of the decisions.
    private var last: Task<Void, Never>?
    /// Weeks of nights that a state is made of.
    private static let remembered = 60

    init(_ store: ServiceStore, _ runs: RunKeeper, _ commands: CommandDesk, _ settings: ServiceSettings, _ means: Means)
    {
        self.store = store
        self.runs = runs
        self.means = means
        inquiry = InputInquiry(commands: commands)
        service = settings
    }

    // MARK: Settings

    /// Takes the schedules of the settings, as they are now, with what was kept of them.
    package func use(_ settings: ServiceSettings) async {
        await inOrder { await self.take(settings) }
    }

    private func take(_ settings: ServiceSettings) async {
        service = settings
        var fresh: [String: Kept] = [:]
        for schedule in settings.schedules {
            let name = schedule.rule.name
            if let old = kept[name], old.settings.rule == schedule.rule {
                fresh[name] = old
                fresh[name]?.settings = schedule
                continue
            }
            do {
                fresh[name] = try await load(schedule)
                fresh[name]?.counts = kept[name]?.counts ?? [:]
            } catch {
                means.warn("the schedule \(name) is not kept: \(error)")
            }
        }
        for name in kept.keys where fresh[name] == nil { await runs.board.remove("schedule/\(name)") }
        let begun = fresh.keys.filter { kept[$0]?.state.rule != fresh[$0]?.state.rule }.sorted()
        kept = fresh
        for name in begun { await apply(.tookUp, to: name) }
    }

    private func load(_ schedule: ScheduleSettings) async throws -> Kept {
        let name = schedule.rule.name
        let memory = try await store.schedule(name)?.state
            .flatMap { try? JSONReader.read(Array($0.utf8), name: "schedule") }.flatMap { ScheduleMemory(kept: $0) }
        let nights = try await store.nights(of: name, limit: Self.remembered * 7).compactMap { night in
            (try? JSONReader.read(Array(night.record.utf8), name: "night")).flatMap { NightRecord(kept: $0) }
        }
        var state = NightState(
            rule: schedule.rule, memory: memory ?? ScheduleMemory(made: Instant(seconds: means.now())), nights: nights)
        // Runs of a night that ended while nobody was there to hear of it.
        if let night = state.running, let id = night.tries.last?.run, await runs.current(id) == nil,
            let run = try await store.run(id), run.isOver
        {
            _ = state.apply(.ended(due: night.due, await end(of: run)), at: Instant(seconds: means.now()))
            if let changed = state.nights.first(where: { $0.due == night.due }) { try await keep(changed, of: name) }
        }
        return Kept(settings: schedule, state: state)
    }

    // MARK: What happens

    /// Looks at the clock, and at what else runs.
    package func tick() async {
        await inOrder {
            for name in await self.names {
                await self.noteOccupant(of: name)
                await self.apply(.tick, to: name)
            }
        }
    }

    private var names: [String] { kept.keys.sorted() }

    /// A run has ended.
    package func ended(_ run: StoredRun) async {
        guard let name = run.schedule else { return }
        await inOrder {
            guard let night = await self.night(of: run, in: name) else { return }
            await self.apply(.ended(due: night.due, await self.end(of: run)), to: name)
            // A rehearsal calls no scripts.
            if !run.isRehearsal { await self.tellNight(night.due, of: name) }
        }
    }

    private func night(of run: StoredRun, in name: String) -> NightRecord? {
        kept[name]?.state.nights.last { $0.tries.last?.run == run.id && $0.isRunning }
    }

    package func pause(_ name: String) async throws { try await change(name, .paused) }
    package func unpause(_ name: String) async throws { try await change(name, .unpaused) }

    private func change(_ name: String, _ event: NightEvent) async throws {
        guard kept[name] != nil else { throw Problem.notFound("there is no schedule '\(name)'") }
        await inOrder { await self.apply(event, to: name) }
    }

    /// Begins a night that no calendar asks for.
    ///
    /// - Returns: its run.
    package func start(_ name: String, by: String) async throws -> StoredRun {
        guard kept[name] != nil else { throw Problem.notFound("there is no schedule '\(name)'") }
        return try await inOrder { () -> Result<StoredRun, Problem> in
            await self.noteOccupant(of: name)
            let before = await self.latestDue(of: name)
            let refusal = await self.apply(.asked, to: name, by: by)
            if let refusal { return .failure(.conflict(refusal)) }
            guard let night = await self.asked(of: name, after: before), let try_ = night.tries.last else {
                return .failure(.conflict("nothing was begun"))
            }
            guard let id = try_.run, let run = await self.runs.current(id) else {
                return .failure(.conflict(try_.ended?.reason ?? "nothing was begun"))
            }
            return .success(run)
        }.get()
    }

    private func latestDue(of name: String) -> Set<Instant> {
        Set(kept[name]?.state.nights.filter(\.isAsked).map(\.due) ?? [])
    }

    private func asked(of name: String, after known: Set<Instant>) -> NightRecord? {
        kept[name]?.state.nights.last { $0.isAsked && !known.contains($0.due) }
    }

    /// Another run into the same target, of the same configuration or release: two composes of one release would take
    /// each other's respins, and builds of the same name.
    private func noteOccupant(of name: String) async {
        guard let schedule = kept[name] else { return }
        let own = Set(schedule.state.nights.flatMap { $0.tries.compactMap(\.run) })
        var occupant: String?
        for run in await runs.states().sorted(by: { $0.id < $1.id }) where !own.contains(run.id) {
            guard let request = RunRequest(stored: run), request.target == schedule.settings.target else { continue }
            let config = PathRoots(service.configRoots).file(schedule.settings.config)
            guard request.config == config || (run.release != nil && run.release == lastRelease[name]) else { continue }
            occupant = "run \(run.id)" + (run.compose.map { " (\($0))" } ?? "")
            break
        }
        if schedule.state.occupant != occupant { await apply(.occupied(by: occupant), to: name) }
    }

    /// The release of a schedule's last compose.
    private var lastRelease: [String: String] = [:]

    // MARK: Doing

    /// - Returns: why what was asked for is refused.
    @discardableResult
    private func apply(_ event: NightEvent, to name: String, by: String? = nil) async -> String? {
        guard kept[name] != nil else { return nil }
        var events = [event]
        var refusal: String?
        while !events.isEmpty {
            let actions = kept[name]?.state.apply(events.removeFirst(), at: Instant(seconds: means.now())) ?? []
            for action in actions {
                if case .refuse(let reason) = action { refusal = reason }
                if let following = await perform(action, for: name, by: by) { events.append(following) }
            }
        }
        await show(name)
        return refusal
    }

    /// - Returns: what it leads to at once.
    private func perform(_ action: NightAction, for name: String, by: String?) async -> NightEvent? {
        guard let schedule = kept[name] else { return nil }
        switch action {
        case .record(let night):
            await note(night, of: name)
        case .remember(let memory):
            do {
                try await store.save(
                    StoredSchedule(
                        name: name, isPaused: memory.pausedSince != nil, made: memory.made.seconds,
                        state: String(decoding: JSONWriter.line(memory.json), as: UTF8.self)))
            } catch {
                means.warn("schedule \(name): \(error)")
            }
        case .examine(let due):
            // A server may be slow; other schedules do not wait for it.
            Task {
                let print = await self.inquiry.fingerprint(of: schedule.settings, self.service)
                await self.inOrder { await self.apply(.examined(due: due, print), to: name) }
            }
        case .start(let due, let date, let attempt):
            return await start(schedule.settings, due: due, date: date, attempt: attempt, by: by)
        case .resume(let due, let run, _):
            do {
                _ = try await runs.retry(run, by: "schedule \(name)")
            } catch {
                // It goes on already, begun before the service died.
                guard await runs.current(run) != nil else {
                    return .ended(due: due, NightEnd(status: nil, reason: Self.words(error)))
                }
            }
            return .begun(due: due, run: run)
        case .moveLink(let due): await moveLink(due, of: name)
        case .raiseAlarm(let alarm):
            means.warn("schedule \(name): \(alarm.reason)")
            await tell(
                "schedule-alarm", of: schedule,
                ["since": .double(alarm.since.seconds), "reason": .string(alarm.reason)])
        case .clearAlarm(let reason):
            await tell("schedule-alarm-cleared", of: schedule, ["reason": .string(reason)])
        case .refuse: break
        }
        return nil
    }

    private func note(_ night: NightRecord, of name: String) async {
        do {
            try await keep(night, of: name)
        } catch {
            means.warn("schedule \(name): \(error)")
        }
        // A night is decided once; later records tell how it went on.
        guard night.tries.count <= 1, night.tries.last?.run == nil, night.tries.last?.ended == nil else { return }
        kept[name]?.counts[night.outcome, default: 0] += 1
        if night.outcome != .started { await tellNight(night.due, of: name) }
    }

    private func keep(_ night: NightRecord, of name: String) async throws {
        try await store.save(
            StoredNight(
                schedule: name, due: night.due.seconds,
                record: String(decoding: JSONWriter.line(night.json), as: UTF8.self)))
    }

    /// Begins a compose; the same try again is the same run.
    private func start(
        _ schedule: ScheduleSettings, due: Instant, date: String, attempt: Int, by: String?
    ) async -> NightEvent {
        let name = schedule.rule.name
        guard let config = PathRoots(service.configRoots).file(schedule.config) else {
            return .ended(
                due: due,
                NightEnd(
                    status: nil,
                    reason: "there is no configuration \(schedule.config) below"
                        + " \(service.configRoots.joined(separator: ", "))"))
        }
        var request = RunRequest(config: config, target: schedule.target)
        request.type = schedule.type.rawValue
        request.label = schedule.label
        request.hasNoLabel = schedule.hasNoLabel
        request.date = date
        request.only = schedule.only
        request.profile = schedule.profile
        request.settings = schedule.settings
        request.keepsGoing = schedule.keepsGoing
        do {
            let run = try await runs.add(
                request, by: by ?? "schedule \(name)", key: "\(name)/\(due.seconds)/\(attempt)", schedule: name
            ).run
            return .begun(due: due, run: run.id)
        } catch {
            return .ended(due: due, NightEnd(status: nil, reason: Self.words(error)))
        }
    }

    private static func words(_ error: any Error) -> String { (error as? Problem)?.detail ?? "\(error)" }

    /// How the compose of a run ended.
    private func end(of run: StoredRun) async -> NightEnd {
        if let name = run.schedule, let release = run.release { lastRelease[name] = release }
        let failed = (try? await store.images(of: run.id))?.filter { $0.outcome == "failed" || $0.outcome == "missing" }
        return NightEnd(
            status: run.status.flatMap(ComposeStatus.init), compose: run.compose,
            causes: Set((failed ?? []).map { CauseClass(rawValue: $0.cause ?? "") ?? .unknown }), reason: run.reason,
            canResume: run.directory.map { AtomicFile.exists(ComposeLayout(top: $0).path(ComposeLayout.run)) } ?? false)
    }

    private func tellNight(_ due: Instant, of name: String) async {
        guard let schedule = kept[name], let night = schedule.state.nights.last(where: { $0.due == due }) else {
            return
        }
        let end = night.tries.last?.ended
        await tell(
            "schedule-night", of: schedule,
            [
                "due": .double(due.seconds), "outcome": .string(night.outcome.rawValue),
                "reason": (end?.reason ?? night.reason).map { .string($0) } ?? .null,
                "night_compose_id": end?.compose.map { .string($0) } ?? .null,
                "night_status": end?.status.map { .string($0.rawValue) } ?? .null,
            ])
    }

    /// Tells the schedule's own scripts and those of the service.
    private func tell(_ event: String, of schedule: Kept, _ words: [String: JSONValue]) async {
        var words = words
        words["schedule"] = .string(schedule.settings.rule.name)
        await means.tell(
            Notification(event, words), schedule.settings.scripts + service.notificationScripts,
            service.notificationTimeout)
    }

    private func moveLink(_ due: Instant, of name: String) async {
        guard let schedule = kept[name], let night = schedule.state.nights.last(where: { $0.due == due }),
            let id = night.tries.last?.run, let run = try? await store.run(id), let top = run.directory,
            let status = run.status.flatMap(ComposeStatus.init), let slash = top.lastIndex(of: "/")
        else { return }
        do {
            let path = ComposeLayout(top: top).path(ComposeLayout.composeInfo)
            guard let bytes = try AtomicFile.read(path) else { return }
            let info = try ComposeInfoDocument.decode(bytes, name: path)
            let link = LatestLink(
                short: info.release.short, version: info.release.version,
                base: info.baseProduct.map { ($0.short, $0.version) },
                directory: String(top[top.index(after: slash)...]),
                status: status, linked: schedule.settings.rule.linked, isRehearsal: run.isRehearsal)
            try link?.make(in: String(top[..<slash]))
        } catch {
            means.warn("schedule \(name): its latest link stays: \(error)")
        }
    }

    // MARK: Showing

    /// A schedule as the API shows it.
    func document(_ name: String) -> JSONValue? { kept[name].map { json($0) } }

    func documents() -> [JSONValue] { names.compactMap { document($0) } }

    private func show(_ name: String) async {
        guard let document = document(name) else { return }
        await runs.board.put("schedule/\(name)", kind: "schedule", document)
    }

    private func json(_ schedule: Kept) -> JSONValue {
        let now = Instant(seconds: means.now())
        let (state, settings) = (schedule.state, schedule.settings)
        let memory = state.memory
        var last = JSONValue.null
        if let night = state.nights.last(where: { $0.decided <= now }) {
            let end = night.tries.last?.ended
            last = [
                "run": night.tries.last?.run.map { .int($0) } ?? .null, "time": .double(night.due.seconds),
                "outcome": .string(night.outcome.rawValue), "tries": .int(night.tries.count),
                "status": end?.status.map { .string($0.rawValue) } ?? .null,
                "reason": (end?.reason ?? night.reason).map { .string($0) } ?? .null,
            ]
        }
        let next = memory.pausedSince == nil ? state.nextDue(after: now) : nil
        return [
            "name": .string(settings.rule.name), "config": .string(settings.config), "target": .string(settings.target),
            "calendar": .string("\(settings.rule.calendar)"), "time_zone": .string(settings.rule.zone.name),
            "paused": .bool(memory.pausedSince != nil), "next": next.map { .double($0.seconds) } ?? .null, "last": last,
            "last_good": memory.lastWell.map { .double($0.seconds) } ?? .null, "alarm": .bool(memory.alarm != nil),
            "alarm_reason": memory.alarm.map { .string($0.reason) } ?? .null,
            "running": state.running?.tries.last?.run.map { .int($0) } ?? .null,
        ]
    }

    /// For the metrics.
    func figures() -> [(name: String, schedule: Kept)] { kept.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    // MARK: Order

    /// Does something when all that was asked for before is done.
    @discardableResult
    private func inOrder<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let before = last
        let task = Task {
            await before?.value
            return await body()
        }
        last = Task { _ = await task.value }
        return await task.value
    }
}
