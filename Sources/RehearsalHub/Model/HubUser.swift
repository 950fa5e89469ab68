import Koji

/// A user of the rehearsal hub.
package struct HubUser: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// In clear, as the real hub's password logins have it; those are for tests only there too.
    package let password: String?
    package let permissions: Set<String>
    /// 0 for people, 1 for hosts.
    package let type: Int
    package var principals: [String] = []
    package var isBlocked = false
    package var mayLogInOthers = false

    /// The struct that `getUser` answers.
    var record: XMLRPCValue {
        .object([
            "id": .number(id), "name": .string(name), "status": .number(isBlocked ? 1 : 0),
            "usertype": .number(type), "krb_principals": .strings(principals),
        ])
    }
}
