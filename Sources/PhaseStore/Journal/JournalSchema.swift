internal import GRDB

/// The tables of a journal and how older ones become them. Migrations only go forward, and a published one never changes.
enum JournalSchema {
    /// Marks the file as ours: "PhRj".
    static let applicationID: Int32 = 0x5068_526A

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 events") { database in
            try database.create(table: "header") { table in
                table.column("compose", .text).notNull()
                table.column("plan_checksum", .text).notNull()
                table.column("run", .text).notNull()
                table.column("created", .double).notNull()
            }
            try database.create(table: "event") { table in
                table.primaryKey("id", .integer)
                table.column("instant", .double).notNull()
                table.column("kind", .text).notNull()
                table.column("task", .text)
                table.column("body", .text).notNull()
            }
        }
        return migrator
    }
}
