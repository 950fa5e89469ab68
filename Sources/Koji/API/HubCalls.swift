/// The hub and oneself.
extension KojiSession {
    /// A method that only the rehearsal hub offers: a hub that names it builds nothing.
    package static var rehearsalMark: String { "rehearsal.buildsNothing" }

    /// Names of all methods that the hub offers, in no order (`system.listMethods`). A method that is missing belongs to
    /// a plugin that is not loaded.
    package func methods() async throws(KojiFailure) -> Set<String> {
        let answer = try await read("system.listMethods")
        var names: Set<String> = []
        for item in try Record.list(answer, of: "system.listMethods", url: hub.server) {
            if case .string(let name) = item { names.insert(name) }
        }
        return names
    }

    /// The hub's version, e.g. `1.35.3` (`getKojiVersion`, hubs from 1.23 on).
    package func version() async throws(KojiFailure) -> String {
        guard case .string(let text) = try await read("getKojiVersion") else {
            throw Record.badAnswer("the answer to getKojiVersion is not text", "getKojiVersion", hub.server)
        }
        return text
    }

    /// The version of the protocol; every hub up to now says 1 (`getAPIVersion`).
    package func apiVersion() async throws(KojiFailure) -> Int {
        guard case .int(let number) = try await read("getAPIVersion") else {
            throw Record.badAnswer("the answer to getAPIVersion is not an integer", "getAPIVersion", hub.server)
        }
        return Int(number)
    }

    /// Whether the logged-in user has a permission. `admin` counts for every other: the hub does not count it in, so it
    /// is asked for, too (`hasPerm`).
    package func mayUse(_ permission: String) async throws(KojiFailure) -> Bool {
        for name in [permission, "admin"] {
            if try await readAsUser("hasPerm", [.string(name)]).isTrue { return true }
        }
        return false
    }

    /// The logged-in user's id and name; nil for an anonymous session (`getLoggedInUser`).
    package func user() async throws(KojiFailure) -> KojiUser? {
        let answer = try await readAsUser("getLoggedInUser")
        if case .null = answer { return nil }
        let record = try Record(answer, of: "getLoggedInUser", url: hub.server)
        return KojiUser(id: try record.int("id"), name: try record.string("name"))
    }
}

/// A user of the hub.
package struct KojiUser: Sendable, Hashable {
    package let id: Int
    package let name: String

    package init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}
