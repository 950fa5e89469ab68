internal import GRDB

/// What became of one due time of a schedule.
package struct StoredNight: Sendable, Hashable {
    package var schedule: String
    /// Seconds since 1970.
    package var due: Double
    /// JSON that the service owns.
    package var record: String

    package init(schedule: String, due: Double, record: String) {
        self.schedule = schedule
        self.due = due
        self.record = record
    }
}

/// What is remembered of a schedule beside its nights.
package struct StoredSchedule: Sendable, Hashable {
    package var name: String
    package var isPaused: Bool
    /// When the service saw it first.
    package var made: Double
    /// JSON that the service owns.
    package var state: String?

    package init(name: String, isPaused: Bool = false, made: Double, state: String? = nil) {
        self.name = name
        self.isPaused = isPaused
        self.made = made
        self.state = state
    }
}

extension ServiceStore {
    /// Keeps a night, over what was known of it.
    package func save(_ night: StoredNight) async throws(Failure) {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO night (schedule, due, record) VALUES (?, ?, ?)
                    ON CONFLICT (schedule, due) DO UPDATE SET record = excluded.record
                    """, arguments: [night.schedule, night.due, night.record])
        }
    }

    /// The last nights of a schedule, oldest first.
    package func nights(of schedule: String, limit: Int) async throws(Failure) -> [StoredNight] {
        try await rows(
            "SELECT * FROM (SELECT * FROM night WHERE schedule = ? ORDER BY due DESC LIMIT ?) ORDER BY due",
            [schedule, limit]
        ) { StoredNight(schedule: $0["schedule"], due: $0["due"], record: $0["record"]) }
    }

    package func schedule(_ name: String) async throws(Failure) -> StoredSchedule? {
        try await row("SELECT * FROM schedule WHERE name = ?", [name]) {
            StoredSchedule(name: $0["name"], isPaused: $0["paused"], made: $0["made"], state: $0["state"])
        }
    }

    package func save(_ schedule: StoredSchedule) async throws(Failure) {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO schedule (name, paused, made, state) VALUES (?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, state = excluded.state
                    """, arguments: [schedule.name, schedule.isPaused, schedule.made, schedule.state])
        }
    }
}
