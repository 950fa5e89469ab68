package import PungiConfig

/// The files of this machine, some of them as they would be after an edit.
package struct EditedFiles: ConfigFileSource {
    private let disk = DiskFileSource()
    /// Bytes by absolute path.
    package var edited: [String: [UInt8]]

    package init(_ edited: [String: [UInt8]] = [:]) { self.edited = edited }

    package func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8] {
        if let bytes = edited[absolutePath(of: path)], bytes.count <= limit { return bytes }
        return try disk.read(path: path, limit: limit)
    }

    package func absolutePath(of path: String) -> String { disk.absolutePath(of: path) }
}
