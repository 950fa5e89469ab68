import Glibc

/// Looks for processes of this host that still write the log of a compose: Pungi leaves no lock and no pid.
enum OpenFiles {
    /// The first process, this one left out, that has a file below `logs/global` open; in words. Nil if there is none, or
    /// where the system does not tell.
    static func writer(in layout: ComposeLayout) -> String? {
        let logs = layout.path(ComposeLayout.globalLogs) + "/"
        for process in names(in: "/proc").compactMap({ Int32($0) }) where process != getpid() {
            for descriptor in names(in: "/proc/\(process)/fd") {
                guard let file = target(of: "/proc/\(process)/fd/\(descriptor)"), file.hasPrefix(logs) else { continue }
                return "process \(process) (\(command(of: process)), which has \(file) open)"
            }
        }
        return nil
    }

    private static func names(in directory: String) -> [String] { (try? FileNames.of(directory)) ?? [] }

    private static func target(of link: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func command(of process: Int32) -> String {
        let bytes = (try? AtomicFile.read("/proc/\(process)/comm", limit: 256)) ?? nil
        return String(decoding: (bytes ?? []).filter { $0 >= 0x20 }, as: UTF8.self)
    }
}
