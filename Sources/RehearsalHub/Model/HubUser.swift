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
    /// Kerberos principals.
    package var principals: [String] = []
    /// Whether the user is known but may not log in.
    package var isBlocked = false
    /// Whether the user may log in as others.
    package var mayLogInOthers = false

    /// The struct that `getUser` answers.
    var record: XMLRPCValue {
        .object([
            "id": .number(id), "name": .string(name), "status": .number(isBlocked ? 1 : 0), "usertype": .number(type),
            "krb_principals": .strings(principals),
        ])
    }
}

extension HubUser {
    /// A user of the settings under an id.
    init(id: Int, _ setting: RehearsalUser, password: String?) {
        self.init(
            id: id, name: setting.name, password: password, permissions: setting.permissions, type: 0,
            principals: setting.principals, isBlocked: setting.isBlocked, mayLogInOthers: setting.mayLogInOthers)
    }
}

extension HubState {
    /// Adds a user, or puts it in the place of the one with its name.
    mutating func addUser(_ setting: RehearsalUser) {
        if let index = users.firstIndex(where: { $0.name == setting.name }) {
            users[index] = HubUser(
                id: users[index].id, setting, password: setting.password ?? users[index].password)
        } else {
            users.append(HubUser(id: users.count + 1, setting, password: setting.password))
        }
    }
}
