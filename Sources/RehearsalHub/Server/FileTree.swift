import CDispatch
import Glibc

/// The hub could not start, or its file tree could not be written.
package struct HubFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, where, and what to do.
    package let description: String

    init(_ description: String) { self.description = description }

    /// - Parameter what: what was tried, with the path; the system's own words for `errno` follow.
    init(system what: String) {
        description = "\(what): \(String(cString: strerror(errno)))"
    }
}

/// The directory with `work/`, `packages/` and `scratch/`. Nothing is ever read or written outside of it.
struct FileTree: Sendable {
    /// The name of the file that says what the tree is.
    static let noticeName = "REHEARSAL"

    /// The absolute path, symbolic links resolved.
    let root: String

    /// Makes the directory if need be and puts the file `REHEARSAL` into it.
    ///
    /// - Throws: if it cannot be made or written, or if it holds something that is not of a rehearsal.
    init(root: String) throws(HubFailure) {
        try Self.makeDirectories(root)
        guard let resolved = realpath(root, nil) else { throw HubFailure(system: "cannot find \(root)") }
        defer { free(resolved) }
        self.root = String(cString: resolved)
        try refuseForeignTree()
        let notice = """
            This is a rehearsal of phase-runner. Nothing below this directory is an image: the files have the names of
            real ones and say in their content that nothing was built. It may be removed at any time.

            """
        try write(Array(notice.utf8), to: "\(self.root)/\(Self.noticeName)")
    }

    /// A directory that holds `packages/` or `work/` but no `REHEARSAL` may be a real Koji's.
    private func refuseForeignTree() throws(HubFailure) {
        guard access("\(root)/\(Self.noticeName)", F_OK) != 0 else { return }
        for name in ["packages", "work", "scratch"] where access("\(root)/\(name)", F_OK) == 0 {
            throw HubFailure(
                "\(root) has a directory \(name) but no file \(Self.noticeName): it is not a rehearsal's. "
                    + "Give the rehearsal hub an empty directory.")
        }
    }

    /// Carries out what the state wants done here; log lines are not for the tree.
    func perform(_ effect: HubEffect) throws(HubFailure) {
        switch effect {
        case .log: break
        case .write(let path, let content): try write(content, to: try inside(path))
        case .writeText(let path, let text):
            let path = try inside(path)
            try Self.makeDirectories(Self.parent(of: path))
            try write(Array(text.utf8), to: path)
        case .moveLeavingLink(let from, let to): try move(from: from, to: to)
        case .remove(let path): _ = unlink(try inside(path))
        }
    }

    /// Opens a plain file below the root for reading; nil if there is none, or if it lies outside.
    func open(_ path: String) -> OpenedFile? {
        guard let path = try? inside(path), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        guard String(cString: resolved).hasPrefix(root + "/") else { return nil }
        return OpenedFile(path: String(cString: resolved))
    }

    /// The full path of a relative one.
    ///
    /// - Throws: if a component would lead elsewhere.
    private func inside(_ path: String) throws(HubFailure) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
        guard isPlain else { throw HubFailure("\(path) is not a path below the rehearsal's directory") }
        return "\(root)/\(path)"
    }

    private func write(_ content: OutputContent, to path: String) throws(HubFailure) {
        try Self.makeDirectories(Self.parent(of: path))
        let file = try create(path)
        defer { close(file) }
        let size = content.size
        for start in stride(from: 0, to: size, by: 1 << 20) {
            try write(content.bytes(in: start..<min(start + 1 << 20, size)), to: file, path)
        }
        let time = timespec(tv_sec: Int(content.modified.microseconds / 1_000_000), tv_nsec: 0)
        guard futimens(file, [time, time]) == 0 else { throw HubFailure(system: "cannot set the time of \(path)") }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(HubFailure) {
        let file = try create(path)
        defer { close(file) }
        try write(bytes, to: file, path)
    }

    private func create(_ path: String) throws(HubFailure) -> Int32 {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw HubFailure(system: "cannot write \(path)") }
        return file
    }

    private func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(HubFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw HubFailure(system: "cannot write \(path)") }
            written += max(0, count)
        }
    }

    private func move(from: String, to: String) throws(HubFailure) {
        let (old, new) = (try inside(from), try inside(to))
        try Self.makeDirectories(Self.parent(of: new))
        guard rename(old, new) == 0 else { throw HubFailure(system: "cannot move \(old) to \(new)") }
        let up = String(repeating: "../", count: from.count { $0 == "/" })
        guard symlink(up + to, old) == 0 else { throw HubFailure(system: "cannot link \(old)") }
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func makeDirectories(_ path: String) throws(HubFailure) {
        if path.isEmpty || mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT where path.contains("/"):
            try makeDirectories(parent(of: path))
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw HubFailure(system: "cannot make the directory \(path)")
            }
        default: throw HubFailure(system: "cannot make the directory \(path)")
        }
    }
}

/// A file that is open for reading; it is closed when nobody uses it any more.
final class OpenedFile: Sendable {
    private let descriptor: Int32
    let size: Int
    /// Changes when the file does.
    let tag: String
    /// When it was last changed.
    let modified: HubTime

    /// Nil if there is no plain file at `path`.
    init?(path: String) {
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        size = Int(status.st_size)
        modified = HubTime(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000)
        tag = "\"\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec)-\(status.st_mtim.tv_nsec)\""
    }

    deinit { close(descriptor) }

    /// Bytes at `range`; fewer at the end of the file.
    func read(_ range: Range<Int>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, range.count, off_t(range.lowerBound)))
        }
    }
}
