import Glibc
import ProductMD

/// Reads a compose directory as consumers see it. Nothing is changed.
package enum ComposeReading {
    /// So many files are looked at; a compose of Fedora has some hundred thousand.
    static let mostFiles = 2_000_000
    private static let mostDepth = 64
    private static let documentLimit = 256 << 20

    /// Why a directory is no compose.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter digests: whether all images are read, which takes its time.
    package static func read(_ directory: String, digests: Bool) async throws(Failure) -> ReadCompose {
        let layout = ComposeLayout(top: directory)
        var info = stat()
        guard stat(directory, &info) == 0 else {
            throw Failure(description: "cannot read \(directory): \(String(cString: strerror(errno)))")
        }
        let known = ["compose", ComposeLayout.status, ComposeLayout.composeID]
        guard info.st_mode & S_IFMT == S_IFDIR, known.contains(where: { AtomicFile.exists(layout.path($0)) }) else {
            throw Failure(
                description: "\(directory) is no compose directory: it has neither compose/ nor STATUS nor COMPOSE_ID")
        }
        var compose = ReadCompose(
            composeID: text(layout.path(ComposeLayout.composeID)), status: text(layout.path(ComposeLayout.status)),
            info: document(layout.path(ComposeLayout.composeInfo)) { bytes, name throws(MetadataFailure) in
                try ComposeInfoDocument.decode(bytes, name: name)
            },
            images: document(layout.path(ComposeLayout.images)) { bytes, name throws(MetadataFailure) in
                try ImagesManifest.decode(bytes, name: name)
            },
            deliverables: document(layout.path(ComposeLayout.deliverables)) { bytes, name throws(MetadataFailure) in
                try JSONReader.read(bytes, name: name)
            },
            provenance: document(layout.path(ComposeLayout.provenance)) { bytes, name throws(MetadataFailure) in
                try JSONReader.read(bytes, name: name)
            },
            isRehearsal: AtomicFile.exists(layout.path(ComposeLayout.rehearsal)))
        walk(layout.path("compose"), "", 0, &compose)
        for path in compose.files.keys where path.hasSuffix("SUM") {
            if let bytes = try? AtomicFile.read(layout.path("compose/\(path)"), limit: 16 << 20) {
                compose.checksumFiles[path] = bytes
            }
        }
        if digests { compose.digests = await Self.digests(of: compose, layout) }
        return compose
    }

    private static func text(_ path: String) -> ReadCompose.Document<String> {
        do {
            guard let bytes = try AtomicFile.read(path, limit: 4096) else { return .absent }
            return .read(String(decoding: bytes, as: UTF8.self))
        } catch {
            return .unreadable("\(error)")
        }
    }

    private static func document<Value: Sendable>(
        _ path: String, _ decode: ([UInt8], String) throws(MetadataFailure) -> Value
    ) -> ReadCompose.Document<Value> {
        do {
            guard let bytes = try AtomicFile.read(path, limit: documentLimit) else { return .absent }
            return .read(try decode(bytes, path))
        } catch {
            return .unreadable("\(error)")
        }
    }

    /// Links are looked at and not followed, so that no ring of them can be entered.
    private static func walk(_ directory: String, _ prefix: String, _ depth: Int, _ compose: inout ReadCompose) {
        let top = String(directory.dropLast(prefix.isEmpty ? 0 : prefix.utf8.count + 1))
        for name in ((try? FileNames.of(directory)) ?? []).sorted() {
            guard compose.files.count < mostFiles, depth < mostDepth else {
                compose.isCut = true
                return
            }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var own = stat()
            guard lstat("\(directory)/\(name)", &own) == 0 else { continue }
            var target = own
            let kind: ReadCompose.File.Kind
            switch own.st_mode & S_IFMT {
            case S_IFREG: kind = .file
            case S_IFDIR: kind = .directory
            case S_IFLNK:
                if stat("\(directory)/\(name)", &target) != 0 { target = own }
                kind = link("\(directory)/\(name)", in: top)
            default: kind = .other
            }
            let wanted: mode_t = kind == .directory ? 0o005 : 0o004
            compose.files[path] = ReadCompose.File(
                kind: kind, size: Int(target.st_size), mtime: Int(target.st_mtim.tv_sec),
                isPublic: target.st_mode & wanted == wanted)
            if kind == .directory { walk("\(directory)/\(name)", path, depth + 1, &compose) }
        }
    }

    private static func link(_ path: String, in top: String) -> ReadCompose.File.Kind {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &bytes, bytes.count)
        let target = count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
        guard !target.hasPrefix("/"), let real = realpath(path, nil), let root = realpath(top, nil) else {
            return .link(target: target, staysInside: false)
        }
        defer {
            free(real)
            free(root)
        }
        return .link(target: target, staysInside: String(cString: real).hasPrefix(String(cString: root) + "/"))
    }

    /// One file a core.
    private static func digests(
        of compose: ReadCompose, _ layout: ComposeLayout
    ) async -> [String: [String: String]] {
        let gate = FetchGate(DiskThreads.count)
        return await withTaskGroup(of: (String, [String: String])?.self) { group in
            for (_, _, image) in compose.images.value?.all ?? [] where compose.files[image.path] != nil {
                group.addTask {
                    await gate.inside {
                        await DiskThreads.run { () -> (String, [String: String])? in
                            let digest = RunningDigest(Set(image.checksums.keys))
                            let reading = try? FileStream.read(layout.path("compose/\(image.path)")) {
                                piece throws(AtomicFile.Failure) in digest.update(piece)
                            }
                            return reading.map { _ in (image.path, digest.finish()) }
                        }
                    }
                }
            }
            var digests: [String: [String: String]] = [:]
            for await file in group { if let file { digests[file.0] = file.1 } }
            return digests
        }
    }
}
