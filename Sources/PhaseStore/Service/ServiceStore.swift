import Glibc
internal import GRDB

/// The service's database: what was asked for, what became of it, who did it. One file on a local disk.
///
/// Unlike a journal it has many readers beside its writer, so it keeps a write-ahead log.
package struct ServiceStore: Sendable {
    package let path: String
    let pool: DatabasePool

    /// Why the database cannot be worked with; says what to do.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// Whether the disk is full.
        package var isFull = false
    }

    /// Opens the database, makes it if it is not there, and brings an older one up to date.
    ///
    /// - Throws: ``Failure`` for one that cannot be opened, is damaged, is another program's or a newer version's.
    package init(path: String) throws(Failure) {
        self.path = path
        pool = try Self.describing(path) {
            var configuration = Configuration()
            configuration.label = "service"
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF")
            }
            try Self.makeFile(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            let (application, tables) = try pool.read { database in
                (
                    try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                )
            }
            guard application == ServiceSchema.applicationID || tables == 0 else {
                throw Failure(description: "\(path) is no database of this service; name another state_dir")
            }
            guard try !pool.read(ServiceSchema.migrator.hasBeenSuperseded) else {
                throw Failure(
                    description: "\(path) was written by a newer phase-runner; start that one, or put back the copy"
                        + " that was made before")
            }
            try pool.write { try $0.execute(sql: "PRAGMA application_id = \(ServiceSchema.applicationID)") }
            try ServiceSchema.migrator.migrate(pool)
            return pool
        }
    }

    /// Makes the empty file, for the owner of its directory: root makes tokens for a service that runs as another user.
    /// SQLite gives the files beside it the same owner and mode.
    private static func makeFile(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else {
                throw Failure(description: "cannot make \(path): \(String(cString: strerror(errno)))")
            }
            return
        }
        defer { Glibc.close(descriptor) }
        var directory = stat()
        let name = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard geteuid() == 0, stat(name, &directory) == 0 else { return }
        guard fchown(descriptor, directory.st_uid, directory.st_gid) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw Failure(description: "cannot give \(path) to the owner of its directory: \(reason)")
        }
    }

    /// Copies the database as it is now into a new file, while the service goes on.
    ///
    /// - Throws: ``Failure``, also where the file is there already.
    package func backUp(to destination: String) throws(Failure) {
        guard access(destination, F_OK) != 0 else {
            throw Failure(description: "\(destination) is there already; a copy does not write over another")
        }
        let new = "\(destination).new"
        unlink(new)
        try Self.describing(destination) {
            let copy = try DatabaseQueue(path: new)
            chmod(new, 0o600)
            try pool.backup(to: copy)
            // A copy is one file: without the log beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
        guard rename(new, destination) == 0 else {
            throw Failure(description: "cannot make \(destination): \(String(cString: strerror(errno)))")
        }
    }

    /// Looks whether the file can be read and written now. It writes nothing: who may ask may be anybody.
    package func check() async throws(Failure) {
        try await write { try $0.execute(sql: "UPDATE schedule SET paused = paused WHERE 0") }
        var disk = statvfs()
        // What is kept back for root is not for the service, but for root's.
        if statvfs(path, &disk) == 0, (geteuid() == 0 ? disk.f_bfree : disk.f_bavail) == 0 { throw Self.full(path) }
    }

    /// Ends all work with the database; what stands in its log is in the one file then, as far as nobody reads any more.
    package func close() {
        // The last connection that is closed reads only, and would leave the log.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }

    // MARK: For the parts of the store

    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws(Failure) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Self.failure(error, path)
        }
    }

    /// All rows of a question, as the caller wants them.
    func rows<Value: Sendable>(
        _ sql: String, _ arguments: StatementArguments = [], _ make: @Sendable @escaping (Row) -> Value
    ) async throws(Failure) -> [Value] {
        try await read { try Row.fetchAll($0, sql: sql, arguments: arguments).map(make) }
    }

    /// The first row of a question.
    func row<Value: Sendable>(
        _ sql: String, _ arguments: StatementArguments, _ make: @Sendable @escaping (Row) -> Value
    ) async throws(Failure) -> Value? {
        try await read { try Row.fetchOne($0, sql: sql, arguments: arguments).map(make) }
    }

    @discardableResult
    func write<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(Failure) -> Value {
        do {
            return try await pool.write(body)
        } catch {
            throw Self.failure(error, path)
        }
    }

    private static func describing<Value>(_ path: String, _ body: () throws -> Value) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw failure(error, path)
        }
    }

    private static func full(_ path: String) -> Failure {
        Failure(description: "the database \(path) cannot be written: No space left on device; make room", isFull: true)
    }

    private static func failure(_ error: any Error, _ path: String) -> Failure {
        if let failure = error as? Failure { return failure }
        guard let error = error as? DatabaseError else {
            return Failure(description: "the database \(path) cannot be worked with: \(error)")
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            return full(path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return Failure(
                description: "the database \(path) is damaged (\(reason)); stop the service, put back the last copy, or"
                    + " move the file away to begin without history: runs are in their compose directories")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN:
            return Failure(
                description: "the database \(path) cannot be opened for writing (\(reason)); look at its directory and"
                    + " at who owns it")
        default: return Failure(description: "the database \(path) cannot be worked with: \(reason)")
        }
    }
}
