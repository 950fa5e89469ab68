package import ProductMD

/// The images of an earlier compose of the same kind, to compare sizes with.
package struct PreviousImages: Sendable, Hashable {
    /// What an image is in both composes.
    package struct Key: Sendable, Hashable {
        let variant: String
        let arch: String
        let subvariant: String
        let type: String
        let format: String
    }

    /// The earlier compose.
    package let composeID: String
    /// Bytes.
    private let sizes: [Key: Int]

    package init(composeID: String, sizes: [Key: Int]) {
        self.composeID = composeID
        self.sizes = sizes
    }

    /// - Parameter manifest: what stands twice is left out: nobody could say which one is meant.
    package init(_ manifest: ImagesManifest) {
        let images = Dictionary(grouping: manifest.all) { entry in
            Key(
                variant: entry.variant, arch: entry.arch, subvariant: entry.image.subvariant, type: entry.image.type,
                format: entry.image.format)
        }
        self.init(
            composeID: manifest.compose.id,
            sizes: images.compactMapValues { $0.count == 1 ? $0.first?.image.size : nil })
    }

    /// Bytes that an image of this kind had; nil if there was none.
    package func size(variant: String, arch: String, subvariant: String, type: String, format: String) -> Int? {
        sizes[Key(variant: variant, arch: arch, subvariant: subvariant, type: type, format: format)]
    }

    /// Reads the images of a compose directory.
    ///
    /// - Throws: ``MetadataFailure`` or ``AtomicFile/Failure`` that names the file.
    package static func read(_ directory: String) throws -> PreviousImages {
        let path = ComposeLayout(top: directory).path(ComposeLayout.images)
        guard let bytes = try AtomicFile.read(path) else {
            throw AtomicFile.Failure(path: path, operation: "read", code: 2)
        }
        return PreviousImages(try ImagesManifest.decode(bytes, name: path))
    }

    /// Looks beside a compose directory for the newest compose of the same release and type that has ended well and has images
    /// recorded; nil if there is none that can be read.
    ///
    /// - Parameter isRehearsal: only rehearsals, or only composes that are none.
    package static func find(
        of compose: PlannedCompose, beside directory: String, isRehearsal: Bool
    ) -> PreviousImages? {
        for layout in LastCompose.candidates(of: compose, beside: directory)
        where layout.top != directory && AtomicFile.exists(layout.path(ComposeLayout.rehearsal)) == isRehearsal {
            guard let status = try? AtomicFile.read(layout.path(ComposeLayout.status), limit: 100),
                ["FINISHED", "FINISHED_INCOMPLETE"].contains(
                    String(decoding: status.filter { $0 > 0x20 }, as: UTF8.self)),
                let images = try? read(layout.top)
            else { continue }
            return images
        }
        return nil
    }
}
