import Glibc

/// Keeps what came over HTTP in a directory that composes share: Pungi's `koji_cache`.
///
/// As Pungi: a file lies below the cache as it lies below the hub's topdir; one that is there is used, and its time of use is
/// renewed, by which caches are swept. Unlike Pungi, only files that were verified get in, one that has gone bad is fetched
/// anew, and the time of modification stays the builder's: hard links to it stand in other composes' metadata.
///
/// Several processes may use it, Pungi's own among them: a file gets its name when it is whole, and of our processes only one
/// fetches it.
package struct CachedFiles: ResultFiles {
    private let directory: String
    private let origin: any ResultFiles
    private let tree: TreeFiles
    private let isOwn: String
    private let sleep: @Sendable (Double) async throws -> Void
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - directory: `koji_cache`, absolute.
    ///   - origin: where files come from that are not in the cache.
    ///   - linkType: how they get from the cache into the compose.
    ///   - sleep: waits so many seconds.
    ///   - warn: is told when the cache cannot be used.
    package init(
        directory: String, origin: any ResultFiles, linkType: TreeFiles.LinkType,
        sleep: @escaping @Sendable (Double) async throws -> Void, warn: @escaping @Sendable (String) -> Void
    ) {
        self.directory = directory
        self.origin = origin
        self.sleep = sleep
        self.warn = warn
        tree = TreeFiles(top: directory, linkType: linkType, sleep: { _ in })
        isOwn = "\(getpid())"
    }

    package var atOnce: Int { origin.atOnce }

    package func location(of path: String) -> String { origin.location(of: path) }

    package func fetch(
        _ file: WantedFile, digests kinds: Set<String>, to partial: String, again: Bool
    ) async throws(FetchFailure) -> HeldFile {
        let place = "\(directory)/\(file.path)"
        // Without the hub's digest a file cannot be told from one of another time that had its place.
        guard file.digest != nil, isUsable(place) else {
            return try await origin.fetch(file, digests: kinds, to: partial, again: again)
        }
        if !again, let held = try await take(file, kinds, place, partial) { return held }
        let lock = await locked(place)
        defer { lock?.release() }
        // Another process may have fetched it meanwhile.
        if !again, lock != nil, let held = try await take(file, kinds, place, partial) { return held }
        let coming = "\(place.dropLast(file.name.count)).\(file.name.prefix(180)).\(isOwn).part"
        let fetched: HeldFile
        do throws(FetchFailure) {
            fetched = try await origin.fetch(file, digests: kinds, to: coming, again: again)
        } catch {
            guard case .final(let failure) = error, failure.kind == .composeUnusable else { throw error }
            // It is the cache's disk that is full or gone, and not the compose's.
            warn("the cache \(directory) cannot be used: \(failure.message); \(file.name) is fetched without it")
            return try await origin.fetch(file, digests: kinds, to: partial, again: again)
        }
        guard rename(coming, place) == 0 else {
            let failure = AtomicFile.Failure(path: place, operation: "write", code: errno)
            unlink(coming)
            warn("the cache \(directory) cannot be used: \(failure)")
            return try await origin.fetch(file, digests: kinds, to: partial, again: again)
        }
        return try await tree.link(file, holding: fetched, to: partial)
    }

    /// What the cache has of a file; nil when it has none, or one that is wrong.
    private func take(
        _ file: WantedFile, _ kinds: Set<String>, _ place: String, _ partial: String
    ) async throws(FetchFailure) -> HeldFile? {
        guard AtomicFile.exists(place) else { return nil }
        do throws(FetchFailure) {
            let held = try await tree.fetch(file, digests: kinds, to: partial, again: false)
            var times = [timespec(tv_sec: 0, tv_nsec: Self.now), timespec(tv_sec: 0, tv_nsec: Self.omit)]
            utimensat(AT_FDCWD, place, &times, 0)
            return held
        } catch {
            switch error {
            case .wrongBytes(let why):
                warn("the cache has a wrong file: \(why); it is fetched anew")
                return nil
            case .final(let failure):
                if failure.kind == .composeUnusable { throw error }
                warn("the cache cannot be read: \(failure.message)")
                return nil
            }
        }
    }

    /// UTIME_NOW and UTIME_OMIT of sys/stat.h, whose macros Swift does not see.
    private static let now = (1 << 30) - 1
    private static let omit = (1 << 30) - 2

    /// Makes the directory of a file; false, with a word, where that cannot be.
    private func isUsable(_ place: String) -> Bool {
        guard let slash = place.lastIndex(of: "/") else { return false }
        do {
            try AtomicFile.makeDirectories(String(place[..<slash]))
            return true
        } catch {
            warn("the cache \(directory) cannot be used: \(error)")
            return false
        }
    }

    /// A lock on one file of the cache; its end is that of the process at the latest.
    private struct Lock: Sendable {
        let descriptor: Int32
        let path: String

        func release() {
            unlink(path)
            close(descriptor)
        }
    }

    /// Waits until no other of our processes fetches the file; nil where locks do not work, which costs only time.
    private func locked(_ place: String) async -> Lock? {
        let path = "\(place).phase-runner-lock"
        var isTold = false
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { return nil }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                var held = stat()
                var named = stat()
                // Whoever had it before takes the file away with it.
                if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
                    return Lock(descriptor: descriptor, path: path)
                }
                close(descriptor)
                continue
            }
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK || code == EINTR else { return nil }
            if !isTold { warn("another process fetches \(place); waiting for it") }
            isTold = true
            do { try await sleep(1) } catch { return nil }
        }
    }
}
