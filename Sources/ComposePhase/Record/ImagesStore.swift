import Glibc
import ProductMD
import Synchronization

/// The images.json on disk and what we know of it. Its calls block.
final class ImagesStore: Sendable {
    private let layout: ComposeLayout
    private let compose: ImagesManifest.Compose
    /// The document, below the top.
    private let place: String
    /// What we wrote last, and how to tell whether it still stands there.
    private let written = Mutex<(file: ImagesFile, mark: FileMark)?>(nil)

    /// Tells one state of a file from another.
    private struct FileMark: Equatable {
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) {
            var info = stat()
            guard stat(path, &info) == 0 else { return nil }
            inode = UInt(info.st_ino)
            size = Int(info.st_size)
            seconds = Int(info.st_mtim.tv_sec)
            nanoseconds = Int(info.st_mtim.tv_nsec)
        }
    }

    init(layout: ComposeLayout, compose: ImagesManifest.Compose, at place: String) {
        self.layout = layout
        self.place = place
        self.compose = compose
    }

    /// Makes changes in one write; a change that readers would refuse is left out and does not keep the others back.
    ///
    /// - Returns: what came of each change, and what is to be said of other phases' entries.
    func write(_ changes: [ImagesFile.Change]) -> (outcomes: [Result<Void, any Error>], warnings: [String]) {
        written.withLock { written in
            do {
                let path = layout.path(place)
                try AtomicFile.makeDirectories(layout.path(ComposeLayout.metadata))
                let lock = try lockFile()
                defer { close(lock) }
                var warnings: [String] = []
                var file: ImagesFile
                if let known = written, known.mark == FileMark(path) {
                    file = known.file
                } else {
                    file = try read(path)
                    warnings = file.warnings
                }
                // Until it is on disk again it is not known; and nobody else holds it, so that changing it copies nothing.
                written = nil
                let outcomes = changes.map { change in
                    Result { try file.apply(change) }.mapError { $0 as any Error }
                }
                let isChanged = outcomes.contains { if case .success = $0 { true } else { false } }
                if isChanged {
                    do {
                        try AtomicFile.write(file.encoded(), to: path)
                    } catch {
                        return (outcomes.map { outcome in outcome.flatMap { .failure(error) } }, warnings)
                    }
                }
                written = FileMark(path).map { (file, $0) }
                return (outcomes, warnings)
            } catch {
                return (changes.map { _ in .failure(error) }, [])
            }
        }
    }

    private func read(_ path: String) throws -> ImagesFile {
        guard let bytes = try AtomicFile.read(path) else { return try ImagesFile(compose: compose) }
        let file = try ImagesFile.decode(bytes, name: path)
        guard file.composeID == compose.id else {
            throw TaskFailure(
                kind: .notRecorded, message: "\(path) belongs to \(file.composeID), not to \(compose.id)")
        }
        return file
    }

    /// Between reading and writing nobody else may write.
    private func lockFile() throws -> Int32 {
        let path = layout.path("work/phase-runner/images.lock")
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.work))
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "lock", code: errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            throw AtomicFile.Failure(path: path, operation: "lock", code: code)
        }
        return descriptor
    }
}
