import Glibc
package import Koji

/// `logs/global/koji-tasks`: an empty file named by its id for each task that the compose has on the hub, as Pungi and
/// this program leave them.
package enum KojiTaskFiles {
    /// The ids, in order. Other names are left alone, as Pungi's own abort does.
    package static func ids(in layout: ComposeLayout) throws(AtomicFile.Failure) -> [TaskID] {
        let path = layout.path(ComposeLayout.kojiTasks)
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw AtomicFile.Failure(path: path, operation: "read", code: errno)
        }
        defer { closedir(directory) }
        var ids: [TaskID] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int(name), number > 0 { ids.append(TaskID(number)) }
        }
        return ids.sorted()
    }
}
