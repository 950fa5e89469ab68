package import ProductMD

/// Keeps `compose/metadata/images.json`: merged with what other phases wrote, complete after every image.
///
/// While one write is under way, further images wait and go into the next write together: the disk sees few writes of
/// many images instead of many of one. Whoever adds images goes on only when they are on disk.
package actor ImagesRecord {
    private let store: ImagesStore
    private let warn: @Sendable (String) -> Void
    private var waiting: [Waiting] = []
    private var isWriting = false
    /// What was warned of already: other phases may write the same entries again and again.
    private var warned: Set<String> = []

    private struct Waiting {
        var change: ImagesFile.Change
        var continuation: CheckedContinuation<Void, any Error>
    }

    /// - Parameters:
    ///   - place: the document, below the compose's top.
    ///   - warn: hears of entries of other phases that readers would refuse, each once.
    package init(
        layout: ComposeLayout, compose: ImagesManifest.Compose, at place: String = ComposeLayout.images,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        store = ImagesStore(layout: layout, compose: compose, at: place)
        self.warn = warn
    }

    /// Adds images; returns when they are on disk. The file is written whole or not at all, others' entries are kept.
    ///
    /// - Parameter replaced: images whose records go.
    /// - Throws: `MetadataFailure` for an image that readers would refuse or a file that is no images.json,
    ///   ``AtomicFile/Failure`` for the disk, ``TaskFailure`` for another compose's file. Then none of `images` is in it.
    package func add(_ images: [CollectedImage], replacing replaced: [CollectedImage] = []) async throws {
        let change = ImagesFile.Change(
            added: images.map { .init(Self.record(of: $0), variant: $0.variant, arch: $0.arch) },
            removed: replaced.map { ($0.path, $0.variant, $0.arch) })
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(change: change, continuation: continuation))
            guard !isWriting else { return }
            isWriting = true
            Task { await writeWaiting() }
        }
    }

    private func writeWaiting() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let changes = batch.map(\.change)
            // Locks and disks may take their time; the schedule's threads do not wait for them.
            let (outcomes, warnings) = await DiskThreads.run { [store] in store.write(changes) }
            report(warnings)
            for (one, outcome) in zip(batch, outcomes) { one.continuation.resume(with: outcome) }
        }
        isWriting = false
    }

    /// As many as a person reads.
    private static let warningLimit = 50

    private func report(_ warnings: [String]) {
        let new = warnings.filter { warned.insert($0).inserted }
        for warning in new.prefix(Self.warningLimit) {
            warn("images.json has an entry of another phase that readers may refuse; it is kept: \(warning)")
        }
        if new.count > Self.warningLimit {
            warn("images.json has \(new.count - Self.warningLimit) more entries of other phases like these")
        }
    }

    private static func record(of image: CollectedImage) -> ImageRecord {
        ImageRecord(
            path: image.path, mtime: image.mtime, size: image.size, volumeID: image.volumeID, type: image.type,
            format: image.format, arch: image.arch, discNumber: 1, discCount: 1, checksums: image.checksums,
            implantMD5: image.implantMD5, bootable: image.format == "iso", subvariant: image.subvariant)
    }
}
