/// Who came, as the web server in front of the hub says: what Apache's modules put into the environment of a real hub.
///
/// Only requests for the login path that carry the front's secret have one.
package struct FrontClaim: Sendable, Hashable {
    /// The principal of a Kerberos ticket (`REMOTE_USER`); empty counts as none.
    package var remoteUser: String?
    /// What became of the client certificate (`SSL_CLIENT_VERIFY`): SUCCESS, NONE or FAILED with a reason.
    package var clientVerify: String?
    /// The CN of the client certificate (`SSL_CLIENT_S_DN_CN`).
    package var clientName: String?
    /// The whole subject of the client certificate (`SSL_CLIENT_S_DN`), for texts; made from the CN if it is not told.
    package var clientSubject: String?

    package init(
        remoteUser: String? = nil, clientVerify: String? = nil, clientName: String? = nil, clientSubject: String? = nil
    ) {
        self.remoteUser = remoteUser
        self.clientVerify = clientVerify
        self.clientName = clientName
        self.clientSubject = clientSubject
    }
}
