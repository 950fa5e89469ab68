import Glibc

/// Reads `events.jsonl` while it is being written: each call takes in what was added since the last.
package struct EventsFollower: Sendable {
    private let path: String
    private var splitter = LineSplitter()
    private var offset: off_t = 0
    private var inode: ino_t?
    package private(set) var record = FollowedRun()

    package init(path: String) { self.path = path }

    /// Takes in what is new.
    ///
    /// - Returns: whether anything was.
    /// - Throws: ``AtomicFile/Failure`` when the file is there and cannot be read. One that is not there has no lines.
    package mutating func readOn() throws(AtomicFile.Failure) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw AtomicFile.Failure(path: path, operation: "read", code: errno)
        }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw AtomicFile.Failure(path: path, operation: "read", code: errno)
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw AtomicFile.Failure(path: path, operation: "read", code: EINVAL)
        }
        if info.st_size < offset || (inode != nil && inode != info.st_ino) { startAnew() }
        inode = info.st_ino
        var isNew = false
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = pread(descriptor, &piece, piece.count, offset)
            if count < 0 {
                if errno == EINTR { continue }
                throw AtomicFile.Failure(path: path, operation: "read", code: errno)
            }
            guard count > 0 else { return isNew }
            offset += off_t(count)
            for line in splitter.lines(adding: Array(piece[..<count])) {
                record.take(line)
                isNew = true
            }
        }
    }

    /// The file is another one now: somebody replaced it or cut it.
    private mutating func startAnew() {
        splitter = LineSplitter()
        record = FollowedRun()
        offset = 0
    }
}
