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

    /// The same hub by https, on the same host and path. As the koji library does for logins by certificate or ticket,
    /// and for every call after them.
    var secured: HubAddress {
        var address = self
        let scheme = "http://"
        if server.lowercased().hasPrefix(scheme) { address.server = "https://" + server.dropFirst(scheme.count) }
        return address
    }
}
