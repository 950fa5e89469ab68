import Glibc

/// The directories below which files may be named by users.
package struct PathRoots: Sendable, Hashable {
    package let roots: [String]

    package init(_ roots: [String]) { self.roots = roots }

    /// The real path of a file that a user names: an absolute one, or one below a root.
    ///
    /// Links are followed before it is looked where the file lies: one below a root that leads elsewhere is refused like
    /// a path with `..`. What lies outside and what is not there are told alike, so that nobody can ask what files there
    /// are on this machine.
    ///
    /// - Returns: nil when there is no such file below the roots.
    package func file(_ name: String) -> String? {
        guard !name.isEmpty, name.utf8.count < 4096, !name.utf8.contains(where: { $0 < 32 }) else { return nil }
        let candidates = name.hasPrefix("/") ? [name] : roots.map { "\($0)/\(name)" }
        for candidate in candidates {
            guard let real = Self.real(candidate), isBelow(real), Self.isFile(real) else { continue }
            return real
        }
        return nil
    }

    private func isBelow(_ path: String) -> Bool {
        roots.contains { root in
            guard let real = Self.real(root) else { return false }
            return real == "/" || path.hasPrefix(real + "/")
        }
    }

    /// Files below the roots with one of these endings, shown from their root, sorted; not more than `limit`, and none
    /// that is more than three directories down.
    package func list(endings: [String], limit: Int = 500) -> [String] {
        var found: [String] = []
        for root in roots { Self.list(root, from: "", depth: 3, endings, limit, &found) }
        return Set(found).sorted()
    }

    private static func list(
        _ directory: String, from prefix: String, depth: Int, _ endings: [String], _ limit: Int,
        _ found: inout [String]
    ) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        var seen = 0
        while let entry = readdir(stream), found.count < limit, seen < 10_000 {
            seen += 1
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            var info = stat()
            guard lstat("\(directory)/\(name)", &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR, depth > 1 {
                list("\(directory)/\(name)", from: "\(prefix)\(name)/", depth: depth - 1, endings, limit, &found)
            } else if info.st_mode & S_IFMT == S_IFREG, endings.contains(where: { name.hasSuffix($0) }) {
                found.append(prefix + name)
            }
        }
    }

    private static func real(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(validatingCString: pointer)
    }

    private static func isFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }
}
