import Glibc

/// Where the program of a `--notification-script` lies.
enum ScriptFile {
    /// Why there is none.
    struct Failure: Error, Hashable, CustomStringConvertible { let description: String }

    /// The program's path.
    ///
    /// As Pungi, which gives the command to a shell in quotes: it is one word, a path or a name to be looked for in PATH,
    /// and never a command line.
    ///
    /// - Parameter searchPath: the value of PATH.
    static func find(_ command: String, searchPath: String) throws(Failure) -> String {
        guard !command.contains("/") else {
            if let reason = whyNotRunnable(command) { throw Failure(description: reason) }
            return command
        }
        var reason: String?
        // What is relative in PATH would be of a directory that changes with the compose.
        for directory in searchPath.split(separator: ":") where directory.hasPrefix("/") {
            let path = "\(directory)/\(command)"
            guard let why = whyNotRunnable(path) else { return path }
            if access(path, F_OK) == 0, reason == nil { reason = "\(path) \(why)" }
        }
        throw Failure(description: reason ?? "is not in PATH (\(searchPath)); give its path")
    }

    /// Whether a script can run there.
    static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR && access(path, X_OK) == 0
    }

    /// Nil for a program that may be run.
    private static func whyNotRunnable(_ path: String) -> String? {
        var info = stat()
        guard stat(path, &info) == 0 else {
            return errno == ENOENT ? "does not exist" : "cannot be run: \(String(cString: strerror(errno)))"
        }
        guard info.st_mode & S_IFMT == S_IFREG else { return "is not a file" }
        guard access(path, X_OK) == 0 else { return "is not executable; make it so with: chmod +x \(path)" }
        return nil
    }
}
