/// Generations of hubs, where they differ for a client of image builds (tried on real ones).
package enum HubGeneration: String, Sendable, Hashable, CaseIterable {
    case v1_33 = "1.33"
    case v1_34 = "1.34"
    case v1_35 = "1.35"
    /// The development state that became 1.36.
    case newest

    /// The headers that a call's number is looked for in, the first one that is there counts. Released hubs up to 1.35
    /// look for a name that the koji library does not send.
    var callnumHeaders: [String] {
        self == .newest ? ["Koji-Session-Callnum", "Koji-Callnum"] : ["Koji-Callnum"]
    }

    /// Whether answers carry `Koji-Version`.
    var namesVersion: Bool { self != .v1_33 }

    /// Fields that later generations added to the answers of `getRepo` and `repoInfo`.
    var lacksNewRepoFields: Bool { self == .v1_33 || self == .v1_34 }

    /// Fields of `getBuild` and `listBuilds` that begin so came with 1.34.
    var knowsPromotion: Bool { self != .v1_33 }

    /// Methods that it does not have.
    var missingMethods: Set<String> { self == .v1_33 ? ["getUserPermsInheritance"] : [] }
}
