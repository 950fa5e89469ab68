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

    /// Notes a task. The empty file is made under its own name at once: Pungi's abort takes every name there for a number,
    /// and gives up at one that is none.
    static func note(_ id: TaskID, in layout: ComposeLayout) throws(AtomicFile.Failure) {
        let path = layout.path("\(ComposeLayout.kojiTasks)/\(id)")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "write", code: errno) }
        close(descriptor)
    }
}
