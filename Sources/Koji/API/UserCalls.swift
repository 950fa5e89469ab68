/// Oneself and other users.
extension HubQuery where Answer == KojiUser? {
    /// The logged-in user; nil for an anonymous session (`getLoggedInUser`).
    package static var loggedInUser: Self {
        HubQuery("getLoggedInUser", isAboutUser: true) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try KojiUser(record) }
        }
    }

    /// A user by name; nil if there is none (`getUser`). Without ``KojiUser/loginKind``.
    package static func user(_ name: String) -> Self {
        HubQuery("getUser", [.string(name)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try KojiUser(record) }
        }
    }
}

extension HubQuery where Answer == [String] {
    /// The permissions of the logged-in user; none for an anonymous session (`getPerms`). `admin` stands for itself.
    package static var permissions: Self {
        HubQuery("getPerms", isAboutUser: true) { answer throws(KojiFailure) in try answer.strings() }
    }
}

extension HubQuery where Answer == Bool {
    /// Whether the logged-in user has just this permission (`hasPerm`); false for an anonymous session and for a
    /// permission that does not exist. The hub does not count `admin` in: ask for that, too.
    package static func permission(_ name: String) -> Self {
        HubQuery("hasPerm", [.string(name)], isAboutUser: true) { answer throws(KojiFailure) in try answer.bool() }
    }
}

extension KojiSession {
    /// Whether the logged-in user has a permission. `admin` counts for every other: the hub does not count it in, so it
    /// is asked for, too (`hasPerm`).
    package func mayUse(_ permission: String) async throws(KojiFailure) -> Bool {
        if try await ask(.permission(permission)) { return true }
        return try await ask(.permission("admin"))
    }

    /// The logged-in user; nil for an anonymous session (`getLoggedInUser`).
    package func user() async throws(KojiFailure) -> KojiUser? { try await ask(.loggedInUser) }
}
