/// A user of the rehearsal hub beyond the two that are always there.
package struct RehearsalUser: Sendable, Hashable {
    /// The name in Koji. A client certificate names the user by its CN, which has to be this name.
    package var name: String
    /// For logins by password; nil means that there are none.
    package var password: String?
    /// Kerberos principals, `NAME@REALM`; a ticket names the user by one of them.
    package var principals: [String]
    package var permissions: Set<String>
    /// A blocked user is known but may not log in.
    package var isBlocked: Bool
    /// Whether the user may log in as others (`proxyuser`), as `ProxyDNs` and `ProxyPrincipals` of a real hub allow.
    package var mayLogInOthers: Bool

    /// A user who has the name of one that is there already takes that one's place, and keeps its password if none is
    /// given.
    package init(
        name: String, password: String? = nil, principals: [String] = [], permissions: Set<String> = ["image"],
        isBlocked: Bool = false, mayLogInOthers: Bool = false
    ) {
        self.name = name
        self.password = password
        self.principals = principals
        self.permissions = permissions
        self.isBlocked = isBlocked
        self.mayLogInOthers = mayLogInOthers
    }
}
