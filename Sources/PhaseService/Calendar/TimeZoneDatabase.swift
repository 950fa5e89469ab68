import ComposePhase
import Glibc

/// The time zones of this machine: the files of the zone database, which the C library reads, too.
package struct TimeZoneDatabase: Sendable {
    /// A zone that cannot be had.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The directory with the files of the zones.
    package let directory: String

    /// - Parameter directory: nil for `TZDIR` of the environment, else `/usr/share/zoneinfo`.
    package init(directory: String? = nil) {
        let own = getenv("TZDIR").map { String(cString: $0) } ?? ""
        self.directory = directory ?? (own.isEmpty ? "/usr/share/zoneinfo" : own)
    }

    /// The rules of a zone such as `Europe/Prague`. `UTC` needs no file.
    package func rules(of name: String) throws(Failure) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard Self.isName(name) else {
            throw Failure(
                description: "'\(name)' is no name of a time zone; write one such as Europe/Prague, America/New_York or"
                    + " UTC (timedatectl list-timezones shows them all)")
        }
        let missing = "there is no time zone '\(name)' on this machine"
        guard let bytes = try read("\(directory)/\(name)") else {
            throw Failure(
                description: AtomicFile.exists("\(directory)/UTC") || AtomicFile.exists("\(directory)/Etc/UTC")
                    ? "\(missing); zones are named by place, such as Europe/Prague (timedatectl list-timezones shows"
                        + " them all)"
                    : "\(missing), and no zone at all in \(directory); install the package tzdata")
        }
        guard let rules = TimeZoneFile.rules(name: name, bytes) else {
            throw Failure(description: "\(directory)/\(name) is no time zone file; install the package tzdata again")
        }
        return rules
    }

    /// The zone that this machine's clock shows: that of `TZ` when it names one, else that of `/etc/localtime`, else
    /// UTC. `TZ` in its other form (`CET-1CEST,…`) is refused: such a zone has no name.
    package func localRules(
        environment: String? = getenv("TZ").map { String(cString: $0) }, file: String = "/etc/localtime"
    ) throws(Failure) -> TimeZoneRules {
        if let environment {
            let name = environment.hasPrefix(":") ? String(environment.dropFirst()) : environment
            return name.isEmpty ? .utc : try rules(of: name)
        }
        guard let bytes = try read(file) else { return .utc }
        guard let rules = TimeZoneFile.rules(name: "local", bytes) else {
            throw Failure(description: "\(file) is no time zone file; set the zone with timedatectl set-timezone")
        }
        return rules
    }

    /// A regular file's bytes; nil if there is none.
    private func read(_ path: String) throws(Failure) -> [UInt8]? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        do {
            return try AtomicFile.read(path, limit: TimeZoneFile.longest)
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// Letters, digits, `+`, `-` and `_` in parts with single slashes between them: no way leads out of the directory.
    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 255
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy {
                        (97...122).contains($0 | 0x20) || (48...57).contains($0) || "+-_".utf8.contains($0)
                    }
            }
    }
}
