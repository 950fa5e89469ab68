/// The variants of a compose.
package struct VariantSet: Sendable {
    /// In the order of the file.
    package let topLevel: [Variant]
    /// What was left out and why, and what has no effect: severities note and warning.
    package let notices: [Diagnostic]

    /// As `compose.get_variants()`: the top level and its direct children, not deeper; each uid and type once; first
    /// variants, then addons and layered products, then optionals; within each by uid.
    package let all: [Variant]

    package init(topLevel: [Variant], notices: [Diagnostic] = []) {
        self.topLevel = topLevel
        self.notices = notices
        var seen: Set<[String]> = []
        all = topLevel.flatMap { [$0] + $0.children }
            .filter { seen.insert([$0.type.rawValue, $0.uid]).inserted }
            .sorted { left, right in
                if left.type.rank != right.type.rank { return left.type.rank < right.type.rank }
                return left.uid.unicodeScalars.lexicographicallyPrecedes(right.uid.unicodeScalars)
            }
    }

    /// The variant of ``all`` with this uid.
    package subscript(uid: String) -> Variant? { all.first { $0.uid == uid } }

    /// Reads variants.xml as Pungi does.
    ///
    /// - Parameters:
    ///   - path: the file's path, for complaints.
    ///   - treeArches: the option `tree_arches`; if not empty, only these arches are kept.
    ///   - treeVariants: the option `tree_variants`; if not empty, only variants with these uids are kept.
    /// - Throws: all that is wrong, at once: first the XML, then the grammar, then what the variants say together.
    package static func load(
        bytes: [UInt8], path: String, treeArches: [String], treeVariants: [String]
    ) throws(ConfigFailure) -> VariantSet {
        let document = try VariantsDocument.read(bytes: bytes, path: path)
        return try VariantSetBuilder.build(document, treeArches: treeArches, treeVariants: treeVariants)
    }
}
