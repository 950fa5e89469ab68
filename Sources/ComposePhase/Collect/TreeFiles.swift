import Glibc

/// Fetches from the hub's mounted file tree by Pungi's link types.
package struct TreeFiles: ResultFiles {
    /// `topdir`, absolute.
    private let top: String
    private let linkType: LinkType
    private let sleep: @Sendable (Double) async throws -> Void

    /// Pungi's `link_type`.
    package enum LinkType: String, Sendable {
        case hardlink
        /// Shares the blocks where the file system can (reflink).
        case copy
        case hardlinkOrCopy = "hardlink-or-copy"
        case symlink
        case absoluteSymlink = "abspath-symlink"
    }

    /// Seconds between looks at a file that is not there yet: NFS shows new files late.
    static let patience: [Double] = [2, 5, 10, 20]

    /// - Parameter sleep: waits so many seconds.
    package init(top: String, linkType: LinkType, sleep: @escaping @Sendable (Double) async throws -> Void) {
        self.top = top
        self.linkType = linkType
        self.sleep = sleep
    }

    package var atOnce: Int { DiskThreads.count }

    package func location(of path: String) -> String { "\(top)/\(path)" }

    package func fetch(
        _ file: WantedFile, digests kinds: Set<String>, to partial: String, again: Bool
    ) async throws(FetchFailure) -> HeldFile {
        for pause in Self.patience {
            do throws(Trouble) {
                return try await hold(file, kinds, partial)
            } catch {
                guard error.mayCome else { throw error.failure }
                do { try await sleep(pause) } catch { break }
            }
        }
        do throws(Trouble) {
            return try await hold(file, kinds, partial)
        } catch {
            throw error.failure
        }
    }

    /// Holds a file of the tree whose size and digests are known already.
    func link(_ file: WantedFile, holding known: HeldFile, to partial: String) async throws(FetchFailure) -> HeldFile {
        let source = location(of: file.path)
        switch linkType {
        case .symlink, .absoluteSymlink:
            return HeldFile(
                place: .linked(source: source, isRelative: linkType == .symlink), size: known.size,
                digests: known.digests)
        case .hardlink, .hardlinkOrCopy, .copy:
            unlink(partial)
            if linkType != .copy, Glibc.link(source, partial) == 0 {
                return HeldFile(place: .partial(partial), size: known.size, digests: known.digests)
            }
            return try await fetch(file, digests: Set(known.digests.keys), to: partial, again: false)
        }
    }

    /// What went wrong with a file.
    private struct Trouble: Error {
        var failure: FetchFailure
        /// The file is not there, and may be in a while.
        var mayCome = false
    }

    private func hold(_ file: WantedFile, _ kinds: Set<String>, _ partial: String) async throws(Trouble) -> HeldFile {
        let held = await DiskThreads.run { () -> Result<HeldFile, Trouble> in
            do throws(Trouble) {
                return .success(try take(file, kinds, partial))
            } catch {
                unlink(partial)
                return .failure(error)
            }
        }
        return try held.get()
    }

    private func take(_ file: WantedFile, _ kinds: Set<String>, _ partial: String) throws(Trouble) -> HeldFile {
        unlink(partial)
        let source = try realPlace(of: file)
        let running = RunningDigest(kinds.union(file.digest.map { [$0.kind] } ?? []))
        let place: HeldFile.Place
        let size: Int
        switch linkType {
        case .symlink, .absoluteSymlink:
            place = .linked(source: source, isRelative: linkType == .symlink)
            size = try read(source, file, running)
        case .copy:
            place = .partial(partial)
            size = try copy(source, file, to: partial, running)
        case .hardlink, .hardlinkOrCopy:
            place = .partial(partial)
            if Glibc.link(source, partial) == 0 {
                size = try read(partial, file, running)
            } else if linkType == .hardlinkOrCopy, Self.forbidsLinks.contains(errno) {
                size = try copy(source, file, to: partial, running)
            } else {
                throw trouble(AtomicFile.Failure(path: source, operation: "hard-link", code: errno))
            }
        }
        let digests = running.finish()
        do throws(FetchFailure) {
            try FileProof.check(size, digests, against: file)
        } catch {
            throw Trouble(failure: error)
        }
        return HeldFile(place: place, size: size, digests: digests)
    }

    /// Where a file really lies. After a scratch build the place in the work area is a link into the scratch area; but a
    /// link that leaves the hub's tree could fetch anything that we may read.
    private func realPlace(of file: WantedFile) throws(Trouble) -> String {
        let path = location(of: file.path)
        guard let real = Self.resolved(path) else {
            let code = errno
            var trouble = trouble(AtomicFile.Failure(path: path, operation: "read", code: code))
            trouble.mayCome = code == ENOENT || code == ESTALE
            throw trouble
        }
        guard roots().contains(where: { real.hasPrefix($0 == "/" ? $0 : $0 + "/") }) else {
            throw Trouble(
                failure: .final(
                    TaskFailure(
                        kind: .notCollected,
                        message: "\(path) is a link to \(real), which is not below the hub's \(top)")))
        }
        return real
    }

    /// The tree, and what its administrator keeps elsewhere: the areas below the top and the volumes are often links.
    private func roots() -> [String] {
        let areas = ["packages", "work", "scratch", "vol"].map { "\(top)/\($0)" }
        let volumes = ((try? FileNames.of("\(top)/vol")) ?? []).map { "\(top)/vol/\($0)" }
        return ([top] + areas + volumes).compactMap(Self.resolved)
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Digests a file in place.
    private func read(_ path: String, _ file: WantedFile, _ digest: RunningDigest) throws(Trouble) -> Int {
        do {
            return try steady(
                file,
                try FileStream.read(path, upTo: file.mostBytes) { piece throws(AtomicFile.Failure) in
                    digest.update(piece)
                })
        } catch let error as AtomicFile.Failure {
            throw trouble(error)
        } catch let error as Trouble {
            throw error
        } catch {
            throw Trouble(failure: .final(TaskFailure(kind: .notCollected, message: "cannot read \(path): \(error)")))
        }
    }

    /// Copies with the modification time, as Pungi does.
    private func copy(
        _ source: String, _ file: WantedFile, to destination: String, _ digest: RunningDigest
    ) throws(Trouble) -> Int {
        let output = open(destination, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw trouble(AtomicFile.Failure(path: destination, operation: "write", code: errno)) }
        defer { close(output) }
        let size: Int
        if Self.clone(source, to: output) {
            size = try read(destination, file, digest)
        } else {
            do {
                size = try steady(
                    file,
                    try FileStream.read(source, upTo: file.mostBytes) { piece throws(AtomicFile.Failure) in
                        digest.update(piece)
                        try AtomicFile.append(piece, to: output, path: destination)
                    })
            } catch let error as AtomicFile.Failure {
                throw trouble(error)
            } catch let error as Trouble {
                throw error
            } catch {
                throw Trouble(
                    failure: .final(TaskFailure(kind: .notCollected, message: "cannot copy \(source): \(error)")))
            }
        }
        var info = stat()
        if stat(source, &info) == 0 {
            var times = [info.st_atim, info.st_mtim]
            futimens(output, &times)
        }
        guard fsync(output) == 0 else {
            throw trouble(AtomicFile.Failure(path: destination, operation: "write", code: errno))
        }
        return size
    }

    /// Why a file is copied that cannot be linked: it lies on another file system (Pungi's only reason), is another user's
    /// (the kernel protects those), has too many links, or its file system has none.
    private static let forbidsLinks: Set<Int32> = [EXDEV, EPERM, EMLINK, EOPNOTSUPP]

    /// FICLONE of linux/fs.h, whose macro Swift does not see.
    private static let cloneRequest: UInt = 0x4004_9409

    /// Lets the copy share the blocks of the source; false where the file system cannot.
    private static func clone(_ source: String, to output: Int32) -> Bool {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { return false }
        defer { close(input) }
        return ioctl(output, cloneRequest, input) == 0
    }

    /// A file that changed while it was read is not what its digest says.
    private func steady(_ file: WantedFile, _ reading: FileStream.Reading) throws(Trouble) -> Int {
        guard reading.wasSteady else {
            throw Trouble(failure: .wrongBytes("\(file.name) changed while it was read"))
        }
        return reading.size
    }

    /// Trouble below the hub's tree is the file's; trouble on our side is the compose's.
    private func trouble(_ error: AtomicFile.Failure) -> Trouble {
        guard error.path.hasPrefix(top + "/") || Self.resolved(top).map({ error.path.hasPrefix($0 + "/") }) ?? false
        else { return Trouble(failure: .final(error.asTaskFailure)) }
        return Trouble(failure: .final(TaskFailure(kind: .notCollected, message: error.description)))
    }
}
