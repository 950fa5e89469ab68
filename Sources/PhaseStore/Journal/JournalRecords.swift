/// What a journal is about.
package struct JournalHeader: Sendable, Hashable {
    /// The compose's id.
    package var compose: String
    /// SHA-256 of `plan.json`, hexadecimal.
    package var planChecksum: String
    /// How the run was begun: JSON that the caller owns.
    package var run: String
    /// Seconds since 1970.
    package var created: Double

    package init(compose: String, planChecksum: String, run: String, created: Double) {
        self.compose = compose
        self.planChecksum = planChecksum
        self.run = run
        self.created = created
    }
}

/// One event of a run, as it is kept.
package struct JournalRow: Sendable, Hashable {
    /// Seconds since 1970.
    package var instant: Double
    /// The event's name.
    package var kind: String
    /// The image task that it is about, if it is about one.
    package var task: String?
    /// The event as JSON.
    package var body: String

    package init(instant: Double, kind: String, task: String?, body: String) {
        self.instant = instant
        self.kind = kind
        self.task = task
        self.body = body
    }
}
