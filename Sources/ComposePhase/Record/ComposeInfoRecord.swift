package import ProductMD
package import PungiConfig

/// `compose/metadata/composeinfo.json` of a compose that is ours.
package enum ComposeInfoRecord {
    /// As Pungi: an existing directory of a top-level variant is listed under its name; children are listed by id.
    package static func document(
        settings: ComposeSettings, variants: VariantSet, compose: ComposeIdentity, layout: ComposeLayout
    ) -> ComposeInfoDocument {
        ComposeInfoDocument(
            compose: .init(
                id: compose.id, date: compose.date, type: compose.type, respin: compose.respin,
                label: compose.label?.description, isFinal: compose.isFinal),
            release: .init(
                name: settings.releaseName.value, short: settings.releaseShort.value,
                version: settings.releaseVersion.value, type: settings.releaseType),
            releaseIsInternal: settings.releaseIsInternal,
            baseProduct: settings.baseProduct.map {
                .init(name: $0.name, short: $0.short, version: $0.version, type: $0.type)
            },
            variants: variants.all.map { variant in
                .init(
                    // productmd wants ids without dashes; the uid of a top-level variant keeps them.
                    id: variant.id.filter { $0 != "-" }, uid: variant.uid, name: variant.name,
                    type: variant.type.rawValue,
                    arches: variant.arches, paths: paths(of: variant, layout),
                    parentUID: variant.parentUID,
                    release: variant.release.map {
                        .init(name: $0.name, short: $0.short, version: $0.version, type: "ga")
                    })
            })
    }

    /// A document that Pungi wrote, with the directories of images that were added since. All else stays as it is.
    ///
    /// - Throws: `MetadataFailure` for what is no JSON.
    static func adding(
        _ images: [CollectedImage], of variants: VariantSet, to bytes: [UInt8], name: String
    ) throws(MetadataFailure) -> JSONValue {
        var document = try JSONReader.read(bytes, name: name)
        for image in images where variants[image.variant] != nil {
            let directory = image.path.split(separator: "/").dropLast().joined(separator: "/")
            let key = image.format == "iso" ? "isos" : "images"
            // A variant that the document has not is none of ours.
            guard document["payload"]?["variants"]?[image.variant] != nil else { continue }
            document.set(.string(directory), at: ["payload", "variants", image.variant, "paths", key, image.arch][...])
        }
        return document
    }

    /// Only directories that exist: a path in the metadata is a promise.
    private static func paths(of variant: Variant, _ layout: ComposeLayout) -> [String: [String: String]] {
        var paths: [String: [String: String]] = [:]
        for (key, format) in [("images", "raw"), ("isos", "iso")] {
            for arch in variant.arches {
                let directory = layout.given.imageDirectory(of: variant, arch: arch, format: format)
                guard AtomicFile.exists(layout.path(directory)) else { continue }
                paths[key, default: [:]][arch] = String(directory.dropFirst("compose/".count))
            }
        }
        return paths
    }
}

extension JSONValue {
    /// Puts a value at the end of a path of members; objects on the way are made.
    fileprivate mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let name = path.first else {
            self = value
            return
        }
        var members = object ?? [:]
        var inner = members[name] ?? .object([:])
        inner.set(value, at: path.dropFirst())
        members[name] = inner
        self = .object(members)
    }
}
