import ProductMD

/// images.json, composeinfo.json and COMPOSE_ID: there, readable by productmd, and of one compose.
enum DocumentRules {
    private static let readers: [Consumer] = [.productmd, .fedfind, .openqa, .website]

    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        images(compose) + info(compose) + identity(compose)
    }

    private static func images(_ compose: ReadCompose) -> [CheckFinding] {
        switch compose.images {
        case .absent:
            return [
                .init(
                    .error, "images-missing", readers, at: ComposeLayout.images,
                    "there is no images.json, so no consumer finds an image",
                    remedy: "resume the run, or record the images")
            ]
        case .unreadable(let why):
            return [
                .init(
                    .error, "images-unreadable", readers, at: ComposeLayout.images, "it cannot be read: \(why)",
                    remedy: "restore it from the run's journal with resume, or write it anew")
            ]
        case .read(let manifest):
            let concerns = Set(manifest.all.flatMap { $0.image.concerns })
            return manifest.problems.map { problem in
                concerns.contains(problem)
                    ? .init(
                        .warning, "image-strange", readers, at: ComposeLayout.images,
                        "\(problem); productmd loads it all the same", remedy: "correct the record")
                    : .init(
                        .error, "image-invalid", readers, at: ComposeLayout.images,
                        "\(problem); productmd refuses to load the whole document", remedy: "correct the record")
            }
        }
    }

    private static func info(_ compose: ReadCompose) -> [CheckFinding] {
        switch compose.info {
        case .absent:
            return [
                .init(
                    .error, "composeinfo-missing", readers + [.mirror], at: ComposeLayout.composeInfo,
                    "there is no composeinfo.json, so nobody knows what compose this is",
                    remedy: "finish the compose: Pungi or a run of ours writes it at its end")
            ]
        case .unreadable(let why):
            return [
                .init(
                    .error, "composeinfo-unreadable", readers + [.mirror], at: ComposeLayout.composeInfo,
                    "it cannot be read: \(why)", remedy: "write it anew")
            ]
        case .read(let document):
            let invalid = document.problems.map { problem in
                CheckFinding(
                    .error, "composeinfo-invalid", readers, at: ComposeLayout.composeInfo,
                    "\(problem); productmd refuses it", remedy: "correct it")
            }
            let paths = document.variants.flatMap { variant in
                variant.paths.flatMap { kind, arches in
                    arches.map { (variant.uid, kind, $0.key, $0.value) }
                }
            }
            return invalid
                + paths.compactMap { uid, kind, arch, path in
                    guard compose.files[path] == nil, !compose.isCut else { return nil }
                    return .init(
                        .warning, "path-missing", [.fedfind, .mirror], at: ComposeLayout.composeInfo,
                        "\(kind) of \(uid) for \(arch) is \(path), which is not there",
                        remedy: "leave the path out, or make the directory")
                }
        }
    }

    /// Three files name the compose; consumers read one or the other.
    private static func identity(_ compose: ReadCompose) -> [CheckFinding] {
        var names: [(place: String, id: String)] = []
        if let id = compose.info.value?.compose.id { names.append((ComposeLayout.composeInfo, id)) }
        if let id = compose.images.value?.compose.id { names.append((ComposeLayout.images, id)) }
        if let id = compose.composeID.value { names.append((ComposeLayout.composeID, id)) }
        var found: [CheckFinding] = []
        if let first = names.first {
            found += names.dropFirst().filter { $0.id != first.id }.map { other in
                .init(
                    .error, "id-mismatch", readers, at: other.place,
                    "it is of '\(other.id)', but \(first.place) of '\(first.id)'",
                    remedy: "one of them is of another compose")
            }
        }
        if compose.composeID.value == nil {
            found.append(
                .init(
                    .warning, "compose-id-missing", [.fedfind], at: ComposeLayout.composeID,
                    "there is no COMPOSE_ID that can be read", remedy: "write the compose's id into it"))
        }
        if let info = compose.info.value?.compose, let images = compose.images.value?.compose,
            info.id == images.id,
            info.date != images.date || info.respin != images.respin || info.typeName != images.type
        {
            found.append(
                .init(
                    .error, "compose-mismatch", readers, at: ComposeLayout.images,
                    "date, type or respin differ from those of composeinfo.json", remedy: "correct one of them"))
        }
        return found
    }
}
