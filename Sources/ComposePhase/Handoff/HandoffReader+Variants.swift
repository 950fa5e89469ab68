import PungiConfig

extension HandoffReader {
    /// Pungi's variants, and what its path methods say of each.
    struct Variants {
        var topLevel: [Variant] = []
        var images: [GivenPlaces.Images: String] = [:]
        var elsewhere: [String: String] = [:]
        var repositories: [String: String] = [:]
    }

    /// - Parameter top: the compose directory.
    mutating func variants(_ payload: HandoffObject, top: String) -> Variants? {
        guard let items = items("variants", of: payload) else { return nil }
        var read: [Read] = []
        for (index, item) in items.enumerated() {
            guard let object = object(item, path: "\(payload.path(of: "variants"))[\(index)]") else { continue }
            guard let variant = variant(object) else { continue }
            if read.contains(where: { $0.variant.uid == variant.uid }) {
                complain("there is another variant of the uid \(variant.uid)", at: object, "uid")
            }
            read.append(Read(variant: variant, object: object))
        }
        for one in read {
            guard let parent = one.variant.parentUID, !read.contains(where: { $0.variant.uid == parent }) else {
                continue
            }
            complain("there is no variant \(parent)", at: one.object, "parent")
        }
        var variants = Variants()
        for one in read { places(of: one, top: top, &variants) }
        variants.topLevel = read.map(\.variant).filter { $0.parentUID == nil }.map { parent in
            Variant(
                id: parent.id, name: parent.name, uid: parent.uid, type: parent.type, arches: parent.arches,
                isEmpty: parent.isEmpty, release: parent.release,
                children: read.map(\.variant).filter { $0.parentUID == parent.uid }, location: parent.location)
        }
        return variants
    }

    /// A variant without its children, and where it stands.
    private struct Read {
        let variant: Variant
        let object: HandoffObject
    }

    private mutating func variant(_ object: HandoffObject) -> Variant? {
        checkMembers(
            of: object,
            ["uid", "id", "name", "type", "arches", "parent", "is_empty", "repository", "images", "isos"])
        let uid = text("uid", of: object)
        let id = text("id", of: object)
        let name = text("name", of: object)
        let typeName = text("type", of: object)
        let type = typeName.flatMap { VariantType(rawValue: $0) }
        if let typeName, type == nil {
            let known = VariantType.allCases.map(\.rawValue).joined(separator: ", ")
            complain("'\(typeName)' is not one of \(known)", at: object, "type")
        }
        let arches = texts("arches", of: object)
        let parent = optionalText("parent", of: object)
        let isEmpty = flag("is_empty", of: object)
        for (member, text) in [("uid", uid), ("id", id)] {
            if let text, text.isEmpty || text.contains("/") || text == "." || text == ".." {
                complain("'\(text)' cannot be the name of a directory", at: object, member)
            }
        }
        guard let uid, let id, let name, let type, let arches, let isEmpty else { return nil }
        return Variant(
            id: id, name: name, uid: uid, type: type, arches: Set(arches).sorted(by: byCodePoint), isEmpty: isEmpty,
            parentUID: parent, location: object.location)
    }

    // MARK: Places

    private mutating func places(of one: Read, top: String, _ variants: inout Variants) {
        if one.object["repository"]?.isNone == false, let path = text("repository", of: one.object) {
            if path.hasPrefix("/") {
                variants.repositories[one.variant.uid] = path
            } else {
                complain("'\(path)' is no absolute path", at: one.object, "repository")
            }
        }
        directories("images", isISO: false, of: one, top: top, &variants)
        directories("isos", isISO: true, of: one, top: top, &variants)
    }

    private mutating func directories(
        _ member: String, isISO: Bool, of one: Read, top: String, _ variants: inout Variants
    ) {
        guard let arches = object(member, of: one.object) else { return }
        for (key, value) in arches.dict.entries {
            // No directory: the plan refuses what would go there.
            guard let arch = key.string, !value.isNone else { continue }
            guard let place = object(value, path: arches.path(of: arch)) else { continue }
            checkMembers(of: place, ["directory", "path"])
            guard let directory = absolutePath("directory", of: place), let path = text("path", of: place) else {
                continue
            }
            guard !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
                complain("'\(path)' is no path below compose/", at: place, "path")
                continue
            }
            let usual = ComposeLayout.imageDirectory(of: one.variant, arch: arch, format: isISO ? "iso" : "raw")
            let recorded = "compose/\(PathTranslation.normalised(path))"
            if recorded != usual {
                variants.images[.init(variant: one.variant.uid, arch: arch, isISO: isISO)] = recorded
            }
            if directory != "\(top)/\(recorded)" { variants.elsewhere[recorded] = directory }
        }
    }
}
