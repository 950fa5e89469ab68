/// Who asks.
package struct Caller: Sendable, Hashable {
    package var name: String
    package var role: Role
    package var via: Via
    /// What a page must send back to change anything; nil where the caller says who he is in each request.
    package var pageKey: String?

    package enum Via: String, Sendable, Hashable {
        /// A token in the request's own header: no other site can make a browser send it.
        case token
        /// The cookie of a page.
        case session
        /// A proxy that we trust.
        case proxy
        case anonymous
    }
}

/// What of a request says who asks.
package struct Credentials: Sendable, Hashable {
    package var authorization: String?
    package var cookies: [String] = []
    /// The values of the proxy's header.
    package var proxyUser: [String] = []
    /// The address of the connection's other end; nil on the UNIX socket.
    package var address: String?

    package init() {}

    /// The name of the page's cookie.
    package static let cookie = "phase_runner_session"

    /// The token of the page's cookie.
    var session: String? {
        for header in cookies {
            for part in header.split(separator: ";") {
                let sides = part.split(separator: "=", maxSplits: 1)
                guard sides.count == 2, sides[0].filter({ $0 != " " }) == Self.cookie else { continue }
                return String(sides[1]).filter { $0 != " " }
            }
        }
        return nil
    }

    /// The token of the `Authorization` header; nil when there is none.
    ///
    /// - Throws: 401 for a header of another kind: who says something of himself is never taken for nobody.
    func bearer() throws(Problem) -> String? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem(401, "Not let in", "the Authorization header must be: Bearer TOKEN")
        }
        return String(parts[1])
    }
}
