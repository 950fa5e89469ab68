/// Where a run's events are kept, in order, before they take effect.
package protocol Journal: Sendable {
    /// Keeps an event for good; returns only when it is safe.
    func append(_ event: ScheduleEvent, at instant: Instant) async throws
    /// All events so far, oldest first.
    func events() async throws -> [JournalEntry]
}

/// One event and when it happened.
package struct JournalEntry: Sendable, Hashable, Codable {
    package var instant: Instant
    package var event: ScheduleEvent

    package init(instant: Instant, event: ScheduleEvent) {
        self.instant = instant
        self.event = event
    }
}

/// A journal that lives as long as the process.
package actor MemoryJournal: Journal {
    private var entries: [JournalEntry] = []

    package init() {}

    package func append(_ event: ScheduleEvent, at instant: Instant) {
        entries.append(JournalEntry(instant: instant, event: event))
    }

    package func events() -> [JournalEntry] { entries }
}
