import Glibc

/// The names in a directory.
package enum FileNames {
    /// In no order, without `.` and `..`. Bytes that are no UTF-8 are replaced, so that such a name names nothing.
    ///
    /// - Parameter limit: no more names than this are read.
    /// - Throws: what the system says; `ENOENT` where there is no directory.
    package static func of(_ directory: String, atMost limit: Int = .max) throws(AtomicFile.Failure) -> [String] {
        guard let stream = opendir(directory) else {
            throw AtomicFile.Failure(path: directory, operation: "read", code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            // The name's bytes lie in the entry itself, up to a 0.
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
