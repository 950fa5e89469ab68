extension ImagesFile {
    /// Reads a document to add to it.
    ///
    /// Of version 1.2 every entry stays as it stands, whatever is in it; older documents are brought to 1.2 as productmd
    /// does by loading and dumping them.
    ///
    /// - Throws: ``MetadataFailure`` for what is no images.json at all, or an old one that cannot be brought to 1.2.
    package static func decode(_ bytes: [UInt8], name: String) throws(MetadataFailure) -> ImagesFile {
        let document = try JSONReader.read(bytes, name: name)
        let reader = try MetadataReader(document, name: name)
        let version = try reader.version(expecting: "productmd.images")
        if version <= (1, 1) { return upgraded(try ImagesManifest.decode(bytes, name: name)) }
        let payload = try reader.member("payload", of: document, "payload")
        let compose = try reader.member("compose", of: payload, "payload")
        var warnings: [String] = []
        do throws(MetadataFailure) {
            let fields = try reader.compose(compose, version)
            warnings += ComposeProblems.of(id: fields.id, date: fields.date, type: fields.type, label: fields.label)
        } catch {
            warnings += error.problems
        }
        var entries: [Place: [Entry]] = [:]
        var images: [(Place, ImageRecord)] = []
        let variants = try reader.object(try reader.member("images", of: payload, "payload"), "payload.images")
        for (variant, arches) in variants.sorted(by: { $0.key.precedesByCodePoints($1.key) }) {
            let arches = try reader.object(arches, "payload.images.\(variant)")
            for (arch, records) in arches.sorted(by: { $0.key.precedesByCodePoints($1.key) }) {
                let path = "payload.images.\(variant).\(arch)"
                let place = Place(variant: variant, arch: arch)
                var nameless = 0
                for json in try reader.array(records, path) {
                    var entry = Entry(
                        path: json["path"]?.string ?? "", bytes: JSONWriter.pretty(json, inside: depth))
                    // Named by what stays when entries come and go, so that nobody is warned twice; those without a path
                    // are the first in the list.
                    let label = entry.path.isEmpty ? "\(nameless)" : entry.path
                    if entry.path.isEmpty { nameless += 1 }
                    do throws(MetadataFailure) {
                        let image = try ImagesManifest.record(json, reader, "\(path)[\(label)]", version)
                        entry.identity = image.identity
                        images.append((place, image))
                    } catch {
                        let of = entry.path.isEmpty ? "" : "image \(entry.path): "
                        warnings += error.problems.map { of + $0 }
                    }
                    entries[place, default: []].append(entry)
                }
            }
        }
        return ImagesFile(
            composeID: try reader.string("id", of: compose, "payload.compose"), compose: compose, entries: entries,
            warnings: warnings + problems(of: images))
    }

    private static func upgraded(_ manifest: ImagesManifest) -> ImagesFile {
        var entries: [Place: [Entry]] = [:]
        for (variant, arch, image) in manifest.all {
            entries[Place(variant: variant, arch: arch), default: []].append(
                Entry(
                    path: image.path, bytes: JSONWriter.pretty(image.json, inside: depth), identity: image.identity))
        }
        return ImagesFile(
            composeID: manifest.compose.id, compose: manifest.compose.json, entries: entries,
            warnings: manifest.problems)
    }

    /// What the checks of a whole document say of the images in it.
    private static func problems(of images: [(place: Place, image: ImageRecord)]) -> [String] {
        // The compose is spoken of apart.
        var manifest = ImagesManifest(
            compose: .init(id: "F-1-20260101.0", date: "20260101", type: "production", respin: 0))
        for (place, image) in images { manifest.file(image, variant: place.variant, arch: place.arch) }
        return manifest.problems
    }
}
