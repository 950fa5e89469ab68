import Glibc

/// Reads a file of any size in pieces.
enum FileStream {
    /// - Returns: the file's size and its data as `fstat` gave them.
    /// - Throws: what `body` throws, or what the system says.
    static func read(
        _ path: String, _ body: (UnsafeRawBufferPointer) throws(AtomicFile.Failure) -> Void
    ) throws(AtomicFile.Failure) -> (size: Int, info: stat) {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw AtomicFile.Failure(path: path, operation: "read", code: errno) }
        defer { close(input) }
        var info = stat()
        guard fstat(input, &info) == 0 else { throw AtomicFile.Failure(path: path, operation: "read", code: errno) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw AtomicFile.Failure(path: path, operation: "read", code: EISDIR)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        var size = 0
        while true {
            let count = Glibc.read(input, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw AtomicFile.Failure(path: path, operation: "read", code: errno)
            }
            if count == 0 { return (size, info) }
            size += count
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
