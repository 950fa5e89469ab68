/// What image-builder can build for each distribution, and what it takes for that.
///
/// Source: the definitions in the repository osbuild/images, as `image-types.yaml` has them.
package struct ImageTypeCatalog: Sendable, Hashable {
    package var distributions: [Distribution]

    /// A distribution whose image types are known.
    package struct Distribution: Sendable, Hashable {
        /// `fedora`, or with the major version where the types depend on it: `rhel-10`.
        package var name: String
        /// Distributions that are offered the same, except what is only for ``name``.
        package var like: [String]
        package var types: [ImageType]
        /// What older image-builders offered.
        package var gone: [GoneType]

        /// The type of this name or older name.
        package func type(_ name: String) -> ImageType? {
            types.first { $0.name == name } ?? types.first { $0.aliases.contains(name) }
        }
    }

    package struct ImageType: Sendable, Hashable {
        package var name: String
        /// Older names that are still accepted.
        package var aliases: [String]
        package var arches: [String]
        /// Of the file that it makes, without the first dot.
        package var suffix: String
        /// Type and format that Pungi tells from the suffix; nil when the image cannot be recorded.
        package var metadata: Metadata?
        /// The blueprint parts that it takes, as dotted paths; nil when they are not known.
        package var blueprint: [String]?
        /// The blueprint parts that it cannot do without.
        package var requires: [String]
        package var ostree: OSTreeUse
        /// The `manifest_type` that consumers look for, where Pungi would write another.
        package var expected: String?
        /// The subvariant that consumers of Fedora's composes look for.
        package var subvariant: String?
        package var isRHELOnly: Bool
    }

    package struct Metadata: Sendable, Hashable {
        package var type: String
        package var format: String
    }

    /// What an image type does with ostree.
    package enum OSTreeUse: String, Sendable, CaseIterable {
        /// It deploys a commit: a URL and a ref are for it.
        case takes
        /// It composes a commit.
        case makes
        /// It knows nothing of it, and refuses the options.
        case none
    }

    package struct GoneType: Sendable, Hashable {
        package var name: String
        package var suffix: String
        /// The type that does its work today.
        package var now: String
    }

    /// The table that comes with the program, read when it is first asked for. A test reads the same bytes, so they are
    /// never bad; if they were, no rule that needs the table would fire.
    package static let builtIn: ImageTypeCatalog =
        (try? ImageTypeCatalog(yaml: PackageResources.image_types_yaml, name: "image-types.yaml"))
        ?? ImageTypeCatalog(distributions: [])

    /// All blueprint parts that any type takes.
    package var blueprintParts: Set<String> {
        Set(distributions.flatMap { $0.types.flatMap { $0.blueprint ?? [] } })
    }
}
