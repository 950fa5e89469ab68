import ComposePhase
package import ProductMD

// How nights are kept in the service's database. Times are seconds since 1970.

extension NightRecord {
    package var json: JSONValue {
        [
            "due": .double(due.seconds), "asked": .bool(isAsked), "outcome": .string(outcome.rawValue),
            "reason": text(reason), "decided": .double(decided.seconds), "tries": .array(tries.map(\.json)),
            "fingerprint": fingerprint?.json ?? .null,
        ]
    }

    /// What was kept; nil where it is none of ours.
    package init?(kept value: JSONValue) {
        guard let due = value["due"]?.double, let decided = value["decided"]?.double,
            let outcome = value["outcome"]?.string.flatMap(Outcome.init), let tries = value["tries"]?.array
        else { return nil }
        self.init(
            due: Instant(seconds: due), outcome: outcome, reason: value["reason"]?.string,
            decided: Instant(seconds: decided))
        isAsked = value["asked"]?.bool ?? false
        self.tries = tries.compactMap { Try(kept: $0) }
        guard self.tries.count == tries.count else { return nil }
        fingerprint = value["fingerprint"].flatMap { Fingerprint(kept: $0) }
    }
}

extension NightRecord.Try {
    fileprivate var json: JSONValue {
        [
            "begun": .double(begun.seconds), "run": number(run), "resumes": number(resumes),
            "ended": ended?.json ?? .null, "end_time": time(endTime),
        ]
    }

    fileprivate init?(kept value: JSONValue) {
        guard let begun = value["begun"]?.double else { return nil }
        self.init(begun: Instant(seconds: begun), resumes: value["resumes"]?.int)
        run = value["run"]?.int
        ended = value["ended"].flatMap { NightEnd(kept: $0) }
        endTime = instant(value["end_time"])
    }
}

extension NightEnd {
    fileprivate var json: JSONValue {
        [
            "status": text(status?.rawValue), "compose": text(compose), "reason": text(reason),
            "causes": .array(causes.map(\.rawValue).sorted().map { .string($0) }), "can_resume": .bool(canResume),
        ]
    }

    fileprivate init?(kept value: JSONValue) {
        guard let causes = value["causes"]?.array else { return nil }
        self.init(
            status: value["status"]?.string.flatMap(ComposeStatus.init), compose: value["compose"]?.string,
            causes: Set(causes.compactMap { $0.string.flatMap(CauseClass.init) }), reason: value["reason"]?.string,
            canResume: value["can_resume"]?.bool ?? false)
    }
}

extension ScheduleMemory {
    package var json: JSONValue {
        [
            "made": .double(made.seconds), "counts_from": .double(countsFrom.seconds), "calendar": text(calendar),
            "paused_since": time(pausedSince), "unpaused": time(unpaused),
            "last_well": time(lastWell),
            "alarm": alarm.map { ["since": .double($0.since.seconds), "reason": .string($0.reason)] } ?? .null,
        ]
    }

    package init?(kept value: JSONValue) {
        guard let made = value["made"]?.double else { return nil }
        self.init(made: Instant(seconds: made))
        countsFrom = instant(value["counts_from"]) ?? self.made
        calendar = value["calendar"]?.string
        pausedSince = instant(value["paused_since"])
        unpaused = instant(value["unpaused"])
        lastWell = instant(value["last_well"])
        if let kept = value["alarm"], let since = instant(kept["since"]), let reason = kept["reason"]?.string {
            alarm = Alarm(since: since, reason: reason)
        }
    }
}

private func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
private func number(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }
private func time(_ value: Instant?) -> JSONValue { value.map { .double($0.seconds) } ?? .null }
private func instant(_ value: JSONValue?) -> Instant? { value?.double.map { Instant(seconds: $0) } }
