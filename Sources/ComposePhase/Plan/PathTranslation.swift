package import PungiConfig

/// `translate_paths`: turns a path of the compose host into the URL that builders reach it by.
package struct PathTranslation: Sendable {
    private let pairs: [PathPair]

    package init(_ pairs: [PathPair]) {
        self.pairs = pairs.map { PathPair(from: Self.normalised($0.from), to: $0.to) }
    }

    /// The URL for `path`, or the normalised path itself when no prefix matches.
    ///
    /// As Pungi: the path is normalised, the first pair whose prefix it starts with is used, and the replacement's
    /// trailing slashes go. Unlike Pungi, a prefix ends at a path boundary: `/mnt` does not match `/mntX` (a defect
    /// there, see docs/differences.md).
    package func callAsFunction(_ path: String) -> String { tracing(path).url }

    /// The same, and which of the pairs was used.
    func tracing(_ path: String) -> (url: String, pair: Int?) {
        let path = Self.normalised(path)
        for (index, pair) in pairs.enumerated() {
            let boundary = pair.from.hasSuffix("/") ? pair.from : pair.from + "/"
            guard path == pair.from || path.hasPrefix(boundary) else { continue }
            let rest = path.dropFirst(pair.from.count)
            var replacement = pair.to[...]
            while replacement.hasSuffix("/") { replacement = replacement.dropLast() }
            return (replacement + (rest.isEmpty || rest.hasPrefix("/") ? "" : "/") + rest, index)
        }
        return (path, nil)
    }

    /// As Python's `os.path.normpath`: `//`, `.` and `..` collapse, the trailing slash goes.
    static func normalised(_ path: String) -> String {
        guard !path.isEmpty else { return "." }
        // POSIX leaves exactly two leading slashes alone.
        let root = path.hasPrefix("//") && !path.hasPrefix("///") ? "//" : path.hasPrefix("/") ? "/" : ""
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." || (root.isEmpty && parts.last.map { $0 == ".." } ?? true) {
                parts.append(part)
            } else if !parts.isEmpty {
                parts.removeLast()
            }
        }
        let joined = root + parts.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }
}
