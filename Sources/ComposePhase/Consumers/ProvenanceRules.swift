import ProductMD

/// Provenance says of each image what images.json says, and the files it names are there.
enum ProvenanceRules {
    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        guard let images = compose.images.value else { return [] }
        let place = ComposeLayout.provenance
        let provenance: JSONValue
        switch compose.provenance {
        // Only composes of ours have it.
        case .absent: return []
        case .unreadable(let why):
            return [
                .init(
                    .warning, "provenance-unreadable", [.productmd], at: place, "it cannot be read: \(why)",
                    remedy: "resume writes it anew")
            ]
        case .read(let value): provenance = value
        }
        var found: [CheckFinding] = []
        let records = Dictionary(images.all.map { ($0.image.path, $0.image) }, uniquingKeysWith: { first, _ in first })
        for (path, entry) in provenance["payload"]?["images"]?.object ?? [:] {
            guard let image = records[path] else {
                found.append(
                    .init(
                        .warning, "provenance-of-nothing", [.productmd], at: place,
                        "it tells of \(path), which images.json does not name", remedy: "resume writes it anew"))
                continue
            }
            let sums = (entry["checksums"]?.object ?? [:]).compactMapValues(\.string)
            let differs = sums.contains { image.checksums[$0.key].map { $0.lowercased() } != $0.value.lowercased() }
            if entry["size"]?.int != image.size || differs {
                found.append(
                    .init(
                        .error, "provenance-differs", [.productmd], at: place,
                        "size or checksums of \(path) are not those of images.json: it tells of another file",
                        remedy: "find out which one was built"))
            }
            for side in (entry["side_files"]?.array ?? []).compactMap({ $0["path"]?.string })
            where compose.files[side] == nil && !compose.isCut {
                found.append(
                    .init(
                        .warning, "side-file-missing", [.productmd], at: place,
                        "\(path) has a side file \(side), which is not there", remedy: "restore it from the hub"))
            }
        }
        return found
    }
}
