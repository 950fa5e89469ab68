/// Paths joined and shortened as Python's `os.path` does it, without a look at the disk.
enum ConfigPath {
    /// The part before the last `/`, as `os.path.dirname`.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        let head = path[...slash]
        guard let last = head.utf8.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return String(head) }
        return String(path[...last])
    }

    /// `name` seen from `directory`, as `os.path.join`.
    static func join(_ directory: String, _ name: String) -> String {
        if directory.isEmpty || name.utf8.first == UInt8(ascii: "/") { return name }
        return directory.utf8.last == UInt8(ascii: "/") ? directory + name : directory + "/" + name
    }

    /// The path without `.`, `..` and doubled slashes, as `os.path.normpath`.
    static func normalized(_ path: String) -> String {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        // POSIX leaves the meaning of exactly two slashes open, so Python keeps them.
        let slashes = path.utf8.starts(with: "//".utf8) && !path.utf8.starts(with: "///".utf8) ? "//" : "/"
        var parts: [Substring.UTF8View] = []
        for part in Substring(path).utf8.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            guard part.elementsEqual("..".utf8) else {
                parts.append(part)
                continue
            }
            if let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.map { String(Substring($0)) }.joined(separator: "/")
        if isAbsolute { return slashes + joined }
        return joined.isEmpty ? "." : joined
    }
}
