internal import GRDB

/// What became of one arch of one image in one run.
package struct StoredImage: Sendable, Hashable {
    package var run: Int
    /// `VARIANT/NAME/TYPE`
    package var image: String
    package var arch: String
    /// `done`, `failed`, `missing` or `canceled`.
    package var outcome: String
    package var ended: Double?
    /// Seconds that the builder worked.
    package var seconds: Double?
    /// Bytes of its files together.
    package var size: Int?
    /// The class of the failure's cause.
    package var cause: String?

    package init(
        run: Int, image: String, arch: String, outcome: String, ended: Double? = nil, seconds: Double? = nil,
        size: Int? = nil, cause: String? = nil
    ) {
        self.run = run
        self.image = image
        self.arch = arch
        self.outcome = outcome
        self.ended = ended
        self.seconds = seconds
        self.size = size
        self.cause = cause
    }
}

/// An image of the history, with what is wanted of its run.
package struct HistoricImage: Sendable, Hashable {
    package var image: StoredImage
    package var compose: String?
    package var requested: Double
    package var isRehearsal: Bool
}

extension ServiceStore {
    /// Puts what is known of a run's images in the place of what was known.
    package func save(_ images: [StoredImage], of run: Int) async throws(Failure) {
        try await write { database in
            try database.execute(sql: "DELETE FROM image WHERE run = ?", arguments: [run])
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO image (run, image, arch, outcome, ended, seconds, size, cause)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for image in images {
                try statement.execute(arguments: [
                    run, image.image, image.arch, image.outcome, image.ended, image.seconds, image.size, image.cause,
                ])
            }
        }
    }

    /// Images of runs that were asked for since then, oldest run first.
    ///
    /// - Parameter image: only this one.
    package func images(since time: Double, image: String? = nil) async throws(Failure) -> [HistoricImage] {
        try await rows(
            """
            SELECT image.*, run.compose, run.requested, run.rehearsal FROM image JOIN run ON run.id = image.run
            WHERE run.requested >= ? AND (? IS NULL OR image.image = ?) ORDER BY run.id, image.image, image.arch
            """, [time, image, image]
        ) { row in
            HistoricImage(
                image: StoredImage(
                    run: row["run"], image: row["image"], arch: row["arch"], outcome: row["outcome"],
                    ended: row["ended"], seconds: row["seconds"], size: row["size"], cause: row["cause"]),
                compose: row["compose"], requested: row["requested"], isRehearsal: row["rehearsal"])
        }
    }

    /// Runs that were asked for since then, oldest first.
    package func runs(since time: Double, schedule: String? = nil, release: String? = nil) async throws(Failure)
        -> [StoredRun]
    {
        try await rows(
            """
            SELECT * FROM run WHERE requested >= ? AND (? IS NULL OR schedule = ?) AND (? IS NULL OR release = ?)
            ORDER BY id
            """, [time, schedule, schedule, release, release]
        ) { StoredRun(row: $0) }
    }

    /// How many runs and images ended how, over all that is remembered.
    package func tally() async throws(Failure) -> ServiceTally {
        try await read { database in
            func counts(_ sql: String) throws -> [String: Int] {
                var counts: [String: Int] = [:]
                for row in try Row.fetchAll(database, sql: sql) { counts[row[0] ?? "unknown"] = row[1] }
                return counts
            }
            return ServiceTally(
                runs: try counts("SELECT status, count(*) FROM run WHERE state = 'ended' GROUP BY 1"),
                images: try counts("SELECT outcome, count(*) FROM image GROUP BY 1"),
                causes: try counts("SELECT cause, count(*) FROM image WHERE outcome = 'failed' GROUP BY 1"),
                seconds: try Row.fetchAll(
                    database, sql: "SELECT arch, seconds FROM image WHERE seconds IS NOT NULL AND outcome = 'done'"
                ).map { ($0[0], $0[1]) })
        }
    }
}

/// Sums over the history.
package struct ServiceTally: Sendable {
    /// By word of STATUS.
    package var runs: [String: Int]
    /// By outcome.
    package var images: [String: Int]
    /// Failures by class of cause.
    package var causes: [String: Int]
    /// Build times by arch.
    package var seconds: [(arch: String, seconds: Double)]
}
