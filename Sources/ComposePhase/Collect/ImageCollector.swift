import Glibc
import Koji
package import PungiConfig

/// Brings the images of good tasks into the compose: chooses, fetches, verifies, places, records.
package struct ImageCollector: TaskCollector {
    private let results: any ResultSource
    private let files: any ResultFiles
    private let layout: ComposeLayout
    private let variants: VariantSet
    private let checksums: Set<String>
    private let record: ImagesRecord
    private let warn: @Sendable (String) -> Void

    /// - Parameter checksums: what images.json shall hold, e.g. `sha256`.
    package init(
        results: any ResultSource, files: any ResultFiles, layout: ComposeLayout, variants: VariantSet,
        checksums: [String], record: ImagesRecord,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.results = results
        self.files = files
        self.layout = layout
        self.variants = variants
        self.checksums = Set(checksums)
        self.record = record
        self.warn = warn
    }

    package func collect(
        _ task: ImageTask, _ parts: [HubPart], replacing replaced: [CollectedImage]
    ) async throws(TaskFailure) -> CollectedTask {
        guard let variant = variants[task.variant] else {
            throw TaskFailure(kind: .notCollected, message: "the config has no variant \(task.variant)")
        }
        var images: [CollectedImage] = []
        var missing: [String: TaskFailure] = [:]
        var placed: [String] = []
        do throws(TaskFailure) {
            for part in parts {
                let found = try await results.results(of: task, hubTask: part.hubTask)
                let selection = try ResultSelection.select(from: found, for: task, arches: part.arches, in: variant)
                selection.warnings.forEach(warn)
                missing.merge(selection.missing) { first, _ in first }
                for file in selection.files {
                    let (image, isNew) = try await fetch(file, of: task, part.hubTask, build: found.build)
                    images.append(image)
                    if isNew { placed.append(layout.path("compose/\(image.path)")) }
                }
            }
            try await enter(images, replacing: replaced)
        } catch {
            // A file that is not recorded does not stay: whoever walks the tree would take it for an image.
            for path in placed { unlink(path) }
            throw error
        }
        let kept = Set(images.map(\.path))
        for image in replaced where !kept.contains(image.path) { unlink(layout.path("compose/\(image.path)")) }
        return CollectedTask(images: images, missing: missing)
    }

    private func enter(_ images: [CollectedImage], replacing replaced: [CollectedImage]) async throws(TaskFailure) {
        do {
            try await record.add(images, replacing: replaced)
        } catch let failure as TaskFailure {
            throw failure
        } catch let failure as AtomicFile.Failure where failure.isFatalForCompose {
            throw TaskFailure(kind: .composeUnusable, message: failure.description)
        } catch {
            throw TaskFailure(kind: .notRecorded, message: "it cannot be recorded: \(error)")
        }
    }

    /// - Returns: the image, and whether its file was not there before.
    private func fetch(
        _ file: ResultSelection.File, of task: ImageTask, _ hubTask: TaskID, build: HubResults.Build?
    ) async throws(TaskFailure) -> (image: CollectedImage, isNew: Bool) {
        let directory = layout.path(file.directory)
        let place = "\(directory)/\(file.name)"
        let partial = "\(directory)/.\(file.name.prefix(200)).\(file.archTask).part"
        try describing { () throws(AtomicFile.Failure) in try AtomicFile.makeDirectories(directory) }
        unlink(partial)
        let source = HubPath.image(file.name, archTask: file.archTask, build: build)
        var kinds = checksums
        if let expected = file.archive?.checksum { kinds.insert(expected.kind) }
        let digest = RunningDigest(kinds)
        let size: Int
        do {
            size = try await files.fetch(source, to: partial, digest: digest)
        } catch {
            unlink(partial)
            throw error
        }
        let digests = digest.finish()
        let isNew: Bool
        do throws(TaskFailure) {
            try verify(size, digests, against: file, files.location(of: source))
            isNew = try moveIntoPlace(partial, place, digests)
        } catch {
            unlink(partial)
            throw error
        }
        var info = stat()
        guard stat(place, &info) == 0 else {
            throw TaskFailure(
                kind: .notCollected,
                message: AtomicFile.Failure(path: place, operation: "read", code: errno).description)
        }
        let image = CollectedImage(
            task: task.id, hubTask: hubTask, archTask: file.archTask, variant: task.variant,
            subvariant: task.subvariant, arch: file.arch, type: file.type, format: file.format,
            path: "\(file.directory.dropFirst("compose/".count))/\(file.name)", size: size,
            mtime: Int(info.st_mtim.tv_sec), checksums: digests.filter { checksums.contains($0.key) }, nvr: file.nvr,
            buildID: build?.id, source: files.location(of: source))
        return (image, isNew)
    }

    /// Size and digest must be those of the hub's record; a scratch task has none.
    private func verify(
        _ size: Int, _ digests: [String: String], against file: ResultSelection.File, _ location: String
    ) throws(TaskFailure) {
        guard size > 0 else {
            throw TaskFailure(kind: .notCollected, message: "\(file.name) is empty", url: location)
        }
        guard let archive = file.archive else { return }
        guard archive.size == size else {
            throw TaskFailure(
                kind: .notCollected,
                message: "\(file.name) has \(size) bytes, but the hub recorded \(archive.size)", url: location)
        }
        if let expected = archive.checksum, let digest = digests[expected.kind], digest != expected.digest.lowercased()
        {
            throw TaskFailure(
                kind: .notCollected,
                message: "the \(expected.kind) of \(file.name) is \(digest), but the hub recorded \(expected.digest)",
                url: location)
        }
    }

    /// A file of the same name is kept if it is the same, and never replaced.
    ///
    /// - Returns: whether the name was free.
    private func moveIntoPlace(
        _ partial: String, _ place: String, _ digests: [String: String]
    ) throws(TaskFailure) -> Bool {
        // A link, and not a rename: it fails when the name is taken.
        if link(partial, place) == 0 {
            unlink(partial)
            AtomicFile.syncDirectory(of: place)
            return true
        }
        let code = errno
        guard code == EEXIST else {
            throw describe(AtomicFile.Failure(path: place, operation: "make", code: code))
        }
        let present = RunningDigest(Set(digests.keys))
        _ = try describing { () throws(AtomicFile.Failure) in
            try FileStream.read(place) { piece throws(AtomicFile.Failure) in present.update(piece) }
        }
        guard present.finish() == digests else {
            throw TaskFailure(kind: .notCollected, message: "\(place) is there already and is another file")
        }
        unlink(partial)
        return false
    }

    private func describing<Value>(
        _ body: () throws(AtomicFile.Failure) -> Value
    ) throws(TaskFailure) -> Value {
        do {
            return try body()
        } catch {
            throw describe(error)
        }
    }

    private func describe(_ failure: AtomicFile.Failure) -> TaskFailure {
        TaskFailure(
            kind: failure.isFatalForCompose ? .composeUnusable : .notCollected, message: failure.description)
    }
}
