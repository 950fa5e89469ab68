import Glibc

/// `work/phase-runner/reserve`: room on the disk that a run keeps back, so that it can still write its last words when the
/// disk is full.
package struct SpaceReserve: Sendable {
    private let path: String
    /// Bytes: a rollback journal and some events fit into it.
    private static let size = 256 << 10

    package init(_ layout: ComposeLayout) { path = layout.path(ComposeLayout.reserve) }

    /// Takes the room, really: a sparse file would keep nothing back.
    package func keep() throws(AtomicFile.Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "write", code: errno) }
        defer { close(descriptor) }
        let code = posix_fallocate(descriptor, 0, off_t(Self.size))
        guard code != 0 else { return }
        // File systems that cannot (NFS before 4.2) get zeros.
        guard code == EOPNOTSUPP || code == EINVAL else {
            unlink(path)
            throw AtomicFile.Failure(path: path, operation: "write", code: code)
        }
        do {
            try AtomicFile.append([UInt8](repeating: 0, count: Self.size), to: descriptor, path: path)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Gives the room back. False if there is none any more.
    package func release() -> Bool { unlink(path) == 0 }
}
