import Glibc

/// The reading end of a pipe that holds all of a script's input before the script starts.
///
/// Nobody writes while it runs: a script that does not read, or closes its input early, can neither block nor break the
/// writer.
struct FilledPipe: ~Copyable {
    /// What keeps the input from being handed over.
    struct Failure: Error, CustomStringConvertible { let description: String }

    private let descriptor: Int32

    init(_ bytes: [UInt8]) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure.system("its input cannot be made") }
        defer { close(ends[1]) }
        // The writing end must never wait: it is we who would.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Linux's number for it, which the C library's module does not give to Swift.
        let setPipeSize: Int32 = 1031
        if bytes.count > 1 << 16 { _ = fcntl(ends[1], setPipeSize, Int32(clamping: bytes.count)) }
        let written = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        guard written == bytes.count else {
            close(ends[0])
            throw Failure(description: "its input of \(bytes.count) bytes does not fit into a pipe")
        }
        descriptor = ends[0]
    }

    /// Whoever takes it closes it.
    consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }

    deinit { close(descriptor) }
}

extension FilledPipe.Failure {
    fileprivate static func system(_ what: String) -> Self {
        Self(description: "\(what): \(String(cString: strerror(errno)))")
    }
}
