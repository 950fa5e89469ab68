extension ComposeInfoDocument {
    /// The compose of a composeinfo.json (or composeinfo-base.json) of any version that productmd reads.
    ///
    /// Release and variants are not looked at: a compose is told by its id, date, type, respin and label.
    ///
    /// - Throws: ``MetadataFailure`` that names the document and the member that is missing or of a wrong kind.
    package static func readCompose(_ bytes: [UInt8], name: String) throws(MetadataFailure) -> Compose {
        let document = try JSONReader.read(bytes, name: name)
        let reader = try MetadataReader(document, name: name)
        let version = try reader.version(expecting: "productmd.composeinfo")
        let payload = try reader.member("payload", of: document, "payload")
        let compose = try readCompose(of: payload, reader, version)
        guard compose.type != nil else {
            throw MetadataFailure("\(name): payload.compose.type '\(compose.typeName)' is no type of compose")
        }
        return compose
    }

    /// Reads a whole document of any header version that productmd reads (to 1.2), without judging the words in it:
    /// ``problems`` does that.
    ///
    /// As productmd 1.51: up to 0.3 the release stands under `product`, before 1.0 a variant is another's child by its
    /// uid alone, release types are taken in any case, and paths of strange kinds and arches are passed over.
    ///
    /// - Throws: ``MetadataFailure`` that names the document and the member that is missing or of a wrong kind.
    package static func decode(_ bytes: [UInt8], name: String) throws(MetadataFailure) -> ComposeInfoDocument {
        let document = try JSONReader.read(bytes, name: name)
        let reader = try MetadataReader(document, name: name)
        let version = try reader.version(expecting: "productmd.composeinfo")
        let payload = try reader.member("payload", of: document, "payload")
        let compose = try readCompose(of: payload, reader, version)
        let release = try readRelease(of: payload, "payload", reader, version)
        var baseProduct: Product?
        if release.isLayered {
            let json = try reader.member("base_product", of: payload, "payload")
            baseProduct = try product(json, "payload.base_product", reader)
        }
        let variants = try reader.object(
            try reader.member("variants", of: payload, "payload"), "payload.variants")
        let parents = try parents(in: variants, reader, version)
        var read: [Variant] = []
        for key in variants.keys.sorted(by: { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }) {
            guard let json = variants[key] else { continue }
            read.append(try variant(json, "payload.variants.\(key)", parent: parents[key], reader, version))
        }
        return ComposeInfoDocument(
            compose: compose, release: release.product, releaseIsInternal: release.isInternal,
            baseProduct: baseProduct, variants: read)
    }

    private static func readCompose(
        of payload: JSONValue, _ reader: MetadataReader, _ version: (Int, Int)
    ) throws(MetadataFailure) -> Compose {
        let fields = try reader.compose(try reader.member("compose", of: payload, "payload"), version)
        return Compose(
            id: fields.id, date: fields.date, typeName: fields.type, respin: fields.respin, label: fields.label,
            isFinal: fields.isFinal)
    }

    // MARK: Release

    private static func readRelease(
        of json: JSONValue, _ path: String, _ reader: MetadataReader, _ version: (Int, Int)
    ) throws(MetadataFailure) -> (product: Product, isLayered: Bool, isInternal: Bool) {
        let section = version <= (0, 3) ? "product" : "release"
        let path = "\(path).\(section)"
        let json = try reader.member(section, of: json, String(path.dropLast(section.count + 1)))
        var release = try product(json, path, reader)
        release.type = release.type.lowercased()
        return (
            release, try reader.truth("is_layered", of: json, path),
            version <= (0, 3) ? false : try reader.truth("internal", of: json, path)
        )
    }

    private static func product(
        _ json: JSONValue, _ path: String, _ reader: MetadataReader
    ) throws(MetadataFailure) -> Product {
        Product(
            name: try reader.string("name", of: json, path), short: try reader.string("short", of: json, path),
            version: try reader.string("version", of: json, path),
            type: json["type"] == nil ? "ga" : try reader.string("type", of: json, path))
    }

    // MARK: Variants

    /// The parents' uids by the child's key in the document.
    private static func parents(
        in variants: [String: JSONValue], _ reader: MetadataReader, _ version: (Int, Int)
    ) throws(MetadataFailure) -> [String: String] {
        var parents: [String: String] = [:]
        for (key, json) in variants.sorted(by: { $0.key < $1.key }) {
            let path = "payload.variants.\(key)"
            let uid = try reader.string("uid", of: json, path)
            for child in try reader.strings("variants", of: json, path) {
                guard variants["\(uid)-\(child)"] != nil else {
                    throw MetadataFailure("\(reader.name): \(path).variants: there is no variant \(uid)-\(child)")
                }
                parents["\(uid)-\(child)"] = uid
            }
            if version < (1, 0), let dash = key.lastIndex(of: "-"), let parent = variants[String(key[..<dash])] {
                parents[key] = try reader.string("uid", of: parent, "payload.variants.\(key[..<dash])")
            }
        }
        return parents
    }

    private static func variant(
        _ json: JSONValue, _ path: String, parent: String?, _ reader: MetadataReader, _ version: (Int, Int)
    ) throws(MetadataFailure) -> Variant {
        let type = try reader.string("type", of: json, path)
        let release = type == "layered-product" ? try readRelease(of: json, path, reader, version) : nil
        _ = try reader.member("arches", of: json, path)
        return Variant(
            id: try reader.string("id", of: json, path), uid: try reader.string("uid", of: json, path),
            name: try reader.string("name", of: json, path), type: type,
            arches: try reader.strings("arches", of: json, path),
            paths: try paths(try reader.member("paths", of: json, path), "\(path).paths", reader), parentUID: parent,
            release: release?.product, releaseIsInternal: release?.isInternal ?? false)
    }

    private static func paths(
        _ json: JSONValue, _ path: String, _ reader: MetadataReader
    ) throws(MetadataFailure) -> [String: [String: String]] {
        var paths: [String: [String: String]] = [:]
        let kinds = try reader.object(json, path)
        for kind in pathKinds {
            guard let arches = kinds[kind] else { continue }
            for arch in try reader.object(arches, "\(path).\(kind)").keys {
                paths[kind, default: [:]][arch] = try reader.optionalString(arch, of: arches, "\(path).\(kind)")
            }
        }
        return paths
    }
}
