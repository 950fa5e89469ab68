import Glibc

/// The user's home directory, for `~` in paths.
struct HomeDirectory {
    let path: String

    /// `~` and `~/...` are this directory, `~name` that of another user; anything else, and an unknown user, stays as it
    /// is. As Python's `expanduser`.
    func expanded(_ text: String) -> String {
        guard text.hasPrefix("~") else { return text }
        let name = text.dropFirst().prefix { $0 != "/" }
        let rest = text.dropFirst(name.count + 1)
        var home = path
        if !name.isEmpty {
            guard let entry = getpwnam(String(name)) else { return text }
            home = String(cString: entry.pointee.pw_dir)
        }
        while home.hasSuffix("/") { home.removeLast() }
        let whole = home + rest
        return whole.isEmpty ? "/" : whole
    }
}
