import Koji
import PungiConfig

/// What the rules look at: the blocks, each with the variants it is for and what is known of its image type.
struct LintSubject {
    let lint: Lint
    let blocks: [LintedBlock]

    init(_ lint: Lint) {
        self.lint = lint
        var blocks: [LintedBlock] = []
        for pattern in lint.settings.imageBuilder {
            let matched = Self.variants(of: pattern.pattern.value, among: lint.variants)
            for block in pattern.blocks { blocks.append(LintedBlock(block, variants: matched, lint: lint)) }
        }
        self.blocks = blocks
    }

    /// The variants that a pattern is for. One that is no regular expression (planning says so) is for none.
    private static func variants(of pattern: String, among variants: VariantSet) -> [Variant] {
        guard let compiled = try? VariantPattern(pattern) else { return [] }
        return variants.all.filter { (try? compiled.matches($0.uid)) ?? false }
    }

    /// Whether `tree_arches` leaves an arch out of this compose: naming it is then no mistake.
    func isLeftOut(_ arch: String) -> Bool {
        !lint.settings.treeArches.isEmpty && !lint.settings.treeArches.contains(arch)
    }

    /// Whether the compose is one of Fedora's own, whose consumers are known.
    var isFedora: Bool { lint.settings.releaseShort.value.lowercased().hasPrefix("fedora") }
}

/// One block of the section `imagebuilder`.
struct LintedBlock {
    let source: ImageBuilderBlock
    /// The variants that its pattern matches.
    let variants: [Variant]
    /// The arches of those variants, without `src`.
    let variantArches: Set<String>
    /// The arches that it builds for any of them.
    let arches: Set<String>
    let target: Located<String>?
    let version: Located<String>?
    /// Inner nil: asked for, and None. Outer nil: left to the hub.
    let release: Located<String?>?
    let isScratch: Bool
    let distribution: LintedDistribution?

    init(_ block: ImageBuilderBlock, variants: [Variant], lint: Lint) {
        source = block
        self.variants = variants
        let variantArches = Set(variants.flatMap(\.arches)).subtracting(["src"])
        self.variantArches = variantArches
        arches = block.arches.map { variantArches.intersection($0.value.map(\.value)) } ?? variantArches
        let (own, all) = (lint.settings.imageBuilderFallback, lint.settings.globalFallback)
        target = block.target ?? own.target ?? all.target
        version = block.version ?? own.version ?? all.version
        release = block.release.map { $0.map(Optional.some) } ?? own.release ?? all.release
        isScratch = (block.scratch ?? own.scratch ?? all.scratch)?.value ?? false
        distribution =
            block.bootc == nil
            ? LintedDistribution(
                block: block, target: target?.value, settings: lint.settings, catalog: lint.catalog) : nil
    }

    var name: String { source.name.value }

    /// The image type as written; nil when there is not exactly one, which planning complains about.
    var typeName: String? { source.types.value.count == 1 ? source.types.value.first : nil }

    /// What is known of the image type.
    var type: ImageTypeCatalog.ImageType? { typeName.flatMap { distribution?.types.type($0) } }

    /// The format of the image file in the metadata, as far as the image type tells it.
    var suffix: String? { typeName.flatMap { ImageTypeOutputs.suffix(of: $0) } ?? type?.suffix }
}
