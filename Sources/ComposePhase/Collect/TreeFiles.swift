import Glibc

/// Fetches from the hub's mounted file tree by Pungi's link types.
package struct TreeFiles: ResultFiles {
    /// `topdir`, absolute.
    private let top: String
    private let linkType: LinkType

    /// Pungi's `link_type`.
    package enum LinkType: String, Sendable {
        case hardlink
        case copy
        case hardlinkOrCopy = "hardlink-or-copy"
        case symlink
        case absoluteSymlink = "abspath-symlink"
    }

    package init(top: String, linkType: LinkType) {
        self.top = top
        self.linkType = linkType
    }

    package func location(of path: String) -> String { "\(top)/\(path)" }

    package func fetch(
        _ path: String, to destination: String, digest: RunningDigest
    ) async throws(TaskFailure) -> Int {
        let source = location(of: path)
        switch linkType {
        case .hardlink:
            guard link(source, destination) == 0 else { throw failure("hard-link", source, errno) }
        case .hardlinkOrCopy:
            if link(source, destination) != 0 {
                // As Pungi: only another file system is a reason to copy.
                guard errno == EXDEV else { throw failure("hard-link", source, errno) }
                return try copy(source, to: destination, digest: digest)
            }
        case .copy: return try copy(source, to: destination, digest: digest)
        case .symlink, .absoluteSymlink:
            let target = linkType == .symlink ? Self.relative(source, from: destination) : source
            guard symlink(target, destination) == 0 else { throw failure("link", source, errno) }
        }
        return try read(destination, digest: digest)
    }

    /// Copies with the modification time, as Pungi does.
    private func copy(
        _ source: String, to destination: String, digest: RunningDigest
    ) throws(TaskFailure) -> Int {
        let output = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw failure("write", destination, errno) }
        defer { close(output) }
        do {
            let (size, info) = try FileStream.read(source) { piece throws(AtomicFile.Failure) in
                digest.update(piece)
                try AtomicFile.append(piece, to: output, path: destination)
            }
            var times = [info.st_atim, info.st_mtim]
            futimens(output, &times)
            guard fsync(output) == 0 else { throw failure("write", destination, errno) }
            return size
        } catch let error as AtomicFile.Failure {
            throw failure(error)
        } catch let error as TaskFailure {
            throw error
        } catch {
            throw TaskFailure(kind: .notCollected, message: "cannot copy \(source): \(error)")
        }
    }

    private func read(_ path: String, digest: RunningDigest) throws(TaskFailure) -> Int {
        do {
            return try FileStream.read(path) { piece throws(AtomicFile.Failure) in digest.update(piece) }.size
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ operation: String, _ path: String, _ code: Int32) -> TaskFailure {
        failure(AtomicFile.Failure(path: path, operation: operation, code: code))
    }

    /// Trouble below the hub's tree is the task's; trouble on our side is the compose's.
    private func failure(_ error: AtomicFile.Failure) -> TaskFailure {
        let isOurSide = !error.path.hasPrefix(top + "/") && error.isFatalForCompose
        return TaskFailure(kind: isOurSide ? .composeUnusable : .notCollected, message: error.description)
    }

    /// The path of `target` as seen from the directory of `link`.
    static func relative(_ target: String, from link: String) -> String {
        let target = PathTranslation.normalised(target).split(separator: "/")
        let base = PathTranslation.normalised(link).split(separator: "/").dropLast()
        let common = zip(target, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - common) + target[common...].map(String.init))
            .joined(separator: "/")
    }
}
