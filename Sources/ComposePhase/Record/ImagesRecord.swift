import Glibc
package import ProductMD

/// Keeps `compose/metadata/images.json`: merged with what other phases wrote, complete after every image.
package actor ImagesRecord {
    private let layout: ComposeLayout
    private let compose: ImagesManifest.Compose
    /// What we wrote last, and how to tell whether it still stands there.
    private var written: (manifest: ImagesManifest, file: FileMark)?

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

    package init(layout: ComposeLayout, compose: ImagesManifest.Compose) {
        self.layout = layout
        self.compose = compose
    }

    /// Adds images and writes the file anew: whole or not at all, valid for productmd, others' entries kept.
    ///
    /// - Parameter replaced: images whose records go.
    /// - Throws: ``MetadataFailure`` for what productmd would not read, ``AtomicFile/Failure`` for the disk.
    package func add(_ images: [CollectedImage], replacing replaced: [CollectedImage] = []) throws {
        let path = layout.path(ComposeLayout.images)
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.metadata))
        let lock = try lockFile()
        defer { close(lock) }
        var manifest = try current(path)
        for image in replaced { manifest.remove(path: image.path, variant: image.variant, arch: image.arch) }
        for image in images {
            manifest.add(Self.record(of: image), variant: image.variant, arch: image.arch)
        }
        written = nil
        try AtomicFile.write(try manifest.encoded(), to: path)
        written = FileMark(path).map { (manifest, $0) }
    }

    /// What stands in the file now: read again only if somebody else wrote it since.
    private func current(_ path: String) throws -> ImagesManifest {
        if let written, written.file == FileMark(path) { return written.manifest }
        guard let bytes = try AtomicFile.read(path) else { return ImagesManifest(compose: compose) }
        let manifest = try ImagesManifest.decode(bytes, name: path)
        guard manifest.compose.id == compose.id else {
            throw TaskFailure(
                kind: .notRecorded, message: "\(path) belongs to \(manifest.compose.id), not to \(compose.id)")
        }
        return manifest
    }

    private static func record(of image: CollectedImage) -> ImageRecord {
        ImageRecord(
            path: image.path, mtime: image.mtime, size: image.size, volumeID: nil, type: image.type,
            format: image.format, arch: image.arch, discNumber: 1, discCount: 1, checksums: image.checksums,
            implantMD5: nil, bootable: image.format == "iso", subvariant: image.subvariant)
    }

    /// Between reading and writing nobody else may write.
    private func lockFile() throws -> Int32 {
        let path = layout.path("work/phase-runner/images.lock")
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.work))
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "lock", code: errno) }
        guard flock(descriptor, LOCK_EX) == 0 else {
            let code = errno
            close(descriptor)
            throw AtomicFile.Failure(path: path, operation: "lock", code: code)
        }
        return descriptor
    }
}
