import Glibc

/// `~` at the beginning of a path, as Python's `os.path.expanduser` replaces it.
enum HomePath {
    /// `~` and `~/x` are below `home`, `~user/x` is below that user's home directory; every other path, and one of a
    /// user that this machine does not know, stays as it is.
    static func expanded(_ path: String, home: String) -> String {
        guard path.utf8.first == UInt8(ascii: "~") else { return path }
        let end = path.utf8.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        let user = String(path[path.utf8.index(after: path.startIndex)..<end])
        guard let directory = user.isEmpty ? home : directory(ofUser: user) else { return path }
        var base = Substring(directory)
        while base.utf8.last == UInt8(ascii: "/") { base = base.dropLast() }
        let whole = base + path[end...]
        return whole.isEmpty ? "/" : String(whole)
    }

    /// The home directory that the system's user database has; nil for an unknown user.
    private static func directory(ofUser name: String) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        // The entry's strings lie in the buffer: they are copied before it goes.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
            guard let start = buffer.baseAddress,
                getpwnam_r(name, &entry, start, buffer.count, &found) == 0, found != nil,
                let directory = entry.pw_dir
            else { return nil }
            return String(cString: directory)
        }
    }
}
