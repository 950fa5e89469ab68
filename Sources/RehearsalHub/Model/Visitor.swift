/// Who came to the URL of logins, as the web server in front of the hub says: a certificate or a ticket was shown there.
package struct Visitor: Sendable, Hashable {
    /// The principal of a ticket; nil or empty is none.
    package let principal: String?
    /// What the web server made of a certificate: `SUCCESS`, `NONE`, `FAILED:reason`.
    package let verification: String
    /// The CN of the certificate's subject.
    package let commonName: String?

    package init(principal: String? = nil, verification: String = "NONE", commonName: String? = nil) {
        self.principal = principal
        self.verification = verification
        self.commonName = commonName
    }
}

/// How a session was opened, with Koji's numbers.
enum AuthType: Int, Sendable {
    case password = 0
    case certificate = 2
    case ticket = 3
}
