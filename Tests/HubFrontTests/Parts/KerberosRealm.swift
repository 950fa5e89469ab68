import Foundation

/// A Kerberos realm with a KDC of its own, which ends with the closure that uses it.
struct KerberosRealm {
    static let name = "REHEARSAL.TEST"
    /// The web server's principal: the host name is that of the URL.
    static let service = "HTTP/localhost@\(name)"

    private let scratch: Scratch

    /// The environment of everybody who takes part.
    let environment: [String: String]

    /// The key of the web server.
    var serviceKeytab: String { keytab("HTTP") }

    static func principal(_ user: String) -> String { "\(user)@\(name)" }

    /// A file with a user's key.
    func keytab(_ user: String) -> String { scratch.path("\(user).keytab") }

    /// The file with a user's ticket, as kinit left it: to be copied, since a cache that is used holds the ticket of the
    /// web server, too, and needs no KDC.
    func tickets(of user: String) -> String { scratch.path("\(user).tickets") }

    /// The same ticket, with times of long ago.
    func lateTickets(of user: String) -> String { scratch.path("\(user).late") }

    /// A `KRB5_CONFIG` that names a KDC which does not answer.
    var deadConfiguration: String { scratch.path("krb5-dead.conf") }

    /// Runs a realm with these users, all of whom have a keytab and a ticket.
    static func with<Value>(
        users: [String], _ body: (KerberosRealm) async throws -> Value
    ) async throws -> Value {
        try await Scratch.with("realm") { scratch in
            try await ServerProcess.onFreePorts(1) { ports in
                let realm = try KerberosRealm(port: ports[0], in: scratch)
                try await realm.create(users)
                return try await ServerProcess(
                    name: "the KDC", program: try InstalledProgram.krb5kdc.required(), arguments: ["-n"],
                    environment: realm.environment, ports: ports, logs: [scratch.path("kdc.log")], scratch: scratch
                ).run {
                    for user in users { try await realm.login(user) }
                    return try await body(realm)
                }
            }
        }
    }

    private init(port: Int, in scratch: Scratch) throws {
        self.scratch = scratch
        // Nobody but root may listen on port 1, and nobody does.
        try scratch.write("krb5-dead.conf", Self.clientConfiguration(port: 1))
        environment = [
            "KRB5_CONFIG": try scratch.write("krb5.conf", Self.clientConfiguration(port: port)),
            "KRB5_KDC_PROFILE": try scratch.write("kdc.conf", Self.serverConfiguration(port: port, scratch)),
            // Replayed tickets do no harm here; the file against them would stay in /var/tmp.
            "KRB5RCACHENAME": "none:",
        ]
    }

    /// TCP alone; nothing is asked of DNS.
    private static func clientConfiguration(port: Int) -> String {
        """
        [libdefaults]
        default_realm = \(name)
        dns_lookup_kdc = false
        dns_lookup_realm = false
        dns_canonicalize_hostname = false
        rdns = false
        udp_preference_limit = 1
        [realms]
        \(name) = {
            kdc = 127.0.0.1:\(port)
        }
        [domain_realm]
        localhost = \(name)

        """
    }

    private static func serverConfiguration(port: Int, _ scratch: Scratch) -> String {
        """
        [kdcdefaults]
        kdc_listen = ""
        kdc_tcp_listen = 127.0.0.1:\(port)
        [realms]
        \(name) = {
            database_name = \(scratch.path("principals"))
            key_stash_file = \(scratch.path("stash"))
            acl_file = \(scratch.path("acl"))
        }
        [logging]
        kdc = FILE:\(scratch.path("kdc.log"))
        admin_server = FILE:\(scratch.path("kadmin.log"))

        """
    }

    private func create(_ users: [String]) async throws {
        let hasDatabase = FileManager.default.fileExists(atPath: scratch.path("principals"))
        guard !hasDatabase else { return }
        try await Command.run(
            .kdb5_util, ["create", "-s", "-P", UUID().uuidString, "-r", Self.name], environment: environment,
            in: scratch.url)
        var lines = ["addprinc -randkey \(Self.service)", "ktadd -k \(serviceKeytab) \(Self.service)"]
        for user in users { lines += ["addprinc -randkey \(user)", "ktadd -k \(keytab(user)) \(user)"] }
        let said = try await Command.run(
            // With a name given, it needs none of this machine's.
            .kadminLocal, ["-r", Self.name, "-p", "tests/admin"], input: lines.joined(separator: "\n") + "\n",
            environment: environment,
            in: scratch.url)
        // kadmin.local ends with 0 whatever it could not do.
        for path in [serviceKeytab] + users.map(keytab) where !FileManager.default.fileExists(atPath: path) {
            throw PartFailure("kadmin.local made no \(path):\n\(said)")
        }
        // The web server's own processes read it, and they belong to another user if this one is root.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: serviceKeytab)
    }

    private func login(_ user: String) async throws {
        try await Command.run(
            .kinit, ["-k", "-t", keytab(user), "-c", "FILE:\(tickets(of: user))", user], environment: environment,
            in: scratch.url)
        let tickets = try Data(contentsOf: URL(fileURLWithPath: tickets(of: user)))
        try Data(try TicketCache.late(Array(tickets))).write(to: URL(fileURLWithPath: lateTickets(of: user)))
    }
}
