package import ProductMD

/// Names an image task of a plan: `VARIANT/NAME/TYPE`, with `-2`, `-3` on repetition.
///
/// Stable from night to night, so that plans, journals and reports of different composes can be compared.
package struct ImageTaskID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// One task for the hub: an image of a variant, on all its arches.
///
/// What is special to a phase (`imagebuilder`, later `osbuild`, `kiwibuild`) ends here: scheduling, collecting and
/// recording know only this type.
package struct ImageTask: Sendable, Hashable {
    package var id: ImageTaskID
    /// The uid of the variant that the image is filed under.
    package var variant: String
    /// The metadata's subvariant: the block's, or the variant's uid.
    package var subvariant: String
    /// The metadata's type, where the config sets it; else it is told from the file name.
    package var manifestType: String?
    /// The hub's method, e.g. `imageBuilderBuild`.
    package var method: String
    /// The positional parameters as they go on the wire.
    package var params: [JSONValue]
    /// Built arches that may fail; `run` adds them to the options where the hub takes them.
    package var failableArches: [String]
    /// Whether the compose can do without the image: every arch is failable.
    package var canFail: Bool
    package var arches: [ArchTask]

    package init(
        id: ImageTaskID, variant: String, subvariant: String, manifestType: String?, method: String,
        params: [JSONValue], failableArches: [String], canFail: Bool, arches: [ArchTask]
    ) {
        self.id = id
        self.variant = variant
        self.subvariant = subvariant
        self.manifestType = manifestType
        self.method = method
        self.params = params
        self.failableArches = failableArches
        self.canFail = canFail
        self.arches = arches
    }
}
