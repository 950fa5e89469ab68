import Glibc

/// Files that are there whole or not at all.
package enum AtomicFile {
    /// What could not be done to a file, and why.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let path: String
        package let operation: String
        package let code: Int32

        package init(path: String, operation: String, code: Int32) {
            self.path = path
            self.operation = operation
            self.code = code
        }

        package var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }

        /// The place is full, read-only or forbidden: nothing in this compose can go on.
        package var isFatalForCompose: Bool { [ENOSPC, EDQUOT, EROFS, EACCES, EPERM, EIO, ESTALE].contains(code) }
    }

    /// Writes a file beside its place, makes it safe on disk, and renames it into place.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        // One name for all processes: what one that was killed left behind, the next one overwrites. Two never write the
        // same file at once; a compose has one owner, and images.json a lock.
        let temporary = "\(path).tmp"
        do throws(Failure) {
            try fill(temporary, with: bytes)
            guard rename(temporary, path) == 0 else { throw Failure(path: path, operation: "write", code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        syncDirectory(of: path)
    }

    private static func fill(_ path: String, with bytes: [UInt8]) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(path: path, operation: "write", code: errno) }
        defer { close(descriptor) }
        try append(bytes, to: descriptor, path: path)
        guard fsync(descriptor) == 0 else { throw Failure(path: path, operation: "write", code: errno) }
    }

    /// Writes all bytes to an open file, however many calls it takes.
    package static func append(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(Failure) {
        let code = bytes.withUnsafeBytes { write($0, to: descriptor) }
        guard code == 0 else { throw Failure(path: path, operation: "write", code: code) }
    }

    /// As above, for bytes that are not ours to keep.
    static func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(Failure) {
        let code = write(bytes, to: descriptor)
        guard code == 0 else { throw Failure(path: path, operation: "write", code: code) }
    }

    /// 0, or the system's error number.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes
        while rest.count > 0 {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return 0
    }

    /// A rename is safe only when its directory is.
    package static func syncDirectory(of path: String) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The bytes of a file, nil when it is not there.
    package static func read(_ path: String, limit: Int = 256 << 20) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(path: path, operation: "read", code: errno)
        }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw Failure(path: path, operation: "read", code: errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw Failure(path: path, operation: "read", code: EISDIR) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(path: path, operation: "read", code: errno)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw Failure(path: path, operation: "read", code: EFBIG) }
            bytes.append(contentsOf: piece[..<count])
        }
    }

    /// Makes a directory and those above it; one that is there already is fine.
    package static func makeDirectories(_ path: String) throws(Failure) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST {
            var info = stat()
            guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
                throw Failure(path: path, operation: "make directory", code: ENOTDIR)
            }
            return
        }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure(path: path, operation: "make directory", code: errno)
        }
        try makeDirectories(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw Failure(path: path, operation: "make directory", code: errno)
        }
    }

    /// Whether anything is there under this name.
    package static func exists(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0
    }
}
