package import ComposePhase
import Glibc

/// The link beside composes that points at the newest: `latest-Fedora-IoT-44`.
package struct LatestLink: Sendable, Hashable {
    /// Its name in the directory of the composes.
    package let name: String
    /// The name of the compose's directory, beside it: a link that survives when all is moved or mounted elsewhere.
    package let target: String

    /// As Pungi: the version without its last component, but with one at least; the base product's for layered ones.
    /// nil for a rehearsal, and for a status that is not to be linked.
    ///
    /// - Parameters:
    ///   - directory: the name of the compose's directory, without a path.
    ///   - status: how the compose ended.
    ///   - linked: the statuses that are, as Pungi's `--latest-link-status`.
    package init?(
        short: String, version: String, base: (short: String, version: String)? = nil, directory: String,
        status: ComposeStatus, linked: Set<ComposeStatus>, isRehearsal: Bool
    ) {
        guard !isRehearsal, linked.contains(status), [.finished, .finishedIncomplete].contains(status) else {
            return nil
        }
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        let major = parts.count > 1 ? parts.dropLast().joined(separator: ".") : version
        name = "latest-\(short)-\(major)" + (base.map { "-\($0.short)-\($0.version)" } ?? "")
        target = directory
        let names = [name, target]
        guard names.allSatisfy({ !$0.isEmpty && !$0.contains("/") && !$0.contains("\0") && $0.utf8.count <= 255 }),
            target != "." && target != ".."
        else { return nil }
    }

    /// Makes the link or lets it point elsewhere, in one step: who follows it finds the old compose or the new one.
    ///
    /// - Parameter directory: the one in which the composes lie.
    /// - Throws: where there is something else than a link under that name, which stays, and what the system says.
    package func make(in directory: String) throws(AtomicFile.Failure) {
        let path = "\(directory)/\(name)"
        var info = stat()
        if lstat(path, &info) == 0, info.st_mode & S_IFMT != S_IFLNK {
            throw AtomicFile.Failure(path: path, operation: "replace by a link (it is none now)", code: EEXIST)
        }
        let fresh = "\(directory)/.\(String(name.prefix(200))).\(getpid())"
        unlink(fresh)
        guard symlink(target, fresh) == 0 else { throw AtomicFile.Failure(path: path, operation: "make", code: errno) }
        guard rename(fresh, path) == 0 else {
            let code = errno
            unlink(fresh)
            throw AtomicFile.Failure(path: path, operation: "make", code: code)
        }
        AtomicFile.syncDirectory(of: path)
    }
}
