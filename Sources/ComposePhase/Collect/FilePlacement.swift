import Glibc

/// Puts fetched files where they belong: whole, and never in place of another.
enum FilePlacement {
    /// What came of it.
    enum Outcome: Sendable, Hashable {
        case placed
        /// The same file was there already.
        case wasThere
        /// Another file has the name.
        case taken
    }

    /// - Parameter place: the file's path in the compose. Its directory is made.
    /// - Throws: what the disk says.
    static func place(_ held: HeldFile, at place: String) throws(AtomicFile.Failure) -> Outcome {
        if let slash = place.lastIndex(of: "/") { try AtomicFile.makeDirectories(String(place[..<slash])) }
        switch held.place {
        case .partial(let path):
            let outcome = try move(path, place, held)
            unlink(path)
            return outcome
        case .linked(let source, let isRelative):
            let target = isRelative ? relative(source, from: place) : source
            if symlink(target, place) == 0 { return settled(place) }
            return try settle(errno, place, held)
        }
    }

    /// A link, and not a rename: it fails when the name is taken.
    private static func move(_ path: String, _ place: String, _ held: HeldFile) throws(AtomicFile.Failure) -> Outcome {
        if link(path, place) == 0 { return settled(place) }
        let code = errno
        guard code == EXDEV || code == EPERM else { return try settle(code, place, held) }
        // The compose's directories lie on several file systems, or on one without links: it comes beside its place first.
        let hidden = hiddenPath(beside: place)
        defer { unlink(hidden) }
        try copy(path, to: hidden)
        guard renameIfFree(hidden, place) else { return try settle(errno, place, held) }
        return settled(place)
    }

    private static func hiddenPath(beside place: String) -> String {
        let start = place.lastIndex(of: "/").map { place.index(after: $0) } ?? place.startIndex
        // Most file systems take names of 255 bytes.
        return "\(place[..<start]).\(place[start...].prefix(60)).part"
    }

    private static func settled(_ place: String) -> Outcome {
        AtomicFile.syncDirectory(of: place)
        return .placed
    }

    private static func settle(
        _ code: Int32, _ place: String, _ held: HeldFile
    ) throws(AtomicFile.Failure) -> Outcome {
        guard code == EEXIST else { throw AtomicFile.Failure(path: place, operation: "make", code: code) }
        let present = RunningDigest(Set(held.digests.keys))
        let reading = try FileStream.read(place, upTo: held.size) { piece throws(AtomicFile.Failure) in
            present.update(piece)
        }
        return reading.size == held.size && present.finish() == held.digests ? .wasThere : .taken
    }

    private static func copy(_ path: String, to destination: String) throws(AtomicFile.Failure) {
        unlink(destination)
        let output = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw AtomicFile.Failure(path: destination, operation: "write", code: errno) }
        defer { close(output) }
        _ = try FileStream.read(path) { piece throws(AtomicFile.Failure) in
            try AtomicFile.append(piece, to: output, path: destination)
        }
        var info = stat()
        if stat(path, &info) == 0 {
            var times = [info.st_atim, info.st_mtim]
            futimens(output, &times)
        }
        guard fsync(output) == 0 else { throw AtomicFile.Failure(path: destination, operation: "write", code: errno) }
    }

    /// Renames, unless the new name is taken; `errno` says why not.
    private static func renameIfFree(_ old: String, _ new: String) -> Bool {
        if link(old, new) == 0 { return true }
        guard errno != EEXIST else { return false }
        // A file system without links. Only this run writes here, so that a look is as good.
        var info = stat()
        if lstat(new, &info) == 0 {
            errno = EEXIST
            return false
        }
        return rename(old, new) == 0
    }

    /// The path of `target` as seen from the directory of `link`.
    static func relative(_ target: String, from link: String) -> String {
        let target = PathTranslation.normalised(target).split(separator: "/")
        let base = PathTranslation.normalised(link).split(separator: "/").dropLast()
        let common = zip(target, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - common) + target[common...].map(String.init))
            .joined(separator: "/")
    }
}
