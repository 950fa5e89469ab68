/// The request by which a session begins, or is renewed.
///
/// As the koji library sends them: `login` with name and password goes to the hub's own URL, `sslLogin` to
/// `URL/ssllogin`, where the web server asks for a certificate or a ticket. Proof is shown there and nowhere else.
struct LoginCall: Sendable, Hashable {
    let call: XMLRPCCall
    let url: String
    let proof: IdentityProof?

    /// Seconds without a byte after which a login fails (koji's `auth_timeout`).
    static let silence = 60

    /// - Parameters:
    ///   - proxyUser: the user that the session is to belong to, if not the one that logs in.
    ///   - isRenewal: renews the session whose headers are sent with it, instead of opening one.
    /// - Returns: nil for an anonymous user, who has no login.
    init?(_ login: Login, proxyUser: String?, server: String, isRenewal: Bool) {
        switch login {
        case .anonymous:
            return nil
        case .password(let user, let password):
            let keywords: [String: XMLRPCValue] = isRenewal ? ["renew": .bool(true), "exclusive": .bool(false)] : [:]
            call = XMLRPCCall(method: "login", args: [.string(user), .string(password)], keywords: keywords)
            url = server
            proof = nil
        case .certificate(let path):
            (call, url) = Self.sslLogin(proxyUser, server, isRenewal)
            proof = .certificate(path: path)
        case .kerberos:
            (call, url) = Self.sslLogin(proxyUser, server, isRenewal)
            proof = .ticket
        }
    }

    private static func sslLogin(_ proxyUser: String?, _ server: String, _ isRenewal: Bool) -> (XMLRPCCall, String) {
        var keywords: [String: XMLRPCValue] = ["proxyuser": proxyUser.map { .string($0) } ?? .null]
        if isRenewal {
            keywords["renew"] = .bool(true)
            // We never lock a user's other sessions out.
            keywords["exclusive"] = .bool(false)
        }
        let slash = server.hasSuffix("/") ? "" : "/"
        return (XMLRPCCall(method: "sslLogin", args: [], keywords: keywords), "\(server)\(slash)ssllogin")
    }
}
