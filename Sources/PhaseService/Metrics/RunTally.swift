import PhaseStore

/// What has ended since the service began. As counters do, it begins at nothing with each start.
package struct RunTally: Sendable {
    /// By word of STATUS; `none` for runs that never had one.
    private(set) var runs: [String: Int] = [:]
    /// Arches of images by outcome.
    private(set) var images: [String: Int] = [:]
    /// Failures by class of cause.
    private(set) var causes: [String: Int] = [:]
    /// Build times by arch.
    private(set) var seconds: [String: Histogram] = [:]

    /// A minute to half a day.
    private static let bounds: [Double] = [60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 14400, 43200]

    /// Counts a run that has ended.
    mutating func add(_ run: StoredRun, _ rows: [StoredImage]) {
        runs[run.status ?? "none", default: 0] += 1
        for row in rows {
            images[row.outcome, default: 0] += 1
            if row.outcome == "failed" { causes[row.cause ?? "unknown", default: 0] += 1 }
            if row.outcome == "done", let time = row.seconds {
                seconds[row.arch, default: Histogram(bounds: Self.bounds)].add(time)
            }
        }
    }
}
