import ProductMD

/// What `events.jsonl` tells of a run, line by line: the same state that the run itself has.
package struct FollowedRun: Sendable {
    package private(set) var state = ScheduleState()
    /// The processes that worked on it, the newest last.
    package private(set) var runs: [(identity: RunIdentity, began: Instant)] = []
    /// When the last line was written; nil when there was none.
    package private(set) var lastWritten: Instant?
    /// The word of the newest end (`FINISHED`, …), until the run is taken up again.
    package private(set) var ending: Ending?
    /// Lines that cannot be read: torn by a crash, or not ours.
    package private(set) var unreadable = 0

    package struct Ending: Sendable, Hashable {
        package let status: ComposeStatus
        package let instant: Instant
    }

    package init() {}

    /// The newest process.
    package var identity: RunIdentity? { runs.last?.identity }

    /// Whether anything is known of the images.
    package var isEmpty: Bool { state.count == 0 }

    /// A run of which only the plan is there yet.
    package init(planned tasks: [ScheduledTask], at instant: Instant) {
        _ = state.apply(.planned(tasks), at: instant)
    }

    /// Takes over what another record knows of the processes.
    package mutating func takeProcesses(of other: FollowedRun) {
        runs = other.runs
        lastWritten = other.lastWritten
        unreadable = other.unreadable
    }

    /// Takes one line in; nil is one that was too long to be read.
    package mutating func take(_ line: [UInt8]?) {
        guard let line, let value = try? JSONReader.read(line, name: "events.jsonl") else {
            if line?.isEmpty != true { unreadable += 1 }
            return
        }
        switch value["event"]?.string {
        case "run":
            let instant = Instant(seconds: value["time"]?.double ?? 0)
            let identity = RunIdentity(reading: value)
            // A reader's state holds to the newest run's limits, as that run's own state does.
            state.policy = identity.policy
            runs.append((identity, instant))
            lastWritten = instant
            ending = nil
        case "rewritten":
            // What was read so far has gaps; all of it comes again.
            state = ScheduleState(policy: identity?.policy ?? SchedulePolicy())
            ending = nil
        default:
            takeEvent(value)
        }
    }

    private mutating func takeEvent(_ value: JSONValue) {
        let entry: JournalEntry?
        do {
            entry = try EventRecord.read(value)
        } catch {
            unreadable += 1
            return
        }
        // An event of a newer program: others can still be read.
        guard let entry else { return }
        _ = state.apply(entry.event, at: entry.instant)
        lastWritten = max(lastWritten ?? entry.instant, entry.instant)
        switch entry.event {
        case .ended: ending = Ending(status: ComposeStatus(state.outcome), instant: entry.instant)
        case .resumed, .retryRequested: ending = nil
        default: break
        }
    }
}
