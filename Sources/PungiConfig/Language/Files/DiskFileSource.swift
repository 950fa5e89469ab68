internal import Glibc

/// The files of this machine.
package struct DiskFileSource: ConfigFileSource {
    package init() {}

    /// Reads a regular file. Pipes and devices are refused: they may never end.
    package func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw ConfigFileUnreadable(reason: "the path has a NUL character in it") }
        let handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard handle >= 0 else { throw Self.failure(errno) }
        defer { close(handle) }
        var status = stat()
        guard fstat(handle, &status) == 0 else { throw Self.failure(errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw ConfigFileUnreadable(reason: "Is a directory") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ConfigFileUnreadable(reason: "not a regular file") }
        let tooLarge = ConfigFileUnreadable(reason: "larger than \(limit >> 20) MiB", isTooLarge: true)
        guard status.st_size <= limit else { throw tooLarge }
        return try Self.readAll(handle, expected: Int(status.st_size), limit: limit, tooLarge: tooLarge)
    }

    private static func readAll(
        _ handle: Int32, expected: Int, limit: Int, tooLarge: ConfigFileUnreadable
    ) throws(ConfigFileUnreadable) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected + 1)
        var chunk = [UInt8](repeating: 0, count: max(4096, min(expected + 1, 1 << 20)))
        while true {
            let size = chunk.count
            let count = chunk.withUnsafeMutableBytes { Glibc.read(handle, $0.baseAddress, size) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw tooLarge }
        }
    }

    package func absolutePath(of path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return ConfigPath.normalized(path) }
        guard let buffer = getcwd(nil, 0) else { return ConfigPath.normalized(path) }
        defer { free(buffer) }
        return ConfigPath.normalized(ConfigPath.join(String(cString: buffer), path))
    }

    private static func failure(_ code: Int32) -> ConfigFileUnreadable {
        ConfigFileUnreadable(reason: String(cString: strerror(code)))
    }
}
