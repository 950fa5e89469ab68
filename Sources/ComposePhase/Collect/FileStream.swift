import Glibc

/// Reads a file of any size in pieces.
enum FileStream {
    /// What came of it.
    struct Reading: Sendable, Hashable {
        /// Bytes that were read; one more than the most that were wanted when the file has more.
        var size: Int
        /// Whether the file was the same at the end as at the beginning.
        var wasSteady: Bool
    }

    /// A piece that stays in a core's own cache is digested faster than it can be read again from memory.
    private static let piece = 256 << 10

    /// - Parameter most: reading stops behind so many bytes.
    /// - Throws: what `body` throws, or what the system says.
    static func read(
        _ path: String, upTo most: Int = .max, _ body: (UnsafeRawBufferPointer) throws(AtomicFile.Failure) -> Void
    ) throws(AtomicFile.Failure) -> Reading {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw AtomicFile.Failure(path: path, operation: "read", code: errno) }
        defer { close(input) }
        let before = try state(of: input, path)
        guard before.st_mode & S_IFMT == S_IFREG else {
            throw AtomicFile.Failure(path: path, operation: "read", code: EISDIR)
        }
        posix_fadvise(input, 0, 0, POSIX_FADV_SEQUENTIAL)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 4096)
        defer { buffer.deallocate() }
        var size = 0
        while true {
            let count = Glibc.read(input, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw AtomicFile.Failure(path: path, operation: "read", code: errno)
            }
            if count == 0 { break }
            guard count <= most - size else { return Reading(size: most + 1, wasSteady: true) }
            size += count
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        let after = try state(of: input, path)
        let wasSteady =
            before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec
            && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec
        return Reading(size: size, wasSteady: wasSteady)
    }

    private static func state(of descriptor: Int32, _ path: String) throws(AtomicFile.Failure) -> stat {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw AtomicFile.Failure(path: path, operation: "read", code: errno)
        }
        return info
    }
}
