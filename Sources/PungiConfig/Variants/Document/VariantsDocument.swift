/// What stands in a valid variants.xml, as far as images depend on it. Groups, environments and modules are checked and
/// then left out.
struct VariantsDocument {
    /// One `<variant>`.
    struct Node {
        let id: Word
        let name: String
        let type: VariantType
        let hasOptional: Bool
        /// `is_empty="true"`. Pungi also takes `is_empty="false"` for it, which nobody means.
        let isEmpty: Bool
        let release: Release?
        /// In the order of the file.
        let arches: [Word]
        /// The variants written inside, then the references.
        let children: [Node]
        let references: [Word]
        let location: SourceLocation
    }

    /// A text with its place.
    struct Word {
        let text: String
        let location: SourceLocation
    }

    struct Release {
        let name, short, version: String?
        let location: SourceLocation
    }

    let nodes: [Node]
    /// References outside of all variants, which have no effect.
    let references: [Word]
    let source: MarkupSource

    /// Reads and checks a file. All complaints come at once.
    static func read(bytes: [UInt8], path: String) throws(ConfigFailure) -> VariantsDocument {
        let source = MarkupSource(bytes: bytes, path: path)
        let root = try MarkupElement.read(bytes: bytes, source: source)
        let diagnostics = VariantsChecker.check(root, source: source)
        guard diagnostics.isEmpty else { throw ConfigFailure(diagnostics: diagnostics) }
        return VariantsDocument(
            nodes: root.children.compactMap(Node.init), references: root.children.compactMap(Word.init(reference:)),
            source: source)
    }
}

extension VariantsDocument.Word {
    /// The id of a `<ref>`; nil for another element.
    fileprivate init?(reference: MarkupElement) {
        guard reference.name == "ref", let id = reference.attribute("id") else { return nil }
        self.init(text: id.value, location: id.location)
    }
}

extension VariantsDocument.Node {
    /// nil for another element than `<variant>`.
    fileprivate init?(_ element: MarkupElement) {
        guard element.name == "variant", let id = element.attribute("id"), let name = element.attribute("name"),
            let type = element.attribute("type").flatMap({ VariantType(rawValue: $0.value) })
        else { return nil }
        let nested = element.children.filter { $0.name == "variants" }.flatMap(\.children)
        self.init(
            id: VariantsDocument.Word(text: id.value, location: id.location), name: name.value, type: type,
            hasOptional: element.attribute("has_optional")?.value == "true",
            isEmpty: element.attribute("is_empty")?.value == "true",
            release: element.children.first { $0.name == "release" }.map { release in
                VariantsDocument.Release(
                    name: release.attribute("name")?.value, short: release.attribute("short")?.value,
                    version: release.attribute("version")?.value, location: release.location)
            },
            arches: element.children.filter { $0.name == "arches" }.flatMap(\.children).map { arch in
                VariantsDocument.Word(text: arch.text, location: arch.location)
            },
            children: nested.compactMap(Self.init),
            references: nested.compactMap(VariantsDocument.Word.init(reference:)), location: element.location)
    }
}
