import Testing

/// A login that fails, and what clients say about it.
struct Refusal: Sendable, CustomTestStringConvertible {
    let login: LoginTry
    /// What the Python library's exception contains.
    let library: String
    /// What phase-runner's message contains.
    let ours: String

    init(_ login: LoginTry, library: String, ours: String) {
        self.login = login
        self.library = library
        self.ours = ours
    }

    var testDescription: String { login.what }

    static let all: [Refusal] = [
        Refusal(
            LoginTry("a certificate of another authority, TLS 1.2", .tls12, .certificate(.foreign)),
            library: "UNKNOWN_CA", ours: "the web server does not know who issued the certificate"),
        Refusal(
            LoginTry("a certificate of another authority, TLS 1.3", .tls13, .certificate(.foreign)),
            library: "UNKNOWN_CA", ours: "the web server does not know who issued the certificate"),
        Refusal(
            LoginTry("an expired certificate, TLS 1.2", .tls12, .certificate(.late)),
            library: "CERTIFICATE_EXPIRED", ours: "expired on"),
        Refusal(
            LoginTry("an expired certificate, TLS 1.3", .tls13, .certificate(.late)),
            library: "CERTIFICATE_EXPIRED", ours: "expired on"),
        Refusal(
            LoginTry("a server whose certificate has expired", .lateServer, .certificate(.good(.alice))),
            library: "certificate has expired", ours: "certificate has expired"),
        Refusal(
            LoginTry("a server of another authority", .foreignServer, .certificate(.good(.alice))),
            library: "unable to get local issuer certificate", ours: "unable to get local issuer certificate"),
        Refusal(
            LoginTry("no ticket", .tickets, .nothing), library: "gssapi auth failed", ours: "run: kinit"),
        Refusal(
            LoginTry("a certificate where tickets are wanted", .tickets, .certificate(.good(.alice))),
            library: "401", ours: "set authtype = kerberos in the profile"),
        Refusal(
            LoginTry("a ticket where certificates are wanted", .tls13, .ticket(.alice)),
            library: "could not verify client: NONE", ours: "set authtype = ssl"),
        Refusal(
            LoginTry("a certificate of an unknown user", .tls13, .certificate(.good(.stranger))),
            library: "Unknown user: stranger", ours: "Unknown user: stranger"),
        Refusal(
            LoginTry("a ticket of an unknown user", .tickets, .ticket(.stranger)),
            library: "Unknown user: stranger@REHEARSAL.TEST", ours: "Unknown user: stranger@REHEARSAL.TEST"),
        Refusal(
            LoginTry("a certificate of a blocked user", .tls12, .certificate(.good(.barred))),
            library: "logins by barred are not allowed", ours: "logins by barred are not allowed"),
        Refusal(
            LoginTry("a keytab of a blocked user", .tickets, .keytab(.barred)),
            library: "logins by barred are not allowed", ours: "logins by barred are not allowed"),
        Refusal(
            LoginTry("a user who may not log in others", .tls13, .certificate(.good(.alice)), as: .agent),
            library: "CN=alice is not authorized to login other users", ours: "is not authorized to login other users"),
        Refusal(
            LoginTry("no certificate where one is required", .strict, .ticket(.alice)),
            library: "CERTIFICATE_REQUIRED", ours: "set authtype = ssl"),
        Refusal(
            LoginTry("an expired ticket", .tickets, .lateTicket(.alice)),
            library: "401", ours: "the ticket has expired; run: kinit"),
        Refusal(
            LoginTry("a keytab without the principal's key", .tickets, .keytabOfOther(.agent, principal: .alice)),
            library: "gssapi auth failed", ours: "the ticket is not one of alice@REHEARSAL.TEST"),
        Refusal(
            LoginTry("a host that the realm does not know", .tickets, .ticket(.alice), host: "127.0.0.1"),
            library: "401", ours: "the realm knows no such service"),
        Refusal(
            LoginTry("a realm that does not answer", .tickets, .ticketOfDeadRealm(.alice)),
            library: "401", ours: "Cannot contact any KDC"),
    ]
}
