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
