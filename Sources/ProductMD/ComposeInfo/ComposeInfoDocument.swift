/// `composeinfo.json`: what compose this is, of which release, with which variants.
package struct ComposeInfoDocument: Sendable, Hashable {
    /// The compose itself.
    package struct Compose: Sendable, Hashable {
        package var id: String
        /// `YYYYMMDD`
        package var date: String
        /// One of the words of ``ComposeType``; text, because documents are read without judging them.
        package var typeName: String
        package var respin: Int
        /// `RC-1.2`
        package var label: String?
        /// Written with the label only.
        package var isFinal: Bool

        package init(id: String, date: String, type: ComposeType, respin: Int, label: String?, isFinal: Bool) {
            self.init(
                id: id, date: date, typeName: type.rawValue, respin: respin, label: label, isFinal: isFinal)
        }

        package init(id: String, date: String, typeName: String, respin: Int, label: String?, isFinal: Bool) {
            self.id = id
            self.date = date
            self.typeName = typeName
            self.respin = respin
            self.label = label
            self.isFinal = isFinal
        }

        /// Nil where the document names a type that does not exist.
        package var type: ComposeType? { ComposeType(rawValue: typeName) }
    }

    /// A release, or the product that a release builds on.
    package struct Product: Sendable, Hashable {
        package var name: String
        package var short: String
        package var version: String
        /// `ga`, `updates`, …
        package var type: String

        package init(name: String, short: String, version: String, type: String) {
            self.name = name
            self.short = short
            self.version = version
            self.type = type
        }
    }

    /// A variant as readers see it.
    package struct Variant: Sendable, Hashable {
        /// Letters and digits; the uid of a top-level variant may have dashes besides.
        package var id: String
        /// The id, below a parent `PARENTUID-ID`.
        package var uid: String
        package var name: String
        /// `variant`, `optional`, `addon`, `layered-product`
        package var type: String
        package var arches: [String]
        /// By kind (`images`, `isos`, …) and arch, below `compose/`.
        package var paths: [String: [String: String]]
        /// Nil at top level.
        package var parentUID: String?
        /// The release of a layered product.
        package var release: Product?
        /// Whether that release is not meant for the public.
        package var releaseIsInternal: Bool

        package init(
            id: String, uid: String, name: String, type: String, arches: [String],
            paths: [String: [String: String]], parentUID: String?, release: Product?,
            releaseIsInternal: Bool = false
        ) {
            self.id = id
            self.uid = uid
            self.name = name
            self.type = type
            self.arches = arches
            self.paths = paths
            self.parentUID = parentUID
            self.release = release
            self.releaseIsInternal = releaseIsInternal
        }
    }

    /// The kinds of paths that a variant can have.
    package static let pathKinds = [
        "os_tree", "packages", "repository", "isos", "images", "jigdos", "source_tree", "source_packages",
        "source_repository", "source_isos", "source_jigdos", "debug_tree", "debug_packages", "debug_repository",
    ]

    /// Which compose it is.
    package var compose: Compose
    /// What it is a compose of.
    package var release: Product
    /// Not meant for the public.
    package var releaseIsInternal: Bool
    /// What a layered release builds on; nil for a release that is not layered.
    package var baseProduct: Product?
    /// Top-level variants and their children, in any order.
    package var variants: [Variant]

    package init(
        compose: Compose, release: Product, releaseIsInternal: Bool, baseProduct: Product?, variants: [Variant]
    ) {
        self.compose = compose
        self.release = release
        self.releaseIsInternal = releaseIsInternal
        self.baseProduct = baseProduct
        self.variants = variants
    }

    /// Byte for byte what productmd 1.51 writes, for a document without ``problems``.
    package func encoded() -> [UInt8] {
        var payload: [String: JSONValue] = [:]
        var composeMembers: [String: JSONValue] = [
            "id": .string(compose.id), "date": .string(compose.date), "type": .string(compose.typeName),
            "respin": .int(compose.respin),
        ]
        if let label = compose.label {
            composeMembers["label"] = .string(label)
            composeMembers["final"] = .bool(compose.isFinal)
        }
        payload["compose"] = .object(composeMembers)
        payload["release"] = Self.release(release, isLayered: baseProduct != nil, isInternal: releaseIsInternal)
        if let baseProduct { payload["base_product"] = .object(Self.members(of: baseProduct)) }
        payload["variants"] = .object(
            Dictionary(variants.map { ($0.uid, json(of: $0)) }, uniquingKeysWith: { first, _ in first }))
        return JSONWriter.pretty(
            .object([
                "header": .object(["type": "productmd.composeinfo", "version": "1.2"]), "payload": .object(payload),
            ]))
    }

    private func json(of variant: Variant) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(variant.id), "uid": .string(variant.uid), "name": .string(variant.name),
            "type": .string(variant.type), "arches": Self.strings(Self.sorted(Set(variant.arches))),
            "paths": paths(of: variant),
        ]
        let children = variants.filter { $0.parentUID == variant.uid }.map(\.id)
        if !children.isEmpty { members["variants"] = Self.strings(Self.sorted(Set(children))) }
        if variant.type == "layered-product", let release = variant.release {
            members["release"] = Self.release(release, isLayered: true, isInternal: variant.releaseIsInternal)
        }
        return .object(members)
    }

    /// Only the kinds that productmd knows, and of them only paths of the variant's arches.
    private func paths(of variant: Variant) -> JSONValue {
        var kinds: [String: JSONValue] = [:]
        for kind in Self.pathKinds {
            let paths = (variant.paths[kind] ?? [:]).filter { variant.arches.contains($0.key) && !$0.value.isEmpty }
            if !paths.isEmpty { kinds[kind] = .object(paths.mapValues { .string($0) }) }
        }
        return .object(kinds)
    }

    private static func release(_ product: Product, isLayered: Bool, isInternal: Bool) -> JSONValue {
        var members = Self.members(of: product)
        if isLayered { members["is_layered"] = .bool(true) }
        members["internal"] = .bool(isInternal)
        return .object(members)
    }

    private static func members(of product: Product) -> [String: JSONValue] {
        [
            "name": .string(product.name), "short": .string(product.short), "version": .string(product.version),
            "type": .string(product.type),
        ]
    }

    /// By code points, as Python sorts.
    private static func sorted(_ words: Set<String>) -> [String] {
        words.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }

    private static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
}
