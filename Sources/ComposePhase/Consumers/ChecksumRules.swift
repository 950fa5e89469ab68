import ProductMD

/// Checksum files: what people check their downloads with.
enum ChecksumRules {
    private static let readers: [Consumer] = [.website, .mirror]

    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        guard let manifest = compose.images.value else { return [] }
        var images: [String: ImageRecord] = [:]
        for (_, _, image) in manifest.all { images[image.path] = image }
        var found: [CheckFinding] = []
        var named: [String: Set<String>] = [:]
        for (path, bytes) in compose.checksumFiles.sorted(by: { $0.key < $1.key }) {
            let directory = path.split(separator: "/").dropLast().joined(separator: "/")
            for entry in ChecksumText(reading: bytes).entries.sorted() {
                let file = "\(directory)/\(entry.file)"
                named[directory, default: []].insert(file)
                guard let image = images[file] else {
                    if compose.files[file] == nil, !compose.isCut {
                        found.append(
                            .init(
                                .warning, "checksum-of-nothing", readers, at: "compose/\(path)",
                                "it names \(entry.file), which is not there", remedy: "write it anew"))
                    }
                    continue
                }
                if let digest = image.checksums[entry.kind], digest.lowercased() != entry.digest.lowercased() {
                    found.append(
                        .init(
                            .error, "checksum-differs", readers, at: "compose/\(path)",
                            "it says \(entry.kind) \(entry.digest) of \(entry.file), and images.json \(digest):"
                                + " downloads will be called broken", remedy: "write it anew"))
                }
                if entry.size != image.size {
                    found.append(
                        .init(
                            .error, "checksum-size-differs", readers, at: "compose/\(path)",
                            "it says \(entry.size) bytes of \(entry.file), and images.json \(image.size)",
                            remedy: "write it anew"))
                }
            }
        }
        for (directory, files) in named {
            for path in images.keys
            where path.split(separator: "/").dropLast().joined(separator: "/") == directory && !files.contains(path) {
                found.append(
                    .init(
                        .error, "checksum-lacks-image", readers, at: "compose/\(directory)",
                        "its checksum files do not name \(path.split(separator: "/").last ?? ""): nobody can check a"
                            + " download of it", remedy: "write them anew"))
            }
        }
        return found
    }
}
