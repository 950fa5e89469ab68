/// Where moments stand on a timeline of a run.
package struct TimelineScale: Sendable, Hashable {
    /// Seconds since 1970.
    package let began: Double
    /// Seconds; more than 0.
    package let length: Double
    /// Seconds between two marks.
    package let step: Double

    /// Steps that people count in.
    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    ]
    /// So many marks have room beside one another on a telephone.
    private static let mostMarks = 5.0

    /// - Returns: nil for a report of which no time is known.
    package init?(_ report: ComposeReport) {
        guard let began = report.began, let ended = report.ended, began.isFinite, ended.isFinite else { return nil }
        self.began = began
        // The hub's clock may be ahead of ours by a little; what is later than a day is no clock.
        let times = report.tasks.flatMap { $0.arches.compactMap(\.ended) }.filter { $0 < ended + 86_400 }
        length = max(1, (times.max().map { max($0, ended) } ?? ended) - began)
        let length = length
        step = Self.steps.first { length / $0 <= Self.mostMarks } ?? (length / Self.mostMarks).rounded(.up)
    }

    /// 0 for the begin, 1 for the end; what lies outside is moved to the edge.
    package func place(_ moment: Double) -> Double {
        guard moment.isFinite else { return 0 }
        return min(1, max(0, (moment - began) / length))
    }

    /// The marks: their seconds from the begin.
    package var marks: [Double] { Array(stride(from: 0, through: length, by: step)) }

    /// A stretch of time, as parts of the whole.
    package struct Bar: Sendable, Hashable {
        package enum Kind: Sendable { case waiting, building }

        package var kind: Kind
        package var from: Double
        package var to: Double
    }

    /// Waiting from the submit until a builder took it, then being built.
    ///
    /// - Parameter now: until when goes what has not ended, seconds since 1970.
    package func bars(_ arch: ReportedTask.Arch, of task: ReportedTask, now: Double) -> [Bar] {
        var bars: [Bar] = []
        let end = arch.ended ?? task.settled ?? now
        if let submitted = task.submitted, submitted < arch.started ?? end {
            bars.append(Bar(kind: .waiting, from: place(submitted), to: place(arch.started ?? end)))
        }
        if let started = arch.started { bars.append(Bar(kind: .building, from: place(started), to: place(end))) }
        return bars.filter { $0.to >= $0.from }
    }
}
