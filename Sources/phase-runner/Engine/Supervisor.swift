import Glibc

/// The program that supervises this one, where there is one: systemd with `Type=notify` (sd_notify).
struct Supervisor: Sendable {
    private let path: String?
    /// Seconds within which it wants to hear of us; nil if it does not.
    let watchdog: Double?

    init() {
        path = Console.environment("NOTIFY_SOCKET")
        let isOurs = Console.environment("WATCHDOG_PID").map { $0 == String(getpid()) } ?? true
        watchdog = isOurs ? Console.environment("WATCHDOG_USEC").flatMap { Double($0) }.map { $0 / 1e6 } : nil
    }

    /// Says something, as sd_notify(3) has it: `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=…`.
    func say(_ words: String...) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@") else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A name in the abstract namespace begins with a zero byte, written as @.
        let name = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < room else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let message = Array(words.joined(separator: "\n").utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }

    /// `MONOTONIC_USEC=…`, which a reload must say.
    static var monotonic: String {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return "MONOTONIC_USEC=\(Int(now.tv_sec) * 1_000_000 + Int(now.tv_nsec) / 1000)"
    }
}
