internal import GRDB

/// A token as it is kept: its digest only.
package struct StoredToken: Sendable, Hashable {
    package var name: String
    package var role: String
    /// SHA-256 of the token, hexadecimal. A token has 256 random bits, so there is nothing to guess and no salt to add.
    package var digest: String
    package var made: Double
    package var expires: Double?
    package var lastUsed: Double?

    package init(
        name: String, role: String, digest: String, made: Double, expires: Double? = nil, lastUsed: Double? = nil
    ) {
        self.name = name
        self.role = role
        self.digest = digest
        self.made = made
        self.expires = expires
        self.lastUsed = lastUsed
    }
}

/// Who did what.
package struct AuditEntry: Sendable, Hashable {
    package var time: Double
    package var who: String
    /// `token`, `session`, `proxy`, `anonymous`, `schedule`, `shell`.
    package var via: String
    package var action: String
    package var subject: String?
    /// `done`, or why not.
    package var outcome: String

    package init(time: Double, who: String, via: String, action: String, subject: String?, outcome: String) {
        self.time = time
        self.who = who
        self.via = via
        self.action = action
        self.subject = subject
        self.outcome = outcome
    }
}

extension ServiceStore {
    /// Keeps a new token.
    ///
    /// - Throws: also when there is one of this name.
    package func add(_ token: StoredToken) async throws(Failure) {
        try await write { database in
            guard
                try Row.fetchOne(database, sql: "SELECT 1 FROM token WHERE name = ?", arguments: [token.name]) == nil
            else {
                throw Failure(description: "there is a token '\(token.name)' already; revoke it, or take another name")
            }
            try database.execute(
                sql: "INSERT INTO token (name, role, digest, made, expires) VALUES (?, ?, ?, ?, ?)",
                arguments: [token.name, token.role, token.digest, token.made, token.expires])
        }
    }

    /// - Returns: whether there was one.
    package func revokeToken(_ name: String) async throws(Failure) -> Bool {
        try await write { database in
            try database.execute(sql: "DELETE FROM token WHERE name = ?", arguments: [name])
            return database.changesCount > 0
        }
    }

    package func tokens() async throws(Failure) -> [StoredToken] {
        try await rows("SELECT * FROM token ORDER BY name") { StoredToken(row: $0) }
    }

    package func token(digest: String) async throws(Failure) -> StoredToken? {
        try await row("SELECT * FROM token WHERE digest = ?", [digest]) { StoredToken(row: $0) }
    }

    package func noteUse(of token: String, at time: Double) async throws(Failure) {
        try await write {
            try $0.execute(sql: "UPDATE token SET last_used = ? WHERE name = ?", arguments: [time, token])
        }
    }

    package func add(_ entry: AuditEntry) async throws(Failure) {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO audit (time, who, via, action, subject, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [entry.time, entry.who, entry.via, entry.action, entry.subject, entry.outcome])
        }
    }

    /// The newest entries, newest first.
    package func audit(limit: Int, before: Int? = nil) async throws(Failure) -> [(id: Int, entry: AuditEntry)] {
        try await rows(
            "SELECT * FROM audit WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?", [before, before, limit]
        ) { row in
            (
                row["id"],
                AuditEntry(
                    time: row["time"], who: row["who"], via: row["via"], action: row["action"],
                    subject: row["subject"], outcome: row["outcome"])
            )
        }
    }
}

extension StoredToken {
    init(row: Row) {
        self.init(
            name: row["name"], role: row["role"], digest: row["digest"], made: row["made"], expires: row["expires"],
            lastUsed: row["last_used"])
    }
}
