import Koji

/// How long builds are expected to take.
package struct Estimates: Sendable, Hashable {
    /// Seconds that an arch task works, by image and arch.
    package var arches: [ImageTaskID: [String: Double]]
    /// Seconds from the submit of an image until it is in the compose.
    package var images: [ImageTaskID: Double]

    package init(arches: [ImageTaskID: [String: Double]] = [:], images: [ImageTaskID: Double] = [:]) {
        self.arches = arches
        self.images = images
    }

    /// Nothing is known.
    package static let none = Estimates()

    /// When an arch will be built: from the start of its work; as if it began now where it has not.
    func end(of arch: String, _ seen: ArchObservation?, in image: ImageTaskID, now: Instant) -> ExpectedEnd? {
        guard let seconds = arches[image]?[arch] else { return nil }
        if seen?.state == .open, let started = seen?.started {
            return ExpectedEnd(Instant(seconds: started) + seconds, now: now)
        }
        return ExpectedEnd(now + seconds, now: now)
    }

    /// When an image will be ready: the last of its arches, but at the earliest when its whole way is over.
    func end(of progress: TaskProgress, now: Instant) -> ExpectedEnd? {
        let id = progress.task.id
        switch progress.phase {
        case .done, .failed, .cancelled, .notCancelled, .cancelling, .diagnosing: return nil
        case .ended, .collecting: return whole(progress, now: now)
        case .waiting, .submitting, .lost, .running: break
        }
        let unfinished = progress.attempt.arches.filter { progress.arches[$0]?.state.isFinal != true }
        var ends = unfinished.map { end(of: $0, progress.arches[$0], in: id, now: now) }
        // An arch that was never built says nothing about the others' end: the image's is then not known either.
        guard !ends.contains(where: { $0 == nil }) else { return whole(progress, now: now) }
        if let whole = whole(progress, now: now), !whole.isOverdue { ends.append(whole) }
        return ends.compactMap { $0 }.max()
    }

    private func whole(_ progress: TaskProgress, now: Instant) -> ExpectedEnd? {
        guard let seconds = images[progress.task.id] else { return nil }
        // The time of an earlier submit says nothing about one that is still to come.
        let begin = progress.phase.hubTask == nil ? now : progress.submitted ?? now
        return ExpectedEnd(begin + seconds, now: now)
    }
}

/// When something is expected to end: never in the past.
package enum ExpectedEnd: Sendable, Hashable, Comparable {
    /// It should have ended this many seconds ago.
    case overdue(by: Double)
    case at(Instant)

    init(_ end: Instant, now: Instant) {
        self = end >= now ? .at(end) : .overdue(by: now - end)
    }

    package var isOverdue: Bool { if case .overdue = self { true } else { false } }

    /// Later ends are greater; of two that are overdue, the one that was expected later.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.overdue(let first), .overdue(let second)): first > second
        case (.overdue, .at): true
        case (.at, .overdue): false
        case (.at(let first), .at(let second)): first < second
        }
    }
}
