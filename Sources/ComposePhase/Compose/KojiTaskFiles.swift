import Glibc
package import Koji

/// `logs/global/koji-tasks`: an empty file named by its id for each task that the compose has on the hub, as Pungi and
/// this program leave them.
package enum KojiTaskFiles {
    /// The ids, in order. Other names are left alone, as Pungi's own abort does.
    package static func ids(in layout: ComposeLayout) throws(AtomicFile.Failure) -> [TaskID] {
        let names: [String]
        do throws(AtomicFile.Failure) {
            names = try FileNames.of(layout.path(ComposeLayout.kojiTasks))
        } catch {
            if error.code == ENOENT { return [] }
            throw error
        }
        return names.compactMap { Int($0) }.filter { $0 > 0 }.map { TaskID($0) }.sorted()
    }
}
