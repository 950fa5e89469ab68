/// The hub itself.
extension HubQuery where Answer == String {
    /// The hub's version, e.g. `1.35.3` (`getKojiVersion`, hubs from 1.23 on).
    package static var version: Self {
        HubQuery("getKojiVersion") { answer throws(KojiFailure) in try answer.string() }
    }
}

extension HubQuery where Answer == Int {
    /// The version of the protocol; every hub up to now says 1 (`getAPIVersion`).
    package static var apiVersion: Self {
        HubQuery("getAPIVersion") { answer throws(KojiFailure) in try answer.int() }
    }
}

extension HubQuery where Answer == Set<String> {
    /// Names of all methods that the hub offers (`system.listMethods`). A method that is missing belongs to a plugin
    /// that is not loaded.
    package static var methods: Self {
        HubQuery("system.listMethods") { answer throws(KojiFailure) in Set(try answer.strings()) }
    }
}

extension KojiSession {
    /// A method that only the rehearsal hub offers: a hub that names it builds nothing.
    package static var rehearsalMark: String { "rehearsal.buildsNothing" }

    /// Names of all methods that the hub offers (`system.listMethods`). A method that is missing belongs to a plugin
    /// that is not loaded.
    package func methods() async throws(KojiFailure) -> Set<String> { try await ask(.methods) }

    /// The hub's version, e.g. `1.35.3` (`getKojiVersion`, hubs from 1.23 on).
    package func version() async throws(KojiFailure) -> String { try await ask(.version) }

    /// The version of the protocol; every hub up to now says 1 (`getAPIVersion`).
    package func apiVersion() async throws(KojiFailure) -> Int { try await ask(.apiVersion) }
}
