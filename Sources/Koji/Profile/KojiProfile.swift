import Glibc

/// A hub as koji's own configuration files describe it.
package struct KojiProfile: Sendable, Hashable {
    package let name: String
    package let server: String
    package let weburl: String
    package let topurl: String?
    /// The hub's file tree, where it is mounted.
    package let topdir: String
    /// `noauth`, `ssl`, `password`, `kerberos`, or nil when the files do not say.
    package let authtype: String?
    /// A PEM file with the client's certificate and key (`cert`, else `~/.koji/client.crt` if it is there).
    package let certificate: String?
    /// A PEM file of the authorities that are trusted for the hub (`serverca`, else `~/.koji/serverca.crt` if it is
    /// there); nil is the system's own.
    package let serverAuthorities: String?
    /// Whether the server must prove who it is; false where the files set `no_ssl_verify`.
    package let verifiesServer: Bool
    /// For Kerberos: who one is.
    package let principal: String?
    /// For Kerberos: a file with the principal's key.
    package let keytab: String?

    /// Where profiles are looked for.
    package struct Places: Sendable {
        /// `--koji-config`: read instead of the user's own files, and must be there. A directory gives its `*.conf`.
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
    /// As the koji library: later files override key by key, unknown keys are ignored, `%` is interpolated.
    ///
    /// - Throws: ``KojiFailure`` of kind `profile` that names the files looked at, or the line that is wrong; everything
    ///   that is wrong with the profile's values in one message.
    package static func load(_ name: String, from places: Places) throws(KojiFailure) -> KojiProfile {
        let values = try ProfileValues.load(name, from: places)
        func text(_ key: String) -> String? {
            guard case .text(let text)? = values.values[key] else { return nil }
            return text.isEmpty ? nil : text
        }
        func own(_ key: String, _ file: String) -> String? {
            if values.values[key] != nil { return text(key) }
            let path = "\(places.home)/.koji/\(file)"
            return access(path, F_OK) == 0 ? path : nil
        }
        // The library takes any text for true, "false" included; that much trust nobody means to give.
        let isUnverified = !["", "0", "no", "false", "off"].contains(text("no_ssl_verify")?.lowercased() ?? "")
        return KojiProfile(
            name: name, server: text("server") ?? "http://localhost/kojihub",
            weburl: text("weburl") ?? "http://localhost/koji", topurl: text("topurl"),
            topdir: text("topdir") ?? "/mnt/koji", authtype: text("authtype"),
            certificate: own("cert", "client.crt"), serverAuthorities: own("serverca", "serverca.crt"),
            verifiesServer: !isUnverified, principal: text("principal"), keytab: text("keytab"))
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

    func failure(_ message: String) -> KojiFailure {
        KojiFailure(kind: .profile, message: message, method: "", url: "")
    }
}

/// A file that a profile names.
package enum ProfileFile {
    package static func exists(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }
}
