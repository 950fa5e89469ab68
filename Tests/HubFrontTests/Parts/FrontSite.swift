/// One port of the web server: how it shows itself, and how it makes users show themselves at `/kojihub/ssllogin`.
struct FrontSite {
    /// What logins are asked for.
    enum Proof {
        /// A certificate of this authority, for which the handshake is extended in the middle of a connection.
        case certificate(issuer: String)
        /// The same, and all other requests are asked for a certificate, too: who has one shows it in the first handshake.
        case certificateAnywhere(issuer: String)
        /// A Kerberos ticket.
        case ticket
    }

    let identity: CertificateAuthority.Identity
    let proof: Proof
    /// As Apache's `SSLProtocol` calls them.
    var protocols = "+TLSv1.2 +TLSv1.3"
    /// Offers HTTP/2, in which no certificate can be asked for later.
    var offersHTTP2 = false
    /// Does not go on without a certificate.
    var insists = false
    /// The file that gets a line for each request, as ``RequestLog`` reads it.
    var requests: String?

    /// The lines of a `VirtualHost`.
    ///
    /// - Parameters:
    ///   - secret: tells the hub that these headers come from here.
    ///   - keytab: the server's own key.
    func lines(port: Int, secret: String, keytab: String) -> String {
        """
        Listen 127.0.0.1:\(port)
        <VirtualHost 127.0.0.1:\(port)>
            SSLEngine on
            SSLProtocol -all \(protocols)
            SSLCertificateFile "\(identity.certificate)"
            SSLCertificateKeyFile "\(identity.key)"
            Protocols \(offersHTTP2 ? "h2 " : "")http/1.1
            \(authority)
            \(log)
            <Location /kojihub/ssllogin>
                RequestHeader set Rehearsal-Front "\(secret)"
                \(login(keytab: keytab))
            </Location>
        </VirtualHost>
        """
    }

    private var authority: String {
        switch proof {
        case .certificate(let issuer): "SSLCACertificateFile \"\(issuer)\""
        case .certificateAnywhere(let issuer): "SSLCACertificateFile \"\(issuer)\"\nSSLVerifyClient optional"
        case .ticket: ""
        }
    }

    private var log: String {
        requests.map { "CustomLog \"\($0)\" \"\(RequestLog.format)\"" } ?? ""
    }

    private func login(keytab: String) -> String {
        switch proof {
        case .certificate, .certificateAnywhere:
            """
            SSLVerifyClient \(insists ? "require" : "optional")
            SSLVerifyDepth 2
            RequestHeader set Rehearsal-Client-Verify "expr=%{SSL:SSL_CLIENT_VERIFY}"
            RequestHeader set Rehearsal-Client-Name "expr=%{SSL:SSL_CLIENT_S_DN_CN}"
            """
        case .ticket:
            """
            AuthType GSSAPI
            AuthName "rehearsal hub"
            GssapiCredStore "keytab:\(keytab)"
            GssapiAllowedMech krb5
            GssapiSSLonly On
            Require valid-user
            RequestHeader set Rehearsal-Remote-User "expr=%{REMOTE_USER}"
            """
        }
    }
}
