internal import GRDB

/// A run as the service knows it: one request, and the compose that it became.
package struct StoredRun: Sendable, Hashable {
    package var id: Int
    /// What was asked for, JSON that the service owns.
    package var request: String
    package var requested: Double
    package var requestedBy: String
    package var idempotencyKey: String?
    package var schedule: String?
    package var state: State
    package var wish: Wish
    package var compose: String?
    /// `SHORT-VERSION`
    package var release: String?
    package var directory: String?
    /// The word of STATUS.
    package var status: String?
    package var exitStatus: Int?
    package var reason: String?
    package var started: Double?
    package var ended: Double?
    package var isRehearsal = false
    /// How many processes have worked on it.
    package var processes = 0
    /// How far it is, JSON that the service owns.
    package var summary: String?

    package enum State: String, Sendable, Hashable, CaseIterable {
        case queued, starting, running, ended
        /// No process works on it, and one will.
        case interrupted
    }

    /// What its next process is to do.
    package enum Wish: String, Sendable, Hashable {
        case run, resume, retry, cancel
    }

    package init(
        id: Int = 0, request: String, requested: Double, requestedBy: String, idempotencyKey: String? = nil,
        schedule: String? = nil
    ) {
        self.id = id
        self.request = request
        self.requested = requested
        self.requestedBy = requestedBy
        self.idempotencyKey = idempotencyKey
        self.schedule = schedule
        state = .queued
        wish = .run
    }

    package var isOver: Bool { state == .ended }
}

extension StoredRun {
    static let columns = [
        "request", "requested", "requested_by", "idempotency_key", "schedule", "state", "wish", "compose", "release",
        "directory", "status", "exit_status", "reason", "started", "ended", "rehearsal", "processes",
        "summary",
    ]

    init(row: Row) {
        self.init(
            id: row["id"], request: row["request"], requested: row["requested"], requestedBy: row["requested_by"],
            idempotencyKey: row["idempotency_key"], schedule: row["schedule"])
        state = State(rawValue: row["state"]) ?? .ended
        wish = Wish(rawValue: row["wish"]) ?? .resume
        compose = row["compose"]
        release = row["release"]
        directory = row["directory"]
        status = row["status"]
        exitStatus = row["exit_status"]
        reason = row["reason"]
        started = row["started"]
        ended = row["ended"]
        isRehearsal = row["rehearsal"]
        processes = row["processes"]
        summary = row["summary"]
    }

    var arguments: StatementArguments {
        [
            request, requested, requestedBy, idempotencyKey, schedule, state.rawValue, wish.rawValue, compose, release,
            directory, status, exitStatus, reason, started, ended, isRehearsal, processes, summary,
        ]
    }
}

/// Which runs are wanted, newest first.
package struct RunFilter: Sendable, Hashable {
    package var state: StoredRun.State?
    package var schedule: String?
    package var status: String?
    package var release: String?
    /// Only those before this one.
    package var before: Int?
    package var limit = 50

    package init() {}
}

extension ServiceStore {
    /// Keeps a new run, or finds the one that was made by the same request before.
    ///
    /// - Returns: the run, and whether it is new.
    package func add(_ run: StoredRun) async throws(Failure) -> (run: StoredRun, isNew: Bool) {
        try await write { database in
            if let key = run.idempotencyKey,
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM run WHERE requested_by = ? AND idempotency_key = ?",
                    arguments: [run.requestedBy, key])
            {
                return (StoredRun(row: row), false)
            }
            let names = StoredRun.columns.joined(separator: ", ")
            let places = StoredRun.columns.map { _ in "?" }.joined(separator: ", ")
            try database.execute(
                sql: "INSERT INTO run (\(names)) VALUES (\(places))", arguments: run.arguments)
            var made = run
            made.id = Int(database.lastInsertedRowID)
            return (made, true)
        }
    }

    /// Keeps a run as it is now.
    package func save(_ run: StoredRun) async throws(Failure) {
        try await write { database in
            let changes = StoredRun.columns.map { "\($0) = ?" }.joined(separator: ", ")
            try database.execute(
                sql: "UPDATE run SET \(changes) WHERE id = ?", arguments: run.arguments + [run.id])
        }
    }

    package func run(_ id: Int) async throws(Failure) -> StoredRun? {
        try await row("SELECT * FROM run WHERE id = ?", [id]) { StoredRun(row: $0) }
    }

    package func runs(_ filter: RunFilter) async throws(Failure) -> [StoredRun] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        add("state = ?", filter.state?.rawValue)
        add("schedule = ?", filter.schedule)
        add("status = ?", filter.status)
        add("release = ?", filter.release)
        add("id < ?", filter.before)
        let chosen = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try await rows(
            "SELECT * FROM run \(chosen) ORDER BY id DESC LIMIT ?", arguments + [filter.limit]
        ) { StoredRun(row: $0) }
    }

    /// All that have not ended, oldest first.
    package func unfinishedRuns() async throws(Failure) -> [StoredRun] {
        try await rows("SELECT * FROM run WHERE state != 'ended' ORDER BY id") { StoredRun(row: $0) }
    }

    /// Forgets runs that ended before then, with their images, and nights and audit entries of that time.
    ///
    /// - Returns: the runs that were forgotten.
    package func forget(before time: Double) async throws(Failure) -> [Int] {
        try await write { database in
            let old = try Int.fetchAll(
                database, sql: "SELECT id FROM run WHERE state = 'ended' AND ended < ? ORDER BY id", arguments: [time])
            try database.execute(sql: "DELETE FROM run WHERE state = 'ended' AND ended < ?", arguments: [time])
            try database.execute(sql: "DELETE FROM night WHERE due < ?", arguments: [time])
            try database.execute(sql: "DELETE FROM audit WHERE time < ?", arguments: [time])
            return old
        }
    }
}
