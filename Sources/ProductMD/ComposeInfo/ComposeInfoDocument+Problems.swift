extension ComposeInfoDocument {
    /// The release types of productmd.
    package static let releaseTypes = ["fast", "ga", "updates", "updates-testing", "eus", "aus", "els", "tus", "e4s"]

    /// The variant types of productmd.
    package static let variantTypes = ["variant", "optional", "addon", "layered-product"]

    /// What productmd would refuse to write or to read: the part, the field, its value, what is allowed.
    package var problems: [String] {
        var problems = ComposeProblems.of(
            id: compose.id, date: compose.date, type: compose.typeName, label: compose.label)
        problems += Self.problems(of: release, "release")
        if let baseProduct { problems += Self.problems(of: baseProduct, "base product") }
        var seen: [String: Variant] = [:]
        for variant in variants {
            if seen.updateValue(variant, forKey: variant.uid) != nil {
                problems.append("variant \(variant.uid): there are two of this uid")
            }
        }
        for variant in variants {
            problems += Self.problems(of: variant, parent: variant.parentUID.map { seen[$0] })
                .map { "variant \(variant.uid): \($0)" }
        }
        return problems
    }

    private static func problems(of product: Product, _ part: String) -> [String] {
        var problems: [String] = []
        if !releaseTypes.contains(product.type) {
            problems.append("\(part) type '\(product.type)' is not one of \(releaseTypes.joined(separator: ", "))")
        }
        // As productmd: what starts with a digit is numbers and dots to its end.
        let isNumeric = product.version.utf8.first.map(isDigit) ?? true
        let numbers = product.version.split(separator: ".", omittingEmptySubsequences: false)
        if isNumeric, !numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) {
            problems.append("\(part) version '\(product.version)' is neither numbers with dots nor a word")
        }
        return problems
    }

    /// - Parameter parent: nil at top level, `.some(nil)` where the parent is not in the document.
    private static func problems(of variant: Variant, parent: Variant??) -> [String] {
        var problems: [String] = []
        let id = variant.id
        if id.isEmpty || !id.utf8.allSatisfy(isLetterOrDigit) {
            problems.append("id '\(variant.id)' is not made of letters and digits")
        }
        if variant.name.isEmpty { problems.append("the name is empty") }
        if !variantTypes.contains(variant.type) {
            problems.append("type '\(variant.type)' is not one of \(variantTypes.joined(separator: ", "))")
        }
        if variant.arches.isEmpty { problems.append("there are no arches") }
        if variant.type == "layered-product" {
            if let release = variant.release {
                problems += Self.problems(of: release, "release")
            } else {
                problems.append("a layered product needs a release of its own")
            }
        }
        switch parent {
        case nil:
            if variant.uid.filter({ $0 != "-" }) != id { problems.append("id '\(variant.id)' does not fit the uid") }
        case .some(nil): problems.append("its parent \(variant.parentUID ?? "") is not in the document")
        case .some(let parent?):
            if variant.uid != "\(parent.uid)-\(id)" { problems.append("the uid is not \(parent.uid)-\(id)") }
            let strange = variant.arches.filter { !parent.arches.contains($0) }
            if !strange.isEmpty {
                problems.append("arches \(strange.sorted().joined(separator: ", ")) are not among its parent's")
            }
        }
        return problems
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
