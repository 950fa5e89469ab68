import PungiConfig

/// A block of the `osbuild` section: an image that the hosted service builds.
///
/// The schema has looked at it, so what is of another type is simply not there.
struct OsbuildBlock {
    let pattern: Located<String>
    /// The place of the block's mapping.
    let location: SourceLocation
    let keys: ConfigDict
    let name: String
    let distro: String
    /// As written: one text, or a list of one.
    let imageTypes: ConfigValue

    /// Nil for a block without a name, a distro or an image type: the schema complains of it.
    init?(_ value: ConfigValue, pattern: Located<String>) {
        guard let keys = value.dict, let name = keys["name"]?.string, let distro = keys["distro"]?.string,
            let imageTypes = keys["image_types"]
        else { return nil }
        self.pattern = pattern
        location = value.location
        self.keys = keys
        self.name = name
        self.distro = distro
        self.imageTypes = imageTypes
    }

    /// The type of the image.
    var imageType: String { imageTypes.string ?? imageTypes.items?.first?.string ?? "" }

    /// The arches that it names; nil without the key.
    var arches: [String]? { keys["arches"]?.items.map { $0.compactMap(\.string) } }

    /// The arches and stars that may fail.
    var failable: [String] { keys["failable"]?.items.map { $0.compactMap(\.string) } ?? [] }

    func text(_ key: String) -> String? { keys[key]?.string }

    /// All blocks of a configuration, in its order.
    static func all(in document: ConfigDocument) -> [OsbuildBlock] {
        (document["osbuild"]?.dict?.entries ?? []).flatMap { key, blocks in
            (blocks.items ?? []).compactMap { value in
                OsbuildBlock(value, pattern: Located(key.string ?? "", at: key.location))
            }
        }
    }
}
