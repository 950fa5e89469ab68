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

    /// What is known of a run's images.
    package func images(of run: Int) async throws(Failure) -> [StoredImage] {
        try await rows("SELECT * FROM image WHERE run = ? ORDER BY image, arch", [run]) { StoredImage(row: $0) }
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
                image: StoredImage(row: row), compose: row["compose"], requested: row["requested"],
                isRehearsal: row["rehearsal"])
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
}

extension StoredImage {
    init(row: Row) {
        self.init(
            run: row["run"], image: row["image"], arch: row["arch"], outcome: row["outcome"], ended: row["ended"],
            seconds: row["seconds"], size: row["size"], cause: row["cause"])
    }
}
