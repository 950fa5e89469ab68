/// What may stand where in a variants.xml: the rules of Pungi's DTD as data.
enum VariantsGrammar {
    struct Element {
        let content: Content
        var attributes: [Attribute] = []
        /// Whether the text may have no white space around it.
        var isTight = false
    }

    enum Content {
        case empty
        case text
        /// Children in this order, each name once or repeated. `isOptional`: the element may also be empty.
        case children([Child], isOptional: Bool)
    }

    struct Child {
        let name: String
        let isRequired: Bool
        let mayRepeat: Bool

        static func optional(_ name: String) -> Self { Self(name: name, isRequired: false, mayRepeat: false) }
        static func required(_ name: String) -> Self { Self(name: name, isRequired: true, mayRepeat: false) }
        static func any(_ name: String) -> Self { Self(name: name, isRequired: false, mayRepeat: true) }
        static func some(_ name: String) -> Self { Self(name: name, isRequired: true, mayRepeat: true) }
    }

    struct Attribute {
        let name: String
        var isRequired = false
        /// The values allowed; nil for any text.
        var values: [String]?
    }

    private static let truth = ["true", "false"]

    static let root = "variants"

    static let elements: [String: Element] = [
        "variants": Element(content: .children([.any("ref"), .any("variant")], isOptional: false)),
        "variant": Element(
            content: .children(
                [
                    .optional("release"), .required("arches"), .optional("groups"), .any("environments"),
                    .any("variants"), .optional("buildinstallpackages"), .optional("modules"),
                ], isOptional: true),
            attributes: [
                Attribute(name: "id", isRequired: true), Attribute(name: "name", isRequired: true),
                Attribute(name: "type", isRequired: true, values: VariantType.allCases.map(\.rawValue)),
                Attribute(name: "has_optional", values: truth), Attribute(name: "is_empty", values: truth),
            ]),
        "ref": Element(content: .empty, attributes: [Attribute(name: "id", isRequired: true)]),
        "release": Element(
            content: .text,
            attributes: [Attribute(name: "name"), Attribute(name: "short"), Attribute(name: "version")]),
        "arches": Element(content: .children([.some("arch")], isOptional: false)),
        "arch": Element(content: .text, isTight: true),
        "groups": Element(content: .children([.some("group")], isOptional: false)),
        "group": Element(
            content: .text,
            attributes: [
                Attribute(name: "glob", values: truth), Attribute(name: "default", values: truth),
                Attribute(name: "uservisible", values: truth),
            ], isTight: true),
        "environments": Element(content: .children([.some("environment")], isOptional: false)),
        "environment": Element(content: .text, attributes: [Attribute(name: "display_order")], isTight: true),
        "modules": Element(content: .children([.any("module"), .any("kojitag")], isOptional: false)),
        "module": Element(content: .text, attributes: [Attribute(name: "glob", values: truth)], isTight: true),
        "kojitag": Element(content: .text, isTight: true),
        "buildinstallpackages": Element(content: .children([.some("package")], isOptional: false)),
        "package": Element(content: .text, isTight: true),
    ]
}
