import ComposePhase
import Glibc

/// The service's own files of a run, in `STATE/runs/ID`: what its processes say, which compose it became, and a lock that
/// its process holds as long as it lives.
struct RunPlace: Sendable {
    let directory: String

    init(_ stateDirectory: String, _ id: Int) { directory = "\(stateDirectory)/runs/\(id)" }

    /// Everything that the processes print.
    var log: String { "\(directory)/output.log" }
    /// The compose's directory, written by the run as soon as there is one.
    var note: String { "\(directory)/compose" }
    private var lock: String { "\(directory)/alive" }

    func make() throws(AtomicFile.Failure) { try AtomicFile.makeDirectories(directory) }

    /// Takes all of it away: the run is forgotten.
    func remove() {
        for file in [log, note, lock] { unlink(file) }
        rmdir(directory)
    }

    /// The directory of the compose; nil while there is none.
    var compose: String? {
        guard let bytes = (try? AtomicFile.read(note, limit: 8192)) ?? nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("/") ? String(text.split(separator: "\n").first ?? "") : nil
    }

    /// Opens the lock and takes it. Whoever inherits the descriptor holds it as well, so it tells of a process that lives
    /// even when this one did not come to write its number down.
    ///
    /// - Returns: the descriptor; nil when another process holds it, or it cannot be made.
    func takeLock() -> Int32? {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Whether a process of this run lives on this host.
    var isAlive: Bool {
        let descriptor = open(lock, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// The last lines of the log.
    func tail(bytes limit: Int) -> [UInt8] { FileTail.read(log, bytes: limit) }
}

/// The end of a file that may be long.
enum FileTail {
    /// Whole lines, as far as they go into so many bytes.
    static func read(_ path: String, bytes limit: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return [] }
        let begin = max(0, Int(info.st_size) - limit)
        var bytes = [UInt8](repeating: 0, count: min(limit, Int(info.st_size)))
        let count = pread(descriptor, &bytes, bytes.count, off_t(begin))
        guard count > 0 else { return [] }
        let read = bytes[..<count]
        guard begin > 0, let newline = read.firstIndex(of: 10) else { return Array(read) }
        return Array(read[read.index(after: newline)...])
    }
}
