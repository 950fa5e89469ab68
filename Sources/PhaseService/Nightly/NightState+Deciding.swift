import ComposePhase

// What becomes of nights that are due.

extension NightState {
    /// Accounts for all due times up to now, and begins what is to begin.
    mutating func settle(at now: Instant) {
        while true {
            let open = openDues(at: now)
            let earliest = now + -Self.longestAway
            if open.count == Self.mostAtOnce, open[0] < earliest, memory.countsFrom < earliest {
                memory.countsFrom = earliest
                continue
            }
            for due in open.dropLast() { pass(due, at: now, because: "a later night was due, too") }
            guard let last = open.last else { return beginRetry(at: now) }
            if open.count > 1, let following = nextOpenDue(after: last), following <= now {
                // More due times than are looked at together.
                pass(last, at: now, because: "a later night was due, too")
                continue
            }
            return decide(last, at: now)
        }
    }

    private func nextOpenDue(after due: Instant) -> Instant? { rule.calendar.next(after: due, in: rule.zone) }

    /// A night that is not begun any more.
    private mutating func pass(_ due: Instant, at now: Instant, because reason: String) {
        if let since = memory.pausedSince, due >= since {
            return close(due, .paused, "the schedule was paused", at: now)
        }
        // A compose of ours that ran over the due time is what held it up, whether we were there or not.
        if let other = nights.first(where: { $0.runs(at: due, now: now) }) {
            return close(due, .collided, "\(Self.words(other)) still ran", at: now)
        }
        close(due, .missed, "nothing was begun at that time, and \(reason)", at: now)
    }

    /// The newest night that is due.
    private mutating func decide(_ due: Instant, at now: Instant) {
        guard now <= rule.deadline(of: due) else {
            let limit = DurationText.text(rule.catchUp)
            if let occupant, rule.onCollision == .wait {
                return close(due, .collided, "\(occupant) still ran after \(limit)", at: now)
            }
            return pass(due, at: now, because: "the time to make up for it (\(limit)) was over")
        }
        guard memory.pausedSince == nil else { return close(due, .paused, "the schedule was paused", at: now) }
        if let other = obstacle {
            guard rule.onCollision == .wait else { return close(due, .collided, "\(other) still ran", at: now) }
            return
        }
        guard rule.skipsUnchanged else { return start(due, print: nil, because: nil, at: now) }
        guard let found = examined, found.due == due else {
            if examining != due {
                examining = due
                actions.append(.examine(due: due))
            }
            return
        }
        examining = nil
        examined = nil
        switch comparison(found.print) {
        case .unchanged:
            let last = lastBegun?.tries.last?.ended?.compose ?? "the last night"
            let count = found.print?.inputs.count ?? 0
            memory.lastWell = now
            close(
                due, .skipped,
                "nothing changed since \(last): \(count == 1 ? "its input is" : "all \(count) inputs are") the same",
                at: now)
        case .changed(let reason): start(due, print: found.print, because: reason, at: now)
        }
    }

    /// Whether a night would make the same again as the last one that was begun.
    private func comparison(_ print: Fingerprint?) -> Fingerprint.Comparison {
        guard let last = lastBegun, let end = last.tries.last?.ended else { return .changed("it is the first night") }
        guard rule.isWell(end.status) else {
            return .changed("the last night did not end well (\(end.status?.rawValue ?? "it was not begun"))")
        }
        guard let print else { return .changed("what it is made from could not be found out") }
        guard let before = last.fingerprint else {
            return .changed("what \(end.compose ?? "the last night") was made from is not known")
        }
        return print.compared(to: before)
    }

    /// The night of which a compose was begun last.
    var lastBegun: NightRecord? {
        nights.filter { !$0.tries.isEmpty }.max { ($0.tries.last?.begun ?? $0.due) < ($1.tries.last?.begun ?? $1.due) }
    }

    /// What must end before another compose of the schedule begins.
    var obstacle: String? { running.map(Self.words) ?? occupant }

    private static func words(_ night: NightRecord) -> String {
        night.tries.last?.run.map { "run \($0) of this schedule" } ?? "an earlier night of this schedule"
    }

    private mutating func start(_ due: Instant, print: Fingerprint?, because reason: String?, at now: Instant) {
        let late = now - due
        let lateness =
            late > ScheduleRule.punctual ? "begun \(DurationText.text(late.rounded(.down))) after its time" : nil
        var night = NightRecord(
            due: due, outcome: .started, reason: [lateness, reason].compactMap { $0 }.joined(separator: "; "),
            decided: now)
        if night.reason?.isEmpty == true { night.reason = nil }
        night.fingerprint = print
        night.tries = [.init(begun: now)]
        keep(night)
        actions.append(.start(due: due, date: rule.zone.date(at: now.seconds), attempt: 0))
    }

    private mutating func close(_ due: Instant, _ outcome: NightRecord.Outcome, _ reason: String, at now: Instant) {
        examining = nil
        keep(NightRecord(due: due, outcome: outcome, reason: reason, decided: now))
    }

    func index(of due: Instant) -> Int? { nights.firstIndex { $0.due == due } }

    mutating func keep(_ night: NightRecord) {
        if let index = index(of: night.due) {
            nights[index] = night
        } else {
            nights.insert(night, at: nights.firstIndex { $0.due > night.due } ?? nights.endIndex)
        }
        actions.append(.record(night))
    }

    /// Changes the last try of a night that is kept.
    mutating func change(_ due: Instant, _ body: (inout NightRecord.Try) -> Void) {
        guard let index = index(of: due), var last = nights[index].tries.last else { return }
        body(&last)
        var night = nights[index]
        night.tries[night.tries.count - 1] = last
        if night != nights[index] { keep(night) }
    }

    // MARK: What is asked for, what ends

    /// Somebody wants a compose now. It is a night of its own, without a due time of the calendar.
    mutating func ask(at now: Instant) {
        if let obstacle { return actions.append(.refuse("\(obstacle) runs, and two never run at once")) }
        // Never the same as a due time of the calendar; and two who ask at the same moment are two nights.
        var due = now.seconds == now.seconds.rounded() ? now + 0.001 : now
        while index(of: due) != nil { due = due + 0.001 }
        var night = NightRecord(due: due, outcome: .started, reason: "it was asked for", decided: now)
        night.isAsked = true
        night.tries = [.init(begun: now)]
        keep(night)
        actions.append(.start(due: due, date: rule.zone.date(at: now.seconds), attempt: 0))
    }

    mutating func take(_ end: NightEnd, of due: Instant, at now: Instant) {
        guard let index = index(of: due), nights[index].isRunning else { return }
        change(due) {
            $0.ended = end
            $0.endTime = now
        }
        guard let status = end.status else { return }
        if rule.isWell(status) { memory.lastWell = now }
        if rule.linked.contains(status) { actions.append(.moveLink(due: due)) }
    }

    // MARK: Trying again

    /// The night that is tried again, and when.
    func retry(at now: Instant) -> (night: NightRecord, time: Instant)? {
        guard let night = lastBegun, let last = night.tries.last, let end = last.ended, let ended = last.endTime,
            night.tries.count <= rule.retry.times, !rule.isWell(end.status),
            end.status == .doomed || end.status == .finishedIncomplete,
            !end.causes.isEmpty, end.causes.isSubset(of: rule.retry.on)
        else { return nil }
        // The next night takes over.
        let isOvertaken = nights.contains { !$0.isAsked && $0.due > ended && !isFromTheFuture($0, at: now) }
        guard !isOvertaken else { return nil }
        // Nobody waits for a clock that was wrong.
        return (night, ended > now + Self.jump ? now : ended + rule.retry.wait)
    }

    private mutating func beginRetry(at now: Instant) {
        guard memory.pausedSince == nil, obstacle == nil, let (night, time) = retry(at: now), time <= now else {
            return
        }
        var tried = night
        let last = night.tries.last
        let run = last?.ended?.canResume == true ? last?.run : nil
        tried.tries.append(.init(begun: now, resumes: run))
        keep(tried)
        actions.append(begin(tried, at: now))
    }

    /// The action that begins a night's last try.
    private func begin(_ night: NightRecord, at now: Instant) -> NightAction {
        let attempt = night.tries.count - 1
        if let run = night.tries.last?.resumes { return .resume(due: night.due, run: run, attempt: attempt) }
        return .start(
            due: night.due, date: rule.zone.date(at: (night.tries.last?.begun ?? now).seconds), attempt: attempt)
    }

    /// What a service that died may not have done of what it had decided.
    mutating func takeUp(at now: Instant) {
        if let night = running, night.tries.last?.run == nil { actions.append(begin(night, at: now)) }
        if let night = lastBegun, let status = night.tries.last?.ended?.status, rule.linked.contains(status) {
            actions.append(.moveLink(due: night.due))
        }
    }

    // MARK: The alarm

    /// From when on it counts that no night ended well.
    private var wellSince: Instant {
        let well = memory.lastWell ?? memory.made
        guard !rule.alarmsWhilePaused, let unpaused = memory.unpaused else { return well }
        return max(well, unpaused)
    }

    /// When the alarm is due if no night ends well before; nil where there is none.
    var alarmTime: Instant? {
        guard let after = rule.alarmAfter, memory.pausedSince == nil || rule.alarmsWhilePaused else { return nil }
        return wellSince + after
    }

    /// Raises the alarm and clears it, once each.
    mutating func watch(at now: Instant) {
        if let time = alarmTime, now >= time {
            guard memory.alarm == nil else { return }
            let alarm = ScheduleMemory.Alarm(since: time, reason: alarmReason)
            memory.alarm = alarm
            actions.append(.raiseAlarm(alarm))
        } else if let alarm = memory.alarm {
            memory.alarm = nil
            let reason =
                rule.alarmAfter == nil
                ? "the schedule has no alarm any more"
                : memory.pausedSince != nil && !rule.alarmsWhilePaused
                    ? "the schedule is paused"
                    : memory.lastWell ?? memory.made >= alarm.since
                        ? "a night ended well, or nothing had changed" : "the settings or the clock were changed"
            actions.append(.clearAlarm(reason))
        }
    }

    /// What is wrong, in words.
    private var alarmReason: String {
        let length = DurationText.text(rule.alarmAfter ?? 0)
        var text =
            memory.lastWell == nil
            ? "no night has ended well since the schedule was made" : "no night has ended well for \(length)"
        if memory.pausedSince != nil { text += "; the schedule is paused" }
        guard let last = nights.last else { return text + "; none was begun" }
        text += "; the last one: \(last.outcome.rawValue)"
        if let end = last.tries.last?.ended {
            text += ", \(end.status?.rawValue ?? "could not be begun")"
            if let reason = end.reason { text += ": \(reason)" }
        } else if last.isRunning {
            text += ", and still runs"
        } else if let reason = last.reason {
            text += ": \(reason)"
        }
        return text
    }
}

extension NightRecord {
    /// Whether a compose of the night ran at a time.
    fileprivate func runs(at time: Instant, now: Instant) -> Bool {
        tries.contains { $0.begun <= time && ($0.endTime ?? now) > time && $0.begun < time }
    }
}
