import Koji
package import ProductMD

/// What `status` tells of a compose.
package struct StatusReport: Sendable {
    /// The compose id.
    package var compose: String
    package var directory: String
    package var record: FollowedRun
    package var owner: RunOwner?
    package var life: RunOwner.Life
    package var view: ProgressView
    package var now: Instant

    /// Where a run is.
    package enum Stage: String, Sendable {
        /// There is a plan, and no event yet.
        case planned
        case running
        /// The process is gone, and the run did not end: it can be taken up.
        case interrupted
        case ended
    }

    /// - Parameters:
    ///   - compose: the compose id that the plan names, for a run without events.
    ///   - lockOwner: who holds the compose, by its lock file.
    ///   - life: whether a process is still there.
    package init(
        compose: String, directory: String, record: FollowedRun, lockOwner: RunOwner?,
        life: (RunOwner) -> RunOwner.Life,
        estimates: Estimates, now: Instant, limit: Int = .max
    ) {
        self.compose = record.identity?.compose ?? compose
        self.directory = directory
        self.record = record
        let owner = lockOwner ?? record.identity.map(RunOwner.init)
        self.owner = owner
        self.life = owner.map(life) ?? .unknown
        self.now = now
        view = ProgressView(record.state, at: now, estimates: estimates, limit: limit)
    }

    package var stage: Stage {
        if record.ending != nil { return .ended }
        if life == .gone { return .interrupted }
        return record.runs.isEmpty && record.lastWritten == nil ? .planned : .running
    }

    /// Whether nothing more will happen here by itself.
    package var isOver: Bool { stage == .ended || stage == .interrupted }

    package var isRehearsal: Bool { record.identity?.isRehearsal ?? false }

    /// One line, for a chat channel.
    package var oneLine: String {
        var parts = [view.counts.sentence]
        switch stage {
        case .ended: parts.insert(record.ending?.status.rawValue ?? "ended", at: 0)
        case .interrupted: parts.append("its process is gone")
        case .planned: parts.append("nothing submitted yet")
        case .running:
            if let stop = view.stop { parts.append("stopping: \(stop.sentence)") }
            if let end = view.end.sentence(at: now) { parts.append(end) }
        }
        return (isRehearsal ? "REHEARSAL " : "") + "\(compose): " + parts.joined(separator: ", ")
    }

    /// What is known of the process, in a sentence; nil for one that ended as it should.
    package var ownerSentence: String? {
        guard stage != .ended, let owner else { return nil }
        let process = "process \(owner.pid) on \(owner.host)"
        let silence = record.lastWritten.map { ", last heard of \(TimeText.rough(now - $0)) ago" } ?? ""
        return switch life {
        case .alive: "\(process) is at work" + silence
        case .gone: "\(process) is gone\(silence); take the run up with: phase-runner resume \(directory)"
        case .unknown: "\(process) cannot be seen from this host" + silence
        }
    }

    // MARK: The document

    /// `status --format json`; members are only ever added.
    package var json: JSONValue {
        [
            "header": ["type": "phase-runner.status", "version": "1.0"],
            "payload": [
                "compose": .string(compose), "directory": .string(directory), "rehearsal": .bool(isRehearsal),
                "time": .double(now.seconds), "stage": .string(stage.rawValue),
                "status": text(record.ending?.status.rawValue), "stop": text(view.stop?.sentence),
                "summary": .string(oneLine), "process": process, "hub": text(record.identity?.hub),
                "weburl": text(record.identity?.weburl), "profile": text(record.identity?.profile),
                "user": text(record.identity?.user), "began": number(record.runs.first?.began.seconds),
                "last_event": number(record.lastWritten?.seconds), "unreadable_lines": .int(record.unreadable),
                "counts": counts, "expected_end": expected(view.end.expected),
                "overdue_by": overdue(view.end.expected), "without_estimate": .int(view.end.unknown),
                "images": .array(view.rows.map(image)),
            ],
        ]
    }

    private var process: JSONValue {
        guard let owner else { return .null }
        return [
            "host": .string(owner.host), "pid": .int(owner.pid), "boot_id": text(owner.bootID),
            "alive": life == .unknown ? .null : .bool(life == .alive),
        ]
    }

    private var counts: JSONValue {
        let counts = view.counts
        return [
            "all": .int(counts.all), "done": .int(counts.done), "incomplete": .int(counts.incomplete),
            "open": .int(counts.open), "queued": .int(counts.queued), "waiting": .int(counts.waiting),
            "failed_required": .int(counts.failedRequired), "failed_failable": .int(counts.failedFailable),
            "canceled": .int(counts.canceled), "left_running": .int(counts.leftRunning),
        ]
    }

    private func image(_ row: ImageRow) -> JSONValue {
        [
            "id": .string(row.id.text), "state": .string(row.state.rawValue), "can_fail": .bool(row.canFail),
            "hub_task": row.hubTask.map { .int($0.number) } ?? .null, "url": url(row.hubTask?.number),
            "attempt": .int(row.attempt), "elapsed": number(row.elapsed), "expected_end": expected(row.expectedEnd),
            "overdue_by": overdue(row.expectedEnd), "reason": text(row.reason),
            "arches": .array(
                row.arches.map { arch in
                    [
                        "arch": .string(arch.arch), "state": .string(arch.state.rawValue),
                        "hub_task": arch.hubTask.map { .int($0.number) } ?? .null, "url": url(arch.hubTask?.number),
                        "builder": text(arch.builder), "started": number(arch.started), "ended": number(arch.ended),
                        "elapsed": number(arch.elapsed), "expected_end": expected(arch.expectedEnd),
                        "overdue_by": overdue(arch.expectedEnd), "reason": text(arch.reason),
                    ]
                }),
        ]
    }

    private func url(_ hubTask: Int?) -> JSONValue {
        guard let hubTask, let weburl = record.identity?.weburl, !weburl.isEmpty else { return .null }
        return .string("\(weburl)/taskinfo?taskID=\(hubTask)")
    }

    private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private func number(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }

    private func expected(_ end: ExpectedEnd?) -> JSONValue {
        if case .at(let instant)? = end { .double(instant.seconds) } else { .null }
    }

    private func overdue(_ end: ExpectedEnd?) -> JSONValue {
        if case .overdue(let seconds)? = end { .double(seconds) } else { .null }
    }
}
