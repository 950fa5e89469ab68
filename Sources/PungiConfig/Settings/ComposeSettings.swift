/// What the path from config to images uses of a Pungi configuration, read and typed.
package struct ComposeSettings: Sendable {
    package var releaseName: Located<String>
    package var releaseShort: Located<String>
    package var releaseVersion: Located<String>
    /// `release_type`: ga, updates, eus, ...
    package var releaseType: String
    package var releaseIsInternal: Bool
    package var baseProduct: BaseProduct?

    package var composeType: Located<String>?
    package var kojiProfile: Located<String>?
    package var kojiCache: Located<String>?
    package var linkType: String
    package var translatePaths: [PathPair]
    package var skipPhases: [Located<String>]
    package var createsOptionalISOs: Bool
    /// Kinds of digests that images.json and the checksum files shall hold.
    package var mediaChecksums: [String]
    /// One checksum file for each directory.
    package var mediaChecksumOneFile: Bool
    /// What their names begin with, before substitutions.
    package var mediaChecksumBaseName: String
    /// Where these two stand; nil where they have their defaults.
    package var mediaChecksumPlace: SourceLocation?
    package var mediaChecksumNamePlace: SourceLocation?

    package var treeArches: [String]
    package var treeVariants: [String]
    package var variantsFile: Located<VariantsSource>

    package var imageBuilder: [ImageBuilderPattern]
    package var imageBuilderFallback: FallbackOptions
    package var globalFallback: FallbackOptions

    package struct BaseProduct: Sendable, Hashable {
        package var name: String
        package var short: String
        package var version: String
        package var type: String
    }

    /// Where `variants.xml` is to be had.
    package enum VariantsSource: Sendable, Hashable {
        /// A file, relative to the directory of the main config file.
        case file(String)
        /// A repository of a version control system, which this program does not read.
        case scm(String)
    }
}
