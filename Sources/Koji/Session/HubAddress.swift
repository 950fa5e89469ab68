/// Where a hub is.
package struct HubAddress: Sendable, Hashable {
    /// The URL that calls are posted to, e.g. `https://koji.example.org/kojihub`.
    package var server: String
    /// Pages for people.
    package var weburl: String
    /// The URL below which the hub's files are; empty if nobody said.
    package var topurl: String
    /// The same files where they are mounted on this machine.
    package var topdir: String?

    package init(server: String, weburl: String, topurl: String, topdir: String? = nil) {
        self.server = server
        self.weburl = weburl
        self.topurl = topurl
        self.topdir = topdir
    }
}

/// Who one is on a hub.
package enum Login: Sendable, Hashable, CustomStringConvertible {
    /// Reading only.
    case anonymous
    /// A name and a password that the hub itself keeps; rehearsal hubs and test hubs offer it.
    case password(user: String, password: String)
    /// A way to log in that a profile names (koji's `authtype`) and this version does not offer.
    case notOffered(authtype: String)

    /// Never with the password.
    package var description: String {
        switch self {
        case .anonymous: "anonymous"
        case .password(let user, _): "user \(user), with a password"
        case .notOffered(let authtype): authtype
        }
    }
}

extension Login: CustomReflectable {
    /// So that a dump does not show the password either.
    package var customMirror: Mirror { Mirror(self, children: ["login": description]) }
}
