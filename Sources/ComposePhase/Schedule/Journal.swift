/// Where a run's events are kept, in order, before they take effect.
package protocol Journal: Sendable {
    /// Keeps events for good, all of them or none; returns only when they are safe.
    func append(_ entries: [JournalEntry]) async throws(JournalFailure)
    /// Gives up what was kept back for a full disk, so that the last events can be written. False if there is nothing.
    func makeRoom() async -> Bool
}

extension Journal {
    package func makeRoom() async -> Bool { false }
}

/// One event and when it happened.
package struct JournalEntry: Sendable, Hashable {
    package var instant: Instant
    package var event: ScheduleEvent

    package init(instant: Instant, event: ScheduleEvent) {
        self.instant = instant
        self.event = event
    }
}

/// A journal that lives as long as the process.
package actor MemoryJournal: Journal {
    package private(set) var entries: [JournalEntry] = []

    package init() {}

    package func append(_ entries: [JournalEntry]) { self.entries += entries }
}
