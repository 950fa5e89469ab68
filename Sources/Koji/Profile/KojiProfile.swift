/// A hub as koji's own configuration files describe it.
///
/// Keys and defaults are those of koji 1.36; keys that matter to builders, to the `koji` program alone or to nobody any
/// more are ignored, whatever they hold.
package struct KojiProfile: Sendable, Hashable {
    package let name: String
    /// The URL that calls are posted to; http or https.
    package let server: String
    /// Pages for people.
    package let weburl: String
    /// The URL below which the hub's files are; nil if it is not said, or empty.
    package let topurl: String?
    /// The hub's file tree, where it is mounted. `~` is expanded, as the koji program does.
    package let topdir: String

    /// `noauth`, `ssl`, `password`, `kerberos`, or nil when the files do not say. Anything else stands here as it is
    /// written: ``loginWay(hasUser:isFile:)`` refuses it.
    package let authtype: String?
    /// One PEM file with certificate and key (`cert`, else `~/.koji/client.crt` if it is there). A file that `cert` names
    /// need not be there.
    package let certificate: String?
    /// A PEM file of the authorities that are trusted for the hub (`serverca`, else `~/.koji/serverca.crt` if it is
    /// there); nil is the system's own.
    package let serverAuthorities: String?
    /// Whether the hub's certificate is not checked. As in the library any value at all means yes, `false` too, and it
    /// counts only where there are no ``serverAuthorities``. ``notes`` tells of it.
    package let noSSLVerify: Bool
    /// The Kerberos principal to be; nil if it is not said, or empty.
    package let principal: String?
    /// A keytab file, as written: koji expands no `~` in it. Counts only with a principal.
    package let keytab: String?

    /// Further tries of a call after the first.
    package let maxRetries: Int
    /// Seconds between tries.
    package let retryInterval: Int
    /// Whether calls without a login are tried again, too.
    package let anonRetry: Bool
    /// Whether to wait for a hub that is in maintenance.
    package let offlineRetry: Bool
    /// Seconds between the tries of a hub that is in maintenance.
    package let offlineRetryInterval: Int
    /// Seconds that a call may take; 0 is without end, as in the library.
    package let timeout: Int
    /// Seconds that a login may take; 0 is without end, as in the library.
    package let authTimeout: Int
    /// Seconds between two looks at a task that is watched.
    package let pollInterval: Int

    /// What is in the files, counts, and is probably not meant; a sentence each, with file and line.
    package let notes: [String]
    /// By key as in the files; those of keys that were not said are missing.
    private let origins: [String: Origin]

    /// A place in a configuration file.
    package struct Origin: Sendable, Hashable, CustomStringConvertible {
        package let file: String
        /// From 1.
        package let line: Int

        package var description: String { "\(file):\(line)" }
    }

    /// Where profiles are looked for.
    package struct Places: Sendable {
        /// `--koji-config`: read instead of the user's own files, and must be there. A directory is its files `*.conf`.
        package var file: String?
        /// The user's home directory, for `~` and the user's own files.
        package var home: String
        /// `/etc`, in tests another directory.
        package var etc: String

        package init(file: String?, home: String, etc: String = "/etc") {
            self.file = file
            self.home = home
            self.etc = etc
        }
    }

    /// Reads a profile.
    ///
    /// As the koji library (`read_config`): `/etc/koji.conf.d/*.conf`, `/etc/koji.conf`, then the named file or else
    /// `~/.koji/config.d/*.conf` and `~/.koji/config`; later files override key by key; unknown keys are ignored.
    ///
    /// - Throws: ``KojiFailure`` of kind `profile` that names the files looked at, or the file and line of an error.
    package static func load(_ name: String, from places: Places) throws(KojiFailure) -> KojiProfile {
        let section = try ProfileSection(name, in: ProfileFiles(places))
        return try KojiProfile(section, home: places.home)
    }

    /// Where a key was said last; nil if nowhere, so that the default counts.
    ///
    /// - Parameter key: as in the files, e.g. `cert`.
    package func origin(of key: String) -> Origin? { origins[key] }

    /// The largest number of seconds or tries that is taken: what fits into 32 bits, so that nobody overflows with it.
    private static let most = Int(Int32.max)

    private init(_ wanted: ProfileSection, home: String) throws(KojiFailure) {
        var section = wanted
        func path(_ key: String, _ own: String) -> String? {
            let path = HomePath.expanded(wanted.text(key) ?? own, home: home)
            let counts = wanted.text(key) != nil || ProfileFiles.kind(path) != nil
            return counts && !path.isEmpty ? path : nil
        }
        name = section.profile
        server = section.hub("server", "http://localhost/kojihub")
        weburl = section.text("weburl") ?? "http://localhost/koji"
        topurl = section.nonEmpty("topurl")
        topdir = HomePath.expanded(section.text("topdir") ?? "/mnt/koji", home: home)
        authtype = section.text("authtype")
        certificate = path("cert", "~/.koji/client.crt")
        serverAuthorities = path("serverca", "~/.koji/serverca.crt")
        noSSLVerify = section.nonEmpty("no_ssl_verify") != nil
        principal = section.nonEmpty("principal")
        keytab = section.nonEmpty("keytab")
        maxRetries = section.number("max_retries", 30, 0...Self.most)
        retryInterval = section.number("retry_interval", 20, 0...Self.most)
        anonRetry = section.flag("anon_retry", true)
        offlineRetry = section.flag("offline_retry", false)
        offlineRetryInterval = section.number("offline_retry_interval", 20, 0...Self.most)
        timeout = section.number("timeout", 43200, 0...Self.most)
        authTimeout = section.number("auth_timeout", 60, 0...Self.most)
        pollInterval = section.number("poll_interval", 6, 0...Self.most)
        origins = section.origins
        notes = Self.notes(section)
        guard section.problems.isEmpty else { throw .profile(section.problems.joined(separator: "\n")) }
    }

    private static func notes(_ section: ProfileSection) -> [String] {
        var notes: [String] = []
        if let origin = section.origins["no_ssl_verify"], let value = section.nonEmpty("no_ssl_verify") {
            notes.append(
                "\(origin): no_ssl_verify = \(shown(value)) switches the check of the hub's certificate off, as any"
                    + " value does: remove the line to switch it on")
        }
        if let origin = section.origins["keytab"], section.nonEmpty("keytab") != nil,
            section.nonEmpty("principal") == nil
        {
            notes.append("\(origin): keytab counts only together with principal")
        }
        return notes
    }

    /// As a session wants it; without a topurl files are looked for beside the hub.
    package var address: HubAddress {
        HubAddress(
            server: server, weburl: Self.unslashed(weburl), topurl: Self.unslashed(topurl ?? ""), topdir: topdir)
    }

    /// Paths are put after it with a slash of their own.
    private static func unslashed(_ url: String) -> String {
        var rest = Substring(url)
        while rest.last == "/" { rest.removeLast() }
        return String(rest)
    }
}
