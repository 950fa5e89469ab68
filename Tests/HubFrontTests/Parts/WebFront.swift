import Foundation

/// Apache httpd in front of a hub, as production hubs have it: TLS, certificates and tickets end here, and the hub is
/// told by headers who came.
struct WebFront {
    private let ports: [Stage.Site: Int]

    /// The URL of the hub behind a site.
    func server(_ site: Stage.Site, host: String = "localhost") -> String { "https://\(host):\(port(site))/kojihub" }

    /// The hub's files behind a site.
    func topurl(_ site: Stage.Site) -> String { "https://localhost:\(port(site))/files" }

    /// A site that was not set up has no port, and every connection to it is refused.
    private func port(_ site: Stage.Site) -> Int { ports[site] ?? 0 }

    /// Runs one Apache with these sites for the time of `body`.
    ///
    /// - Parameters:
    ///   - hub: the port of the hub on 127.0.0.1.
    ///   - secret: what makes the hub believe the headers.
    static func with<Value>(
        sites: [Stage.Site: FrontSite], hub: Int, secret: String, realm: KerberosRealm,
        _ body: (WebFront) async throws -> Value
    ) async throws -> Value {
        try await Scratch.with("apache") { scratch in
            try await ServerProcess.onFreePorts(sites.count) { numbers in
                let ports = Dictionary(uniqueKeysWithValues: zip(sites.keys, numbers))
                let hosts = sites.map { name, site in
                    site.lines(port: ports[name] ?? 0, secret: secret, keytab: realm.serviceKeytab)
                }
                let configuration = try scratch.write(
                    "apache.conf", try general(hub: hub, scratch) + hosts.joined(separator: "\n") + "\n")
                return try await ServerProcess(
                    name: "Apache", program: try InstalledProgram.apache.required(),
                    arguments: ["-f", configuration, "-D", "FOREGROUND"], environment: realm.environment,
                    ports: numbers, logs: [scratch.path("error.log")], scratch: scratch
                ).run { try await body(WebFront(ports: ports)) }
            }
        }
    }

    private static func general(hub: Int, _ scratch: Scratch) throws -> String {
        guard let modules = ApacheModules.folder else { throw PartFailure("Apache's modules are not where they were") }
        return """
            ServerRoot "\(scratch.url.path)"
            DefaultRuntimeDir "\(scratch.url.path)"
            PidFile "\(scratch.path("apache.pid"))"
            ErrorLog "\(scratch.path("error.log"))"
            ServerName localhost
            \(modules.lines([
                "mpm_event", "unixd", "authn_core", "authz_core", "authz_user", "auth_gssapi", "headers", "proxy",
                "proxy_http", "ssl", "log_config", "http2",
            ]))
            \(worker)
            LogLevel warn
            StartServers 1
            ServerLimit 1
            ThreadsPerChild 32
            MaxRequestWorkers 32
            KeepAliveTimeout 15
            SSLSessionCache none
            RequestHeader unset Rehearsal-Front
            RequestHeader unset Rehearsal-Remote-User
            RequestHeader unset Rehearsal-Client-Verify
            RequestHeader unset Rehearsal-Client-Name
            ProxyPass /kojihub http://127.0.0.1:\(hub)/kojihub disablereuse=on
            ProxyPass /files http://127.0.0.1:\(hub)/files disablereuse=on

            """
    }

    /// Apache does not serve as root.
    private static var worker: String {
        guard getuid() == 0, let nobody = getpwnam("nobody")?.pointee else { return "" }
        return "User #\(nobody.pw_uid)\nGroup #\(nobody.pw_gid)"
    }
}
