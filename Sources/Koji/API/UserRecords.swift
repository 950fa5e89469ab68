/// A user of the hub.
package struct KojiUser: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// Whether the account may not log in.
    package let isBlocked: Bool
    /// The Kerberos principals that log in as this user, in the hub's order.
    package let principals: [String]
    /// How the session logged in, with Koji's numbers: 0 password, 2 certificate, 3 GSSAPI. nil where not told.
    package let loginKind: Int?

    package init(id: Int, name: String, isBlocked: Bool = false, principals: [String] = [], loginKind: Int? = nil) {
        self.id = id
        self.name = name
        self.isBlocked = isBlocked
        self.principals = principals
        self.loginKind = loginKind
    }

    init(_ record: Record) throws(KojiFailure) {
        // Hubs of old have one principal, newer ones both members.
        let principals = (try? record.strings("krb_principals")) ?? record.optionalString("krb_principal").map { [$0] }
        self.init(
            id: try record.int("id"), name: try record.string("name"),
            // 0 normal, 1 blocked.
            isBlocked: record.optionalInt("status") == 1, principals: principals ?? [],
            loginKind: record.optionalInt("authtype"))
    }
}
