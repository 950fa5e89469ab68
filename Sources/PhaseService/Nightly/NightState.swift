package import ComposePhase

/// The nights of one schedule: which is due, what becomes of it, what is wrong. Events in, actions out; no clock, no
/// input or output, no randomness.
///
/// Who drives it
/// 1. makes it from the settings and what was kept (``init(rule:memory:nights:occupant:)``; nights of some weeks are
///    enough), and posts `tookUp`,
/// 2. posts what happens, with the time of the wall clock: ``apply(_:at:)``,
/// 3. performs the actions in their order; `record` and `remember` are on disk before the next is performed,
/// 4. posts `tick` at ``nextWake(at:)``, and at least every minute, since clocks jump.
///
/// All that is decided follows from the records, the memory, the time and the occupant; so a state made anew from them
/// decides the same. Changed settings are a new state.
package struct NightState: Sendable, Hashable {
    package let rule: ScheduleRule
    package internal(set) var memory: ScheduleMemory
    /// By due time.
    package internal(set) var nights: [NightRecord]
    /// The other compose that runs into the same target and release.
    package internal(set) var occupant: String?
    /// The night that is being examined. Not kept: after a restart it is examined again.
    var examining: Instant?
    /// What came of it.
    var examined: (due: Instant, print: Fingerprint?)?
    var actions: [NightAction] = []

    package init(rule: ScheduleRule, memory: ScheduleMemory, nights: [NightRecord], occupant: String? = nil) {
        self.rule = rule
        self.memory = memory
        self.nights = nights.sorted { $0.due < $1.due }
        self.occupant = occupant
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.rule == right.rule && left.memory == right.memory && left.nights == right.nights
            && left.occupant == right.occupant
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(memory)
        hasher.combine(nights)
    }

    /// Takes an event in and says what follows.
    package mutating func apply(_ event: NightEvent, at now: Instant) -> [NightAction] {
        actions = []
        let remembered = memory
        // A clock that was put back must not make the last good night lie in the future for long.
        if let well = memory.lastWell, well > now + Self.jump { memory.lastWell = now }
        if memory.countsFrom > now {
            let wasWrong = memory.countsFrom > now + Self.jump
            memory.countsFrom = wasWrong ? lastCounted(at: now)?.due ?? min(memory.made, now) : now
        }
        let calendar = "\(rule.calendar) in \(rule.zone.name)"
        if memory.calendar != calendar {
            // Due times of a new calendar that lie behind us are no missed nights.
            if memory.calendar != nil { memory.countsFrom = now }
            memory.calendar = calendar
        }
        switch event {
        case .tick: break
        case .tookUp: takeUp(at: now)
        case .occupied(let other): occupant = other
        // Who pauses a schedule at its due time wants no compose any more.
        case .paused where memory.pausedSince == nil: memory.pausedSince = now
        case .unpaused where memory.pausedSince != nil:
            settle(at: now)
            memory.pausedSince = nil
            memory.unpaused = now
        case .paused, .unpaused: break
        case .asked: ask(at: now)
        case .examined(let due, let print):
            examining = nil
            examined = (due, print)
        case .begun(let due, let run): change(due) { $0.run = run }
        case .ended(let due, let end): take(end, of: due, at: now)
        }
        settle(at: now)
        // What was found out holds for now. A night that must wait is examined again when it may begin.
        examined = nil
        watch(at: now)
        // What is kept goes first, one record a night, with the night's last state.
        var kept: [Instant: NightRecord] = [:]
        var others: [NightAction] = []
        for action in actions {
            if case .record(let night) = action { kept[night.due] = night } else { others.append(action) }
        }
        let records = kept.values.sorted { $0.due < $1.due }.map { NightAction.record($0) }
        return records + (memory == remembered ? [] : [.remember(memory)]) + others
    }

    // MARK: Questions

    /// The night whose compose runs.
    package var running: NightRecord? { nights.last { $0.isRunning } }

    /// When the next night is due; also while the schedule is paused.
    package func nextDue(after now: Instant) -> Instant? {
        rule.calendar.next(after: max(now, latestDue(at: now)), in: rule.zone)
    }

    /// When something is to be decided that only time brings; nil where that will never be.
    package func nextWake(at now: Instant) -> Instant? {
        var times: [Instant] = []
        if let open = openDues(at: now).last {
            times.append(openDues(at: now).count > 1 ? now : rule.deadline(of: open) + 1)
        }
        if let due = nextDue(after: now) { times.append(due) }
        if let retry = retry(at: now), retry.time > now, memory.pausedSince == nil { times.append(retry.time) }
        if let alarm = alarmTime, memory.alarm == nil, alarm > now { times.append(alarm) }
        return times.min()
    }

    /// Whether it is a record on which nothing rests: made by a clock that was put back since, and nothing was done.
    /// Such a due time is open again, and its record made anew.
    func isFromTheFuture(_ night: NightRecord, at now: Instant) -> Bool {
        night.tries.isEmpty && night.decided > now + Self.jump
    }

    /// A clock that goes back by more is one that was wrong before. Smaller steps are corrections.
    static let jump = 3600.0

    /// The last due time that is accounted for.
    private func latestDue(at now: Instant) -> Instant {
        let from = min(memory.countsFrom, now)
        return lastCounted(at: now).map { max($0.due, from) } ?? from
    }

    private func lastCounted(at now: Instant) -> NightRecord? {
        nights.last { !$0.isAsked && $0.due <= now && !isFromTheFuture($0, at: now) }
    }

    /// Due times of which there is no record, in order; the last may still be begun. No more than a few hundred at once.
    func openDues(at now: Instant) -> [Instant] {
        var known: Set<Instant> = []
        for night in nights where !night.isAsked && !isFromTheFuture(night, at: now) { known.insert(night.due) }
        var dues: [Instant] = []
        var from = latestDue(at: now)
        while dues.count < Self.mostAtOnce, let due = rule.calendar.next(after: from, in: rule.zone), due <= now {
            if !known.contains(due) { dues.append(due) }
            from = due
        }
        return dues
    }

    static let mostAtOnce = 500
    /// Seconds: of a longer time without the service, or of a clock that is years ahead, no earlier nights are recorded
    /// where there are many.
    static let longestAway = 40.0 * 86_400
}
