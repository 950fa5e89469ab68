/// A run at one moment, as it is shown: on a terminal, by `status`, as a document.
package struct ProgressView: Sendable, Hashable {
    package var counts: Counts
    /// When the last image will be ready.
    package var end: RunEnd
    package var stop: StopReason?
    /// In the plan's order; where not all were wanted, those that a person wants to see first.
    package var rows: [ImageRow]
    /// Images that are not among the rows.
    package var hidden: Int

    /// How many images stand where.
    package struct Counts: Sendable, Hashable {
        package var all = 0
        package var done = 0
        /// Done without an arch that may fail.
        package var incomplete = 0
        /// On the hub and being built, or being brought in.
        package var open = 0
        /// On the hub, and no builder has them.
        package var queued = 0
        package var waiting = 0
        package var failedRequired = 0
        package var failedFailable = 0
        package var canceled = 0
        package var leftRunning = 0

        package var failed: Int { failedRequired + failedFailable }
        package var settled: Int { done + incomplete + failed + canceled + leftRunning }
    }

    /// What is known about the end of a run.
    package struct RunEnd: Sendable, Hashable {
        /// The latest end of all that is known; nil when nothing is, or everything has ended.
        package var expected: ExpectedEnd?
        /// Images without an estimate: the end may be later.
        package var unknown = 0
    }

    /// - Parameters:
    ///   - limit: how many rows are wanted at most.
    ///   - archRows: how many lines an image takes is counted with its arches; settled images need none of them.
    package init(_ state: ScheduleState, at now: Instant, estimates: Estimates = .none, limit: Int = .max) {
        let progress = state.progress
        counts = Counts()
        end = RunEnd()
        stop = state.stopReason
        var byRank: [[Int]] = Array(repeating: [], count: 8)
        for (index, image) in progress.enumerated() {
            counts.add(image)
            byRank[RowState(image.phase).rank].append(index)
            guard !image.phase.isSettled, !estimates.isEmpty else { continue }
            if let expected = estimates.end(of: image, now: now) {
                end.expected = max(end.expected ?? expected, expected)
            } else {
                end.unknown += 1
            }
        }
        var shown = Array(progress.indices)
        // Rows are costly, and nobody sees more of them than the screen has lines.
        if shown.count > limit { shown = byRank.joined().prefix(limit).map { $0 } }
        hidden = progress.count - shown.count
        rows = shown.map { index in
            let id = progress[index].task.id
            return ImageRow(
                progress[index], waits: state.waitReason(of: id, at: now), estimates: estimates, now: now)
        }
    }
}

extension ProgressView.Counts {
    mutating func add(_ image: TaskProgress) { add(RowState(image.phase), canFail: image.task.canFail) }

    /// Counts an image that stands there.
    mutating func add(_ state: RowState, canFail: Bool) {
        all += 1
        switch state {
        case .done: done += 1
        case .incomplete: incomplete += 1
        case .open, .failing, .built, .collecting, .canceling: open += 1
        case .free, .assigned: queued += 1
        case .waiting, .submitting, .looking: waiting += 1
        case .failed: if canFail { failedFailable += 1 } else { failedRequired += 1 }
        case .canceled: canceled += 1
        case .leftRunning: leftRunning += 1
        }
    }

    /// `3 of 7 done, 3 open, 1 failed (may fail)`
    package var sentence: String {
        var parts = ["\(done + incomplete) of \(all) done"]
        func add(_ number: Int, _ words: String) { if number > 0 { parts.append("\(number) \(words)") } }
        add(incomplete, "of them without an arch that may fail")
        add(open, "open")
        add(queued, "on the hub")
        add(waiting, "waiting")
        add(failedRequired, "FAILED")
        add(failedFailable, "failed (may fail)")
        add(canceled, "canceled")
        add(leftRunning, "STILL RUNNING")
        return parts.joined(separator: ", ")
    }
}

extension ProgressView.RunEnd {
    /// `about 25 min left`; nil when nothing is known.
    package func sentence(at now: Instant) -> String? {
        switch expected {
        case nil: nil
        case .overdue(let seconds): "overdue by \(TimeText.rough(seconds))"
        case .at(let end): (unknown == 0 ? "about " : "at least ") + TimeText.rough(end - now) + " left"
        }
    }
}

extension Estimates {
    package var isEmpty: Bool { arches.isEmpty && images.isEmpty }
}
