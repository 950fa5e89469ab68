/// The kinds of variants.
package enum VariantType: String, Sendable, Hashable, CaseIterable {
    case variant, addon, optional
    case layeredProduct = "layered-product"

    /// The place of the kind in `compose.get_variants()`.
    var rank: Int {
        switch self {
        case .variant: 0
        case .addon, .layeredProduct: 1
        case .optional: 2
        }
    }
}

/// The product that a layered-product variant belongs to.
package struct VariantRelease: Sendable, Hashable {
    package let name: String
    package let short: String
    package let version: String

    package init(name: String, short: String, version: String) {
        self.name = name
        self.short = short
        self.version = version
    }
}

/// A variant as Pungi builds it from variants.xml: filtered, with its children, its uid settled.
package struct Variant: Sendable, Hashable {
    package let id: String
    package let name: String
    /// `ID` at top level, else `PARENTUID-ID`.
    package let uid: String
    package let type: VariantType
    /// Sorted by code point, each once; for a child only those that its parent has too.
    package let arches: [String]
    /// Whether the variant has no packages and so no repository of its own.
    package let isEmpty: Bool
    package let parentUID: String?
    /// Only for a layered-product, and always there.
    package let release: VariantRelease?
    /// In Pungi's order: written inside, the generated `optional`, references.
    package let children: [Variant]
    /// Where its id is written; for a generated `optional` where its parent is.
    package let location: SourceLocation

    package init(
        id: String, name: String, uid: String, type: VariantType, arches: [String], isEmpty: Bool = false,
        parentUID: String? = nil, release: VariantRelease? = nil, children: [Variant] = [], location: SourceLocation
    ) {
        self.id = id
        self.name = name
        self.uid = uid
        self.type = type
        self.arches = arches
        self.isEmpty = isEmpty
        self.parentUID = parentUID
        self.release = release
        self.children = children
        self.location = location
    }
}
