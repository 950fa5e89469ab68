import Foundation
import TestSupport
import Testing

/// One attempt to log in: over which site, and with what in hand.
struct LoginTry: Sendable, CustomTestStringConvertible {
    /// What the user has.
    enum Means: Sendable {
        case certificate(Stage.Certificate)
        /// A ticket that kinit got.
        case ticket(Stage.User)
        /// `principal` and `keytab` of the profile, and no ticket yet.
        case keytab(Stage.User)
        /// A keytab with the key of somebody else than `principal`.
        case keytabOfOther(Stage.User, principal: Stage.User)
        /// A ticket that was good in January 2020.
        case lateTicket(Stage.User)
        /// A ticket, and a realm whose KDC does not answer.
        case ticketOfDeadRealm(Stage.User)
        /// Neither ticket nor keytab.
        case nothing
    }

    let what: String
    let site: Stage.Site
    let means: Means
    /// The user that the session is to belong to, if not the one that logs in.
    var other: Stage.User?
    /// How the URL calls the host.
    var host = "localhost"

    init(
        _ what: String, _ site: Stage.Site, _ means: Means, as other: Stage.User? = nil, host: String = "localhost"
    ) {
        self.what = what
        self.site = site
        self.means = means
        self.other = other
        self.host = host
    }

    var testDescription: String { what }

    /// The logins that succeed.
    static let accepted = [
        LoginTry("a certificate over TLS 1.2", .tls12, .certificate(.good(.alice))),
        LoginTry("a certificate over TLS 1.3", .tls13, .certificate(.good(.alice))),
        LoginTry("a certificate where HTTP/2 is on offer", .http2, .certificate(.good(.alice))),
        LoginTry("a ticket", .tickets, .ticket(.alice)),
        LoginTry("a keytab", .tickets, .keytab(.alice)),
        LoginTry("a certificate of somebody who logs in others", .tls13, .certificate(.good(.agent)), as: .alice),
        LoginTry("a ticket of somebody who logs in others", .tickets, .ticket(.agent), as: .alice),
    ]

    /// The name of the profile in ``profile(on:)``.
    static let profileName = "hub"

    /// The keys of the profile, as koji reads them.
    func keys(on stage: Stage) throws -> [String: String] {
        var keys = [
            "server": stage.front.server(site, host: host), "topurl": stage.front.topurl(site),
            "serverca": stage.serverAuthority, "max_retries": "1", "retry_interval": "1",
        ]
        switch means {
        case .certificate(let certificate):
            keys["authtype"] = "ssl"
            keys["cert"] = try stage.certificate(certificate)
        case .keytab(let user):
            keys["authtype"] = "kerberos"
            keys["principal"] = KerberosRealm.principal(user.rawValue)
            keys["keytab"] = stage.realm.keytab(user.rawValue)
        case .keytabOfOther(let user, let principal):
            keys["authtype"] = "kerberos"
            keys["principal"] = KerberosRealm.principal(principal.rawValue)
            keys["keytab"] = stage.realm.keytab(user.rawValue)
        case .ticket, .lateTicket, .ticketOfDeadRealm, .nothing:
            keys["authtype"] = "kerberos"
        }
        return keys
    }

    /// A koji configuration file.
    func profile(on stage: Stage) throws -> String {
        let lines = try keys(on: stage).sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        return (["[\(Self.profileName)]"] + lines).joined(separator: "\n") + "\n"
    }

    /// The environment of the client. Its tickets stand in a cache of this try alone: clients that share a file write
    /// the tickets they get into it, all at once, and one may read what another has half written.
    func environment(on stage: Stage, in scratch: Scratch) throws -> [String: String] {
        var environment = stage.realm.environment
        environment["HOME"] = scratch.url.path
        environment["LC_ALL"] = "C.UTF-8"
        environment["KRB5CCNAME"] = "FILE:\(scratch.path("tickets"))"
        let tickets: String? =
            switch means {
            case .ticket(let user), .ticketOfDeadRealm(let user): stage.realm.tickets(of: user.rawValue)
            case .lateTicket(let user): stage.realm.lateTickets(of: user.rawValue)
            case .keytab, .keytabOfOther, .certificate, .nothing: nil
            }
        if let tickets { try FileManager.default.copyItem(atPath: tickets, toPath: scratch.path("tickets")) }
        if case .ticketOfDeadRealm = means { environment["KRB5_CONFIG"] = stage.realm.deadConfiguration }
        // A login that works with what this machine's user has would tell nothing.
        environment["KRB5_CLIENT_KTNAME"] = "FILE:\(scratch.path("no.keytab"))"
        return environment
    }
}
