/// Makes the variants of a document, as Pungi's parser of variants.xml does.
struct VariantSetBuilder {
    private let source: MarkupSource
    private let treeArches: Set<String>
    private let treeVariants: Set<String>
    /// The nodes that `<ref>` can name: addons and layered products of the top level.
    private let library: [String: VariantsDocument.Node]
    private let otherNodes: [String: VariantsDocument.Node]
    private var errors: [Diagnostic] = []
    private var notices: [Diagnostic] = []
    private var said: Set<Diagnostic> = []
    /// All uids that the file could give, for suggestions.
    private var uids: Set<String> = []

    /// Who has more errors starts with these.
    private static let mostErrors = 100

    static func build(
        _ document: VariantsDocument, treeArches: [String], treeVariants: [String]
    ) throws(ConfigFailure) -> VariantSet {
        var builder = Self(document, treeArches: treeArches, treeVariants: treeVariants)
        let topLevel = builder.topLevel(document)
        builder.checkFilter(treeVariants)
        guard builder.errors.isEmpty else { throw ConfigFailure(diagnostics: builder.errors) }
        return VariantSet(topLevel: topLevel, notices: builder.notices)
    }

    private init(_ document: VariantsDocument, treeArches: [String], treeVariants: [String]) {
        source = document.source
        self.treeArches = Set(treeArches)
        self.treeVariants = Set(treeVariants)
        let pairs = document.nodes.map { ($0.id.text, $0) }
        library = Dictionary(pairs.filter { $0.1.isReferable }) { _, later in later }
        otherNodes = Dictionary(pairs.filter { !$0.1.isReferable }) { _, later in later }
    }

    // MARK: the top level

    private mutating func topLevel(_ document: VariantsDocument) -> [Variant] {
        for reference in document.references {
            warn("ignored", "a <ref> outside of a variant has no effect", at: reference.location)
        }
        var variants: [Variant] = []
        var places: [String: Int] = [:]
        for node in document.nodes {
            checkID(node.id, mayHaveDash: true)
            if node.type == .optional {
                warn(
                    "ignored", "the top-level variant \(node.id.text) of type optional has no effect",
                    at: node.id.location, fix: "move it into the <variants> of its parent")
            }
            guard node.type == .variant, let variant = variant(from: node, parent: nil) else { continue }
            if let place = places[variant.id] {
                // As in Pungi the later one counts; it takes the place of the former.
                warn(
                    "ignored", "the variant \(variant.id) is given twice; this one replaces the former",
                    at: node.id.location)
                variants[place] = variant
            } else {
                places[variant.id] = variants.count
                variants.append(variant)
            }
        }
        return variants
    }

    /// A name in `tree_variants` that is no variant's is most likely misspelt.
    private mutating func checkFilter(_ names: [String]) {
        for name in names where !uids.contains(name) {
            notices.append(
                Diagnostic(
                    severity: .warning, code: "variants.filter",
                    message: "tree_variants names \(name), which is no variant",
                    location: nil, fix: nearest(to: name, in: Array(uids)).map { "did you mean \($0)?" }))
        }
    }

    // MARK: one variant

    /// A variant with its children; nil if it is filtered out or wrong.
    private mutating func variant(from node: VariantsDocument.Node, parent: Parent?) -> Variant? {
        let uid = parent.map { "\($0.uid)-\(node.id.text)" } ?? node.id.text
        uids.insert(uid)
        checkArches(of: node)
        let arches = keptArches(of: node)
        guard !arches.isEmpty else {
            note("excluded", "variant \(node.id.text) is left out: all its arches are filtered", at: node.id.location)
            return nil
        }
        guard treeVariants.isEmpty || treeVariants.contains(uid) else {
            note("excluded", "variant \(uid) is left out: it is not among tree_variants", at: node.id.location)
            return nil
        }
        let own = parent.map { arches.filter($0.arches.contains) } ?? arches
        guard !own.isEmpty else {
            fail(
                "arch",
                "the arches of \(uid) (\(arches.joined(separator: ", "))) and those of its parent "
                    + "(\(parent?.arches.joined(separator: ", ") ?? "")) have none in common", at: node.id.location)
            return nil
        }
        if own.contains("src") {
            let place = node.arches.first { $0.text == "src" }?.location ?? node.location
            fail(
                "arch", "src is not an arch that something can be built for", at: place, fix: "remove <arch>src</arch>")
        }
        let release = release(of: node, uid: uid)
        let children = children(of: node, Parent(uid: uid, id: node.id.text, type: node.type, arches: own))
        return Variant(
            id: node.id.text, name: node.name, uid: uid, type: node.type, arches: own, isEmpty: node.isEmpty,
            parentUID: parent?.uid, release: release, children: children, location: node.id.location)
    }

    /// Filtered, sorted, each once.
    private func keptArches(of node: VariantsDocument.Node) -> [String] {
        let kept = node.arches.map(\.text).filter { !$0.isEmpty && (treeArches.isEmpty || treeArches.contains($0)) }
        return Set(kept).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }

    private mutating func checkArches(of node: VariantsDocument.Node) {
        var seen: Set<String> = []
        for arch in node.arches {
            if arch.text.isEmpty {
                warn("arch", "an empty <arch> has no effect", at: arch.location)
            } else if !seen.insert(arch.text).inserted {
                warn("arch", "the arch \(arch.text) is given twice", at: arch.location)
            }
        }
    }

    private mutating func release(of node: VariantsDocument.Node, uid: String) -> VariantRelease? {
        guard node.type == .layeredProduct else { return nil }
        guard let release = node.release else {
            fail(
                "release", "the layered product \(uid) lacks <release>", at: node.location,
                fix: "add <release name=\"...\" short=\"...\" version=\"...\"/> as its first element")
            return nil
        }
        guard let name = release.name, let short = release.short, let version = release.version else {
            fail("release", "the <release> of \(uid) lacks name, short or version", at: release.location)
            return nil
        }
        return VariantRelease(name: name, short: short, version: version)
    }

    // MARK: children

    /// What a child must know of the variant around it.
    private struct Parent {
        let uid, id: String
        let type: VariantType
        let arches: [String]
    }

    /// Ends for any file: only nodes of type variant get children, and a reference never names one of those.
    private mutating func children(of node: VariantsDocument.Node, _ parent: Parent) -> [Variant] {
        var children = Children()
        for child in node.children {
            checkID(child.id, mayHaveDash: false)
            guard isAllowed(child, in: parent, at: child.id.location) else { continue }
            add(variant(from: child, parent: parent), to: &children)
        }
        if node.hasOptional, !children.hasOptional {
            add(generatedOptional(of: node, parent), to: &children)
        }
        for reference in node.references {
            guard let target = library[reference.text] else {
                unknownReference(reference, parent)
                continue
            }
            checkID(VariantsDocument.Word(text: target.id.text, location: reference.location), mayHaveDash: false)
            guard isAllowed(target, in: parent, at: reference.location) else { continue }
            add(variant(from: target, parent: parent), to: &children)
        }
        return children.variants
    }

    /// Whether the child may be there. A child that the filters leave out is never in the way.
    private mutating func isAllowed(
        _ child: VariantsDocument.Node, in parent: Parent, at location: SourceLocation
    ) -> Bool {
        let isLeftOut =
            keptArches(of: child).isEmpty
            || !treeVariants.isEmpty && !treeVariants.contains("\(parent.uid)-\(child.id.text)")
        if isLeftOut { return true }
        if parent.type != .variant {
            fail(
                "child",
                "\(parent.uid) is of type \(parent.type.rawValue): only a variant of type variant can contain others",
                at: location)
            return false
        }
        if child.id.text == parent.id {
            fail("child", "the variant \(parent.uid) contains one with the same id", at: location)
            return false
        }
        return true
    }

    /// A second child of the same id is ignored, as in Pungi.
    private mutating func add(_ child: Variant?, to children: inout Children) {
        guard let child else { return }
        guard children.ids.insert(child.id).inserted else {
            warn("ignored", "the variant \(child.uid) is given twice; this one has no effect", at: child.location)
            return
        }
        children.hasOptional = children.hasOptional || child.type == .optional
        children.variants.append(child)
    }

    private struct Children {
        var variants: [Variant] = []
        var ids: Set<String> = []
        var hasOptional = false
    }

    /// The child that `has_optional="true"` asks for: the arches of its parent, never empty.
    private mutating func generatedOptional(of node: VariantsDocument.Node, _ parent: Parent) -> Variant? {
        let uid = "\(parent.uid)-optional"
        uids.insert(uid)
        guard treeVariants.isEmpty || treeVariants.contains(uid) else {
            note("excluded", "variant \(uid) is left out: it is not among tree_variants", at: node.id.location)
            return nil
        }
        guard parent.type == .variant else {
            fail(
                "child", "\(parent.uid) is of type \(parent.type.rawValue): it cannot have an optional variant",
                at: node.location, fix: "remove has_optional")
            return nil
        }
        return Variant(
            id: "optional", name: "optional", uid: uid, type: .optional, arches: parent.arches, parentUID: parent.uid,
            location: node.id.location)
    }

    private mutating func unknownReference(_ reference: VariantsDocument.Word, _ parent: Parent) {
        if let other = otherNodes[reference.text] {
            fail(
                "reference",
                "\(parent.uid) refers to \(reference.text), which is of type \(other.type.rawValue): only top-level "
                    + "addons and layered products can be referred to", at: reference.location)
        } else {
            // Looking through thousands of names is only done for complaints that are given.
            let names = errors.count < Self.mostErrors ? Array(library.keys) : []
            fail(
                "reference", "\(parent.uid) refers to \(reference.text), which does not exist", at: reference.location,
                fix: nearest(to: reference.text, in: names).map { "did you mean \($0)?" })
        }
    }

    // MARK: ids

    /// What productmd asks of ids in composeinfo.json, which is written after everything was built. They are also parts
    /// of paths. A dash is only possible at top level.
    private mutating func checkID(_ id: VariantsDocument.Word, mayHaveDash: Bool) {
        let letters = id.text.unicodeScalars.filter { !(mayHaveDash && $0 == "-") }
        guard letters.isEmpty || !letters.allSatisfy({ $0.isASCIILetter || $0.isPatternDigit }) else { return }
        fail(
            "id", "'\(id.text)' cannot be the id of a \(mayHaveDash ? "variant" : "variant inside another")",
            at: id.location, notes: ["an id has ASCII letters and digits only" + (mayHaveDash ? ", and dashes" : "")])
    }

    // MARK: complaints

    private func diagnostic(
        _ severity: Severity, _ code: String, _ message: String, _ location: SourceLocation, _ notes: [String],
        _ fix: String?
    ) -> Diagnostic {
        Diagnostic(
            severity: severity, code: "variants.\(code)", message: message, location: location, notes: notes, fix: fix,
            sourceLine: source.line(location.line))
    }

    private mutating func fail(
        _ code: String, _ message: String, at location: SourceLocation, notes: [String] = [],
        fix: String? = nil
    ) {
        guard errors.count < Self.mostErrors else { return }
        let failure = diagnostic(.error, code, message, location, notes, fix)
        // A node that several others refer to is built for each of them.
        if said.insert(failure).inserted { errors.append(failure) }
    }

    private mutating func warn(_ code: String, _ message: String, at location: SourceLocation, fix: String? = nil) {
        let warning = diagnostic(.warning, code, message, location, [], fix)
        if said.insert(warning).inserted { notices.append(warning) }
    }

    private mutating func note(_ code: String, _ message: String, at location: SourceLocation) {
        notices.append(diagnostic(.note, code, message, location, [], nil))
    }
}

extension VariantsDocument.Node {
    /// Whether a `<ref>` can name it.
    fileprivate var isReferable: Bool { type == .addon || type == .layeredProduct }
}
