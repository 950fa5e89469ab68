package import ComposePhase
import Glibc
internal import GRDB

/// The journal's SQLite file: rows in order, each batch whole or not at all, on the disk when an append returns.
///
/// Compose trees often lie on NFS, where shared memory and a write-ahead log do not work: so a rollback journal, full
/// synchronisation, and an exclusive lock that is taken at once and kept. One process has it open, its owner.
package actor JournalFile {
    package let header: JournalHeader
    private let path: String
    private let queue: DatabaseQueue

    private init(_ path: String, _ queue: DatabaseQueue, _ header: JournalHeader) {
        self.path = path
        self.queue = queue
        self.header = header
    }

    /// Makes a new journal: under another name first, so that one that is there is whole.
    ///
    /// - Throws: ``JournalFailure``, of kind `inUse` when there is one already.
    package static func create(
        at path: String, header: JournalHeader
    ) throws(JournalFailure) -> JournalFile {
        guard access(path, F_OK) != 0 else {
            throw JournalFailure(kind: .inUse, "there is a journal already: \(path)")
        }
        let new = "\(path).new"
        // What a process that was killed here left behind.
        for leftover in [new, "\(new)-journal"] { unlink(leftover) }
        try describing(path) {
            let queue = try DatabaseQueue(path: new, configuration: configuration)
            chmod(new, 0o600)
            try JournalSchema.migrator.migrate(queue)
            try queue.write { database in
                try database.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID)")
                try database.execute(
                    sql: "INSERT INTO header (compose, plan_checksum, run, created) VALUES (?, ?, ?, ?)",
                    arguments: [header.compose, header.planChecksum, header.run, header.created])
            }
            try queue.close()
        }
        guard rename(new, path) == 0 else {
            throw JournalTrouble.failure(system: errno, "make", path)
        }
        AtomicFile.syncDirectory(of: path)
        return try open(at: path)
    }

    /// Opens a journal; what a killed process left in the middle of a batch is rolled back.
    ///
    /// - Throws: ``JournalFailure``: there is none, another process has it, it is damaged, or a newer program made it.
    package static func open(at path: String) throws(JournalFailure) -> JournalFile {
        guard access(path, F_OK) == 0 else { throw JournalFailure(kind: .missing, "there is no journal \(path)") }
        return try describing(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // Takes the lock now, and not at the first write.
            try queue.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE; COMMIT") }
            try check(queue, path)
            try JournalSchema.migrator.migrate(queue)
            let header = try queue.read { database in
                try Row.fetchOne(database, sql: "SELECT compose, plan_checksum, run, created FROM header")
            }
            guard let header else { throw JournalTrouble.damaged(path, "it has no header") }
            return JournalFile(
                path, queue,
                JournalHeader(compose: header[0], planChecksum: header[1], run: header[2], created: header[3]))
        }
    }

    private static func check(_ queue: DatabaseQueue, _ path: String) throws {
        let (application, word, isNewer) = try queue.read { database in
            (
                try Int32.fetchOne(database, sql: "PRAGMA application_id"),
                try String.fetchOne(database, sql: "PRAGMA quick_check(1)"),
                try JournalSchema.migrator.hasBeenSuperseded(database)
            )
        }
        guard application == JournalSchema.applicationID else {
            throw JournalTrouble.damaged(path, "it is no journal of this program")
        }
        guard word == "ok" else { throw JournalTrouble.damaged(path, word ?? "it cannot be checked") }
        guard !isNewer else {
            throw JournalFailure(
                kind: .newer, "\(path) was made by a newer phase-runner; take the run up with that one")
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA journal_mode = DELETE;
                    PRAGMA synchronous = FULL;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return configuration
    }

    /// Keeps rows for good, all of them or none.
    package func append(_ rows: [JournalRow]) throws(JournalFailure) {
        try Self.describing(path) {
            try queue.write { database in
                let statement = try database.cachedStatement(
                    sql: "INSERT INTO event (instant, kind, task, body) VALUES (?, ?, ?, ?)")
                for row in rows { try statement.execute(arguments: [row.instant, row.kind, row.task, row.body]) }
            }
        }
    }

    /// All rows, oldest first.
    package func rows() throws(JournalFailure) -> [JournalRow] {
        try Self.describing(path) {
            try queue.read { database in
                var rows: [JournalRow] = []
                let cursor = try Row.fetchCursor(
                    database, sql: "SELECT instant, kind, task, body FROM event ORDER BY id")
                while let row = try cursor.next() {
                    rows.append(JournalRow(instant: row[0], kind: row[1], task: row[2], body: row[3]))
                }
                return rows
            }
        }
    }

    /// Lets the file go; nothing can be appended any more.
    package func close() { try? queue.close() }

    private static func describing<Value>(
        _ path: String, _ body: () throws -> Value
    ) throws(JournalFailure) -> Value {
        do {
            return try body()
        } catch let failure as JournalFailure {
            throw failure
        } catch let error as DatabaseError {
            throw JournalTrouble.failure(error, path)
        } catch {
            // A column of another type, a row that is not there: not what this program wrote.
            throw JournalTrouble.damaged(path, String(describing: error))
        }
    }
}
