internal import GRDB

/// The tables of the service's database and how older ones become them. Migrations only go forward, and a published one
/// never changes.
enum ServiceSchema {
    /// Marks the file as ours: "PhRs".
    static let applicationID: Int32 = 0x5068_5273

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, images, nights, tokens, audit") { database in
            try database.create(table: "run") { table in
                table.autoIncrementedPrimaryKey("id")
                table.column("request", .text).notNull()
                table.column("requested", .double).notNull()
                table.column("requested_by", .text).notNull()
                table.column("idempotency_key", .text)
                table.column("schedule", .text)
                table.column("state", .text).notNull().indexed()
                table.column("wish", .text).notNull()
                table.column("compose", .text).indexed()
                table.column("release", .text)
                table.column("directory", .text).indexed()
                table.column("status", .text)
                table.column("exit_status", .integer)
                table.column("reason", .text)
                table.column("started", .double)
                table.column("ended", .double)
                table.column("rehearsal", .boolean).notNull().defaults(to: false)
                table.column("processes", .integer).notNull().defaults(to: 0)
                table.column("summary", .text)
                table.uniqueKey(["requested_by", "idempotency_key"])
            }
            try database.create(table: "image") { table in
                table.column("run", .integer).notNull().references("run", onDelete: .cascade)
                table.column("image", .text).notNull()
                table.column("arch", .text).notNull()
                table.column("outcome", .text).notNull()
                table.column("ended", .double)
                table.column("seconds", .double)
                table.column("size", .integer)
                table.column("cause", .text)
                table.primaryKey(["run", "image", "arch"])
            }
            try database.create(indexOn: "image", columns: ["image", "arch"])
            try database.create(table: "night") { table in
                table.autoIncrementedPrimaryKey("id")
                table.column("schedule", .text).notNull()
                table.column("due", .double).notNull()
                table.column("record", .text).notNull()
                table.uniqueKey(["schedule", "due"])
            }
            try database.create(table: "schedule") { table in
                table.primaryKey("name", .text)
                table.column("paused", .boolean).notNull().defaults(to: false)
                table.column("made", .double).notNull()
                table.column("state", .text)
            }
            try database.create(table: "token") { table in
                table.primaryKey("name", .text)
                table.column("role", .text).notNull()
                table.column("digest", .text).notNull().unique()
                table.column("made", .double).notNull()
                table.column("expires", .double)
                table.column("last_used", .double)
            }
            try database.create(table: "audit") { table in
                table.autoIncrementedPrimaryKey("id")
                table.column("time", .double).notNull().indexed()
                table.column("who", .text).notNull()
                table.column("via", .text).notNull()
                table.column("action", .text).notNull()
                table.column("subject", .text)
                table.column("outcome", .text).notNull()
            }
        }
        return migrator
    }
}
