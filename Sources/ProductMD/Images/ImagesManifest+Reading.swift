extension ImagesManifest {
    /// Reads any header version that productmd reads (to 1.2), without judging the words in it.
    ///
    /// As productmd 1.51: a record without a format is an ISO; before 1.1 it may lack a subvariant; up to 1.1 images of
    /// sources are filed apart, and are moved below each binary arch of their variant.
    ///
    /// - Throws: ``MetadataFailure`` that names the document and the member that is missing or of a wrong kind.
    package static func decode(_ bytes: [UInt8], name: String) throws(MetadataFailure) -> ImagesManifest {
        let document = try JSONReader.read(bytes, name: name)
        let reader = try MetadataReader(document, name: name)
        let version = try reader.version(expecting: "productmd.images")
        let payload = try reader.member("payload", of: document, "payload")
        let composeJSON = try reader.member("compose", of: payload, "payload.compose")
        let fields = try reader.compose(composeJSON, version)
        var manifest = ImagesManifest(
            compose: Compose(
                id: fields.id, date: fields.date, type: fields.type, respin: fields.respin, label: fields.label,
                isFinal: fields.isFinal))
        let variants = try reader.object(
            try reader.member("images", of: payload, "payload.images"), "payload.images")
        for (variant, arches) in variants.sorted(by: { $0.key < $1.key }) {
            let arches = try reader.object(arches, "payload.images.\(variant)")
            for (arch, records) in arches.sorted(by: { $0.key < $1.key }) {
                let path = "payload.images.\(variant).\(arch)"
                for (index, record) in try reader.array(records, path).enumerated() {
                    let image = try Self.record(record, reader, "\(path)[\(index)]", version)
                    let places =
                        arch == "src" && version <= (1, 1) ? arches.keys.sorted().filter { $0 != "src" } : [arch]
                    for place in places { manifest.file(image, variant: variant, arch: place) }
                    if places.isEmpty { manifest.leftOut.append(image) }
                }
            }
        }
        return manifest
    }

    /// One entry, without judging the words in it.
    static func record(
        _ json: JSONValue, _ reader: MetadataReader, _ path: String, _ version: (Int, Int)
    ) throws(MetadataFailure) -> ImageRecord {
        let digests = try reader.object(try reader.member("checksums", of: json, path), "\(path).checksums")
        var checksums: [String: String] = [:]
        for name in digests.keys {
            checksums[name] = try reader.string(name, of: .object(digests), "\(path).checksums")
        }
        return ImageRecord(
            path: try reader.string("path", of: json, path), mtime: try reader.int("mtime", of: json, path),
            size: try reader.int("size", of: json, path),
            volumeID: try reader.optionalString("volume_id", of: json, path),
            type: try reader.string("type", of: json, path),
            format: try reader.optionalString("format", of: json, path) ?? "iso",
            arch: try reader.string("arch", of: json, path), discNumber: try reader.int("disc_number", of: json, path),
            discCount: try reader.int("disc_count", of: json, path), checksums: checksums,
            implantMD5: try reader.optionalString("implant_md5", of: json, path),
            bootable: try reader.truth("bootable", of: json, path),
            subvariant: version <= (1, 0)
                ? try reader.optionalString("subvariant", of: json, path) ?? ""
                : try reader.string("subvariant", of: json, path),
            isUnified: try reader.truth("unified", of: json, path),
            additionalVariants: try reader.strings("additional_variants", of: json, path))
    }
}
