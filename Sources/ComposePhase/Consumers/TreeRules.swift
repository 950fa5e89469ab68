import ProductMD

/// The files: what is recorded is there, what is there is recorded, and it can be copied and served.
enum TreeRules {
    private static let takers: [Consumer] = [.fedfind, .openqa, .website, .mirror]

    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        recorded(compose) + present(compose) + names(compose)
    }

    /// What images.json promises.
    private static func recorded(_ compose: ReadCompose) -> [CheckFinding] {
        var found: [CheckFinding] = []
        var seen: Set<String> = []
        for (_, _, image) in compose.images.value?.all ?? [] where seen.insert(image.path).inserted {
            let place = "compose/\(image.path)"
            guard let file = compose.files[image.path] else {
                if !compose.isCut {
                    found.append(
                        .init(
                            .error, "image-missing", takers, at: place,
                            "images.json names it and it is not there: links to it lead nowhere",
                            remedy: "fetch it again, or take the record out"))
                }
                continue
            }
            switch file.kind {
            case .file: break
            case .link(let target, let staysInside):
                if !staysInside {
                    found.append(
                        .init(
                            .error, "link-leaves-tree", [.website, .mirror], at: place,
                            "it is a link to \(target), which is outside of the compose: a copy of the tree lacks it",
                            remedy: "use link_type hardlink-or-copy"))
                }
            case .directory, .other:
                found.append(
                    .init(
                        .error, "image-no-file", takers, at: place, "images.json names it and it is no file",
                        remedy: "fetch it again"))
                continue
            }
            if file.size != image.size {
                found.append(
                    .init(
                        .error, "size-differs", takers, at: place,
                        "it has \(file.size) bytes, and images.json says \(image.size)", remedy: "fetch it again"))
            }
            if file.mtime != image.mtime {
                found.append(
                    .init(
                        .warning, "mtime-differs", [.mirror], at: place,
                        "it was changed at \(file.mtime), and images.json says \(image.mtime)",
                        remedy: "set the file's time, or record it anew"))
            }
            if let digests = compose.digests?[image.path] {
                for (kind, digest) in image.checksums.sorted(by: { $0.key < $1.key })
                where digests[kind] != digest.lowercased() {
                    found.append(
                        .init(
                            .error, "digest-differs", takers, at: place,
                            "its \(kind) is \(digests[kind] ?? "not known"), and images.json says \(digest)",
                            remedy: "fetch it again"))
                }
            }
        }
        return found
    }

    /// What lies there.
    private static func present(_ compose: ReadCompose) -> [CheckFinding] {
        let recorded = Set((compose.images.value?.all ?? []).map(\.image.path))
        var found: [CheckFinding] = []
        for (path, file) in compose.files {
            let parts = path.split(separator: "/")
            let name = parts.last ?? ""
            let isSum = name.hasSuffix("SUM")
            if parts.count == 4, ["images", "iso"].contains(parts[2]), file.kind != .directory, !isSum,
                !recorded.contains(path), !isLeftover(name)
            {
                found.append(
                    .init(
                        .warning, "image-unrecorded", [.fedfind, .openqa, .mirror], at: "compose/\(path)",
                        "it lies among the images and images.json does not name it: it is published and nobody tests it",
                        remedy: "record it, or remove it"))
            }
            if !file.isPublic {
                found.append(
                    .init(
                        .error, "not-public", [.openqa, .website, .mirror], at: "compose/\(path)",
                        file.kind == .directory
                            ? "not everybody may enter it: what is below cannot be served"
                            : "not everybody may read it: it cannot be served",
                        remedy: "chmod \(file.kind == .directory ? "o+rx" : "o+r")"))
            }
            if isLeftover(name) {
                found.append(
                    .init(
                        .error, "leftover", [.mirror], at: "compose/\(path)",
                        "it is hidden or temporary, and mirrors would publish it", remedy: "remove it"))
            }
            if case .other = file.kind {
                found.append(
                    .init(
                        .error, "no-file", [.mirror], at: "compose/\(path)",
                        "it is neither a file nor a directory nor a link", remedy: "remove it"))
            }
            if case .link(let target, false) = file.kind, !recorded.contains(path) {
                found.append(
                    .init(
                        .warning, "link-leaves-tree", [.mirror], at: "compose/\(path)",
                        "it is a link to \(target), which leads nowhere or outside of the compose", remedy: "remove it")
                )
            }
        }
        if compose.isCut {
            found.append(
                .init(
                    .warning, "too-many-files", [.mirror], at: "compose",
                    "there are more files than are looked at (\(ComposeReading.mostFiles)); the rest was not checked",
                    remedy: "check the variants apart"))
        }
        return found
    }

    private static func isLeftover(_ name: Substring) -> Bool {
        name.hasPrefix(".") || [".part", ".tmp", ".partial", "~"].contains { name.hasSuffix($0) }
    }

    /// What rsync, web servers or other systems trip over.
    private static func names(_ compose: ReadCompose) -> [CheckFinding] {
        var found: [CheckFinding] = []
        var folded: [String: String] = [:]
        for path in compose.files.keys.sorted() {
            let name = path.split(separator: "/").last ?? ""
            let isPlain = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._+~^-@%=,".utf8.contains(byte)
                }
            }
            if !isPlain || name.utf8.count > 200 {
                found.append(
                    .init(
                        .warning, "name-strange", [.website, .mirror], at: "compose/\(path)",
                        "its name has characters that must be quoted in URLs and shells, or is very long",
                        remedy: "name the image by letters, digits, dots, dashes and underscores"))
            }
            if let other = folded.updateValue(path, forKey: path.lowercased()) {
                found.append(
                    .init(
                        .warning, "name-case", [.mirror], at: "compose/\(path)",
                        "it differs from \(other) by case alone: on some file systems there can be only one",
                        remedy: "rename one of them"))
            }
        }
        return found
    }
}
