package import Koji

/// Where an image or an arch stands, in the word that people read.
package enum RowState: String, Sendable, Hashable, CaseIterable {
    case waiting
    case submitting
    /// The answer to the submit was lost, and the hub is searched.
    case looking
    case free
    case assigned
    case open
    /// Failed on the hub; the cause is being asked for.
    case failing
    /// Built; the results wait to be brought in.
    case built
    case collecting
    case done
    /// Done, but arches that may fail are missing.
    case incomplete
    case failed
    case canceling
    case canceled
    /// The hub did not cancel it.
    case leftRunning = "left running"

    init(_ phase: TaskPhase) {
        switch phase {
        case .waiting: self = .waiting
        case .submitting: self = .submitting
        case .lost: self = .looking
        case .running(_, let state): self = RowState(state)
        case .diagnosing: self = .failing
        case .ended: self = .built
        case .collecting: self = .collecting
        case .done(_, _, let missing): self = missing.isEmpty ? .done : .incomplete
        case .failed: self = .failed
        case .cancelled: self = .canceled
        case .cancelling: self = .canceling
        case .notCancelled: self = .leftRunning
        }
    }

    init(_ state: TaskState) {
        switch state {
        case .open: self = .open
        case .assigned: self = .assigned
        case .closed: self = .built
        case .canceled: self = .canceled
        case .failed: self = .failed
        default: self = .free
        }
    }

    /// What a person wants to see first when not all fits: what is being built, what is about to be, what went wrong,
    /// what is good.
    package var rank: Int {
        switch self {
        case .open, .failing, .collecting, .built: 0
        case .submitting, .looking, .canceling, .free, .assigned: 1
        case .waiting: 2
        case .leftRunning, .failed: 3
        case .incomplete, .canceled: 4
        case .done: 5
        }
    }
}

/// One image of a run, as it is shown.
package struct ImageRow: Sendable, Hashable {
    package var id: ImageTaskID
    package var state: RowState
    package var canFail: Bool
    package var hubTask: TaskID?
    /// From 1.
    package var attempt: Int
    /// Seconds since the submit, until it was settled.
    package var elapsed: Double?
    package var expectedEnd: ExpectedEnd?
    /// Why it waits, or what went wrong.
    package var reason: String?
    /// In the order of the plan.
    package var arches: [ArchRow]

    /// One arch of an image.
    package struct ArchRow: Sendable, Hashable {
        package var arch: String
        package var state: RowState
        package var hubTask: TaskID?
        package var builder: String?
        /// The hub's own times, seconds since 1970.
        package var started: Double?
        package var ended: Double?
        /// Seconds of work until now, or until its end.
        package var elapsed: Double?
        package var expectedEnd: ExpectedEnd?
        package var reason: String?
    }
}

extension ImageRow {
    /// - Parameters:
    ///   - reason: why it waits, where it does.
    ///   - now: the moment that is shown.
    init(_ progress: TaskProgress, waits reason: WaitReason?, estimates: Estimates, now: Instant) {
        id = progress.task.id
        state = RowState(progress.phase)
        canFail = progress.task.canFail
        hubTask = progress.phase.hubTask
        attempt = progress.attempt.number
        elapsed = progress.submitted.map { max(0, (progress.settled ?? now) - $0) }
        if progress.phase == .waiting { elapsed = nil }
        expectedEnd = estimates.end(of: progress, now: now)
        self.reason = Self.reason(progress, waits: reason, now: now)
        arches = progress.task.arches.map {
            ArchRow($0, progress, waits: reason, estimates: estimates, now: now)
        }
    }

    private static func reason(_ progress: TaskProgress, waits reason: WaitReason?, now: Instant) -> String? {
        switch progress.phase {
        case .failed(_, let failure), .cancelling(_, let failure?): return failure.firstLine
        case .notCancelled(let hubTask, let reason): return "\(reason); cancel it with: koji cancel \(hubTask)"
        case .done(_, _, let missing):
            let parts = missing.sorted { $0.key < $1.key }.map { "\($0.key) is missing: \($0.value.firstLine)" }
            return parts.isEmpty ? nil : parts.joined(separator: "; ")
        case .waiting:
            let wait = reason?.sentence(at: now)
            return progress.lastFailure.map { failure in
                (wait.map { "\($0), after: " } ?? "failed before: ") + failure.firstLine
            } ?? wait
        case .running:
            // While all its arches are being built nothing waits, whatever was told before.
            let isBuilt = progress.attempt.arches.allSatisfy { progress.arches[$0].map { $0.state != .free } ?? false }
            return isBuilt ? nil : reason?.sentence(at: now)
        default: return nil
        }
    }
}

extension ImageRow.ArchRow {
    init(_ arch: String, _ progress: TaskProgress, waits reason: WaitReason?, estimates: Estimates, now: Instant) {
        self.arch = arch
        let seen = progress.arches[arch]
        state = Self.state(arch, seen, progress)
        hubTask = seen?.id
        builder = seen?.host
        started = seen?.started
        ended = seen?.ended
        if let started = seen?.started, seen?.state == .open || seen?.state.isFinal == true {
            elapsed = max(0, (seen?.ended ?? now.seconds) - started)
        }
        if case .running = progress.phase, seen?.state.isFinal != true, progress.attempt.arches.contains(arch) {
            expectedEnd = estimates.end(of: arch, seen, in: progress.task.id, now: now)
            if seen?.state != .open { self.reason = reason?.concerns(arch) == true ? reason?.sentence(at: now) : nil }
        }
        if case .done(_, _, let missing) = progress.phase { self.reason = missing[arch]?.firstLine }
    }

    private static func state(_ arch: String, _ seen: ArchObservation?, _ progress: TaskProgress) -> RowState {
        switch progress.phase {
        case .done(_, _, let missing): missing[arch] == nil ? .done : .failed
        case .waiting: progress.attempt.arches.contains(arch) ? .waiting : .built
        case .cancelled: seen?.state == .closed ? .built : .canceled
        default: seen.map { RowState($0.state) } ?? (progress.phase.hubTask == nil ? .waiting : .free)
        }
    }
}

extension TaskFailure {
    /// The first line of the message: a table has no room for more.
    package var firstLine: String {
        message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
    }
}

extension WaitReason {
    /// Whether an arch waits for this, or only others do.
    func concerns(_ arch: String) -> Bool {
        switch self {
        case .noBuilder(let other), .channelFull(let other): other == arch
        default: true
        }
    }
}
