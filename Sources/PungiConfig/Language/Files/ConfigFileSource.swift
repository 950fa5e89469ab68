/// Where the bytes of configuration files come from: the disk, or a test's dictionary.
package protocol ConfigFileSource: Sendable {
    /// The bytes of the file at `path`, at most `limit` of them.
    func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8]

    /// The path from the root, without `.` and `..`; it tells whether two paths are one file.
    func absolutePath(of path: String) -> String
}

/// Why a file could not be read.
package struct ConfigFileUnreadable: Error, Sendable {
    /// What is wrong, e.g. `No such file or directory`.
    package let reason: String
    /// Whether the file is there but too large.
    package let isTooLarge: Bool

    package init(reason: String, isTooLarge: Bool = false) {
        self.reason = reason
        self.isTooLarge = isTooLarge
    }
}

/// Files held in memory, by their paths.
package struct MemoryFileSource: ConfigFileSource {
    private let files: [String: [UInt8]]
    /// All that lie above files.
    private let directories: Set<String>

    package init(_ files: [String: [UInt8]] = [:]) {
        self.files = Dictionary(files.map { (ConfigPath.normalized($0.key), $0.value) }) { first, _ in first }
        var directories: Set<String> = []
        for path in self.files.keys {
            var directory = ConfigPath.directory(of: path)
            while directories.insert(directory).inserted { directory = ConfigPath.directory(of: directory) }
        }
        self.directories = directories
    }

    package func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8] {
        guard isReachable(path), let bytes = files[ConfigPath.normalized(path)] else {
            throw ConfigFileUnreadable(reason: "No such file or directory")
        }
        guard bytes.count <= limit else {
            throw ConfigFileUnreadable(reason: "larger than \(limit) bytes", isTooLarge: true)
        }
        return bytes
    }

    package func absolutePath(of path: String) -> String { ConfigPath.normalized(path) }

    /// As on a disk: `..` leads out of a directory only if it is there.
    private func isReachable(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.indices.allSatisfy { index in
            guard parts[index] == "..", index > 0 else { return true }
            let before = parts[..<index].joined(separator: "/")
            return before.isEmpty || directories.contains(ConfigPath.normalized(before))
        }
    }
}
