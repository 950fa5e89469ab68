/// Releases of the hub's code, told apart by what a client of image builds can notice.
package enum HubGeneration: String, Sendable, Hashable, CaseIterable {
    /// The code after 1.35.3 that calls itself 1.35.3 still and became 1.36.
    case newest
    /// The released 1.35.3.
    case v1_35 = "1.35"
    /// The released 1.34.3.
    case v1_34 = "1.34"
    /// The released 1.33.0.
    case v1_33 = "1.33"

    /// What a hub of this generation says its version is.
    package var kojiVersion: String {
        switch self {
        case .newest, .v1_35: "1.35.3"
        case .v1_34: "1.34.3"
        case .v1_33: "1.33.0"
        }
    }

    /// Whether answers carry the header `Koji-Version`: from 1.34 on.
    var sendsVersion: Bool { self != .v1_33 }

    /// Whether the header that clients send, `Koji-Session-Callnum`, is read. The released 1.31 to 1.35.3 read only
    /// `Koji-Callnum`, so that there a repeated submit makes a second task unless that one is sent too.
    var readsSessionCallnum: Bool { self == .newest }

    /// Whether `getRepo` tells all: before 1.35 it gave seven members.
    var hasFullRepos: Bool { self == .newest || self == .v1_35 }

    /// Whether builds have `promoter_*` and `promotion_*`: from 1.34 on.
    var hasPromotion: Bool { self != .v1_33 }

    /// Whether the hub has this method.
    func has(method: String) -> Bool { method != "getUserPermsInheritance" || self != .v1_33 }
}
