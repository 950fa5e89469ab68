/// One block of the `imagebuilder` section: an image to build for each variant that the pattern matches.
///
/// A nil option is one whose key is not there: by Pungi's fallback rule a key that is there wins even when it is
/// empty. `distro` is accepted by Pungi and then lost; `preview`, `bootc` and `skip_tag` are known to the newest hub
/// plugin and not yet to Pungi, which refuses them.
package struct ImageBuilderBlock: Sendable {
    package let location: SourceLocation
    package var name: Located<String>
    package var types: Located<[String]>
    package var target: Located<String>?
    package var arches: Located<[Located<String>]>?
    package var version: Located<String>?
    package var release: Located<String>?
    package var repos: [Located<String>]
    package var distro: Located<String>?
    package var scratch: Located<Bool>?
    package var ostree: Located<ConfigDict>?
    package var bootc: Located<ConfigDict>?
    package var failable: Located<[Located<String>]>?
    package var subvariant: Located<String>?
    package var blueprint: Located<ConfigDict>?
    package var seed: Located<ConfigInteger>?
    package var manifestType: Located<String>?
    package var preview: Located<Bool>?
    package var skipTag: Located<Bool>?
}

/// The `imagebuilder` section's entry for one variant pattern.
package struct ImageBuilderPattern: Sendable {
    /// A Python regular expression, matched from the start of the variant's uid.
    package let pattern: Located<String>
    package let blocks: [ImageBuilderBlock]
}

/// Options beside the section: `imagebuilder_KEY`, or `global_KEY` for all phases.
package struct FallbackOptions: Sendable {
    package var target: Located<String>?
    package var version: Located<String>?
    /// Outer nil: no such key. Inner nil: the key is there and says None.
    package var release: Located<String?>?
    package var seed: Located<ConfigInteger>?
    package var scratch: Located<Bool>?
}
