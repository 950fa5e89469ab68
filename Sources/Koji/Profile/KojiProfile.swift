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
    /// A PEM file of the authorities that are trusted for the hub (`serverca`, else `~/.koji/serverca.crt` if it is
    /// there); nil is the system's own.
    package let serverAuthorities: String?

    /// Where profiles are looked for.
    package struct Places: Sendable {
        /// `--koji-config`: read instead of the user's own files, and must be there.
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
    /// As the koji library: `/etc/koji.conf.d/*.conf`, `/etc/koji.conf`, then the named file or else
    /// `~/.koji/config.d/*.conf` and `~/.koji/config`; later files override key by key; unknown keys are ignored.
    ///
    /// - Throws: ``KojiFailure`` of kind `profile` that names the files looked at.
    package static func load(_ name: String, from places: Places) throws(KojiFailure) -> KojiProfile {
        var keys: [String: String] = [:]
        var defaults: [String: String] = [:]
        var isKnown = false
        var known: Set<String> = []
        let files = Self.files(places)
        for path in files {
            guard let text = read(path) else {
                if path == places.file { throw failure("cannot read \(path): \(String(cString: strerror(errno)))") }
                continue
            }
            let file: INIFile
            do {
                file = try INIFile(text)
            } catch {
                throw failure("\(path):\(error.line): this line is neither a section nor a key nor a comment")
            }
            defaults.merge(file.sections[INIFile.defaults] ?? [:]) { $1 }
            known.formUnion(file.sections.keys.filter { $0 != INIFile.defaults })
            guard let section = file.sections[name] else { continue }
            isKnown = true
            keys.merge(section) { $1 }
        }
        guard isKnown else {
            let others = known.isEmpty ? "" : "; profiles there are: \(known.sorted().joined(separator: ", "))"
            throw failure(
                "there is no Koji profile '\(name)'; looked at \(files.joined(separator: ", "))\(others)")
        }
        let resolved = defaults.merging(keys) { $1 }.mapValues { expanded($0, home: places.home) }
        let ownAuthorities = "\(places.home)/.koji/serverca.crt"
        let authorities = resolved["serverca"] ?? (access(ownAuthorities, F_OK) == 0 ? ownAuthorities : "")
        return KojiProfile(
            name: name, server: resolved["server"] ?? "http://localhost/kojihub",
            weburl: resolved["weburl"] ?? "http://localhost/koji", topurl: resolved["topurl"],
            topdir: resolved["topdir"] ?? "/mnt/koji", authtype: resolved["authtype"],
            serverAuthorities: authorities.isEmpty ? nil : authorities)
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

    private static func files(_ places: Places) -> [String] {
        var files = confFiles(in: "\(places.etc)/koji.conf.d") + ["\(places.etc)/koji.conf"]
        if let file = places.file {
            files.append(file)
        } else {
            files += confFiles(in: "\(places.home)/.koji/config.d") + ["\(places.home)/.koji/config"]
        }
        return files
    }

    /// `*.conf` of a directory, by name.
    private static func confFiles(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".conf") { names.append(name) }
        }
        return names.sorted().map { "\(directory)/\($0)" }
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < 1 << 20 {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `%%` is one `%`; a leading `~` is the home directory.
    private static func expanded(_ value: String, home: String) -> String {
        let text = value.replacing("%%", with: "%")
        return text == "~" || text.hasPrefix("~/") ? home + text.dropFirst() : text
    }

    private static func failure(_ message: String) -> KojiFailure {
        KojiFailure(kind: .profile, message: message, method: "", url: "", fault: nil)
    }
}
