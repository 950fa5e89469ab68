import Glibc
package import ProductMD

/// The process that works, or worked, on a compose, as its lock file or its `run` line names it.
package struct RunOwner: Sendable, Hashable {
    package var host: String
    package var pid: Int
    package var bootID: String?

    package init(host: String, pid: Int, bootID: String?) {
        self.host = host
        self.pid = pid
        self.bootID = bootID
    }

    package init(_ identity: RunIdentity) {
        self.init(host: identity.host, pid: identity.pid, bootID: identity.bootID)
    }

    /// The content of the lock file; nil when it is none, or from an older program.
    package init?(lock: JSONValue) {
        guard let host = lock["host"]?.string, let pid = lock["pid"]?.int else { return nil }
        self.init(host: host, pid: pid, bootID: lock["boot_id"]?.string)
    }

    package enum Life: Sendable, Hashable {
        case alive
        case gone
        /// It is, or was, on another host.
        case unknown
    }

    /// Whether the process is there, as far as this host can know.
    ///
    /// - Parameters:
    ///   - host: this host's name.
    ///   - bootID: the id of its boot.
    ///   - isRunning: whether a process of that number runs here.
    package func life(on host: String, bootID: String?, isRunning: (Int) -> Bool) -> Life {
        guard self.host == host else { return .unknown }
        if let bootID, let own = self.bootID, bootID != own { return .gone }
        return isRunning(pid) ? .alive : .gone
    }

    /// The same on the host where we are.
    package var life: Life {
        life(on: HostIdentity.name, bootID: HostIdentity.bootID) { pid in
            guard let pid = pid_t(exactly: pid), pid > 0 else { return false }
            return kill(pid, 0) == 0 || errno == EPERM
        }
    }
}

/// The host where this process runs.
package enum HostIdentity {
    package static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The kernel's random id of this boot.
    package static var bootID: String? {
        guard let bytes = try? AtomicFile.read("/proc/sys/kernel/random/boot_id", limit: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
