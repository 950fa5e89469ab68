/// Options that require or exclude others.
///
/// Source: Pungi's table of requires and conflicts as measured, looked at after defaults are filled in. An option is
/// set for a conflict when it is there and not its default; truth is Python's.
enum OptionRelations {
    private enum Condition: Sendable {
        case isTrue
        case isFalseOrAbsent
        case equals(String)
    }

    private struct Relation: Sendable {
        let option: String
        let when: Condition
        var conflicts: [String] = []
        var requires: [String] = []
    }

    /// In Pungi's order.
    private static let relations: [Relation] = [
        Relation(
            option: "buildinstall_method", when: .isFalseOrAbsent,
            conflicts: ["lorax_options", "buildinstall_kickstart"]),
        Relation(option: "product_id", when: .isFalseOrAbsent, conflicts: ["product_id_allow_missing"]),
        Relation(option: "pkgset_scratch_modules", when: .isTrue, requires: ["mbs_api_url"]),
        Relation(option: "pkgset_source", when: .equals("koji"), conflicts: ["pkgset_repos"]),
        Relation(
            option: "pkgset_source", when: .equals("repos"), conflicts: ["pkgset_koji_tag", "pkgset_koji_inherit"],
            requires: ["pkgset_repos"]),
    ]

    static func complaints(about document: ConfigDocument) -> [Diagnostic] {
        baseProduct(document) + relations.flatMap { complaints($0, document) }
    }

    private static func complaints(_ relation: Relation, _ document: ConfigDocument) -> [Diagnostic] {
        let value = document[relation.option]
        switch relation.when {
        case .isTrue: guard value?.isTrue ?? false else { return [] }
        case .isFalseOrAbsent: guard !(value?.isTrue ?? false) else { return [] }
        case .equals(let word): guard value?.string == word else { return [] }
        }
        let place = document.definitions[relation.option]
        let stated = value.map { "\(relation.option) = \($0)" } ?? "\(relation.option) is not set"
        let conflicts = relation.conflicts.filter { isSet($0, document) }.map { other in
            diagnostic(
                "config.conflicts", "\(stated), which excludes \(other), but \(other) is set",
                at: document.definitions[other], option: other,
                fix: "remove \(other)" + (value == nil ? ", or set \(relation.option)" : ""))
        }
        let missing = relation.requires.filter { document[$0] == nil }.map { other in
            diagnostic(
                "config.requires", "\(stated) requires \(other), which is not set", at: place, option: relation.option,
                fix: "set \(other)")
        }
        return conflicts + missing
    }

    /// Name, short and version of the base product are there together, and none of them is empty, or none is there.
    ///
    /// Pungi has six rules for this, which complain about each pair; the options that are missing or empty say it all.
    private static func baseProduct(_ document: ConfigDocument) -> [Diagnostic] {
        let names = ["name", "short", "version"].map { "base_product_\($0)" }
        let given = names.filter { document[$0].map { !$0.isNone } ?? false }
        guard let first = given.first else { return [] }
        return names.filter { !(document[$0]?.isTrue ?? false) }.map { name in
            let isThere = given.contains(name)
            let others = given.filter { $0 != name }
            return diagnostic(
                "config.requires",
                isThere
                    ? "\(name) is empty, but the base product has a name, a short name and a version, or is not set"
                    : "\(others.joined(separator: " and ")) requires \(name), which is not set",
                at: document.definitions[isThere ? name : first], option: name,
                fix: "set base_product_name, base_product_short and base_product_version, or none of them")
        }
    }

    private static func isSet(_ name: String, _ document: ConfigDocument) -> Bool {
        guard let value = document[name] else { return false }
        let standard = PungiOptions.byName[name]?.standard ?? .none
        let usual = standard.value(at: value.location)
        // In Python 1 is True and 0.0 is False.
        if let number = value.number, let other = usual.number { return number != other }
        return value != usual
    }

    private static func diagnostic(
        _ code: String, _ message: String, at place: SourceLocation?, option: String, fix: String
    ) -> Diagnostic {
        var diagnostic = Diagnostic(severity: .error, code: code, message: message, location: place, fix: fix)
        diagnostic.option = option
        return diagnostic
    }
}

extension ConfigValue {
    /// What Python compares truth values and numbers by.
    fileprivate var number: Double? {
        switch kind {
        case .bool(let flag): flag ? 1 : 0
        case .int(let number): number.int.map(Double.init) ?? .infinity
        case .float(let number): number
        default: nil
        }
    }

    /// Whether Python takes it for true.
    var isTrue: Bool {
        switch kind {
        case .none: false
        case .bool(let flag): flag
        case .int(let number): number.int != 0
        case .float(let number): number != 0
        case .string(let text): !text.isEmpty
        case .list(let items), .tuple(let items): !items.isEmpty
        case .dict(let dict): !dict.isEmpty
        }
    }
}
