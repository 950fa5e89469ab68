package import PungiConfig

/// Rules that know the field: what Pungi and the schema accept, and what would still not be what was meant.
///
/// Pure: it looks at what was read and planned, and asks nobody. What planning itself finds (`plan.*`) is not said again.
package struct Lint: Sendable {
    package var document: ConfigDocument
    package var settings: ComposeSettings
    package var variants: VariantSet
    package var compose: ComposeIdentity
    package var plan: PhasePlan
    /// The version of koji-image-builder on the target hub; nil when it is not known.
    package var pluginVersion: Int?
    /// The image types of the distributions.
    package var catalog: ImageTypeCatalog

    package init(
        document: ConfigDocument, settings: ComposeSettings, variants: VariantSet, compose: ComposeIdentity,
        plan: PhasePlan, pluginVersion: Int? = nil, catalog: ImageTypeCatalog = .builtIn
    ) {
        self.document = document
        self.settings = settings
        self.variants = variants
        self.compose = compose
        self.plan = plan
        self.pluginVersion = pluginVersion
        self.catalog = catalog
    }

    /// Every complaint once, in the order of the files.
    package var diagnostics: [Diagnostic] {
        let subject = LintSubject(self)
        var found: [Diagnostic] = []
        VariantRules(subject: subject).check(&found)
        ArchRules(subject: subject).check(&found)
        ImageTypeRules(subject: subject).check(&found)
        MetadataRules(subject: subject).check(&found)
        BlueprintRules(subject: subject).check(&found)
        OSTreeRules(subject: subject).check(&found)
        RepositoryRules(subject: subject).check(&found)
        NVRRules(subject: subject).check(&found)
        HubOptionRules(subject: subject).check(&found)
        BranchRules(subject: subject).check(&found)
        FallbackRules(subject: subject).check(&found)
        // A block that several variants share is complained about once.
        var seen: Set<Diagnostic> = []
        let once = found.filter { seen.insert($0).inserted }
        return once.enumerated().sorted { left, right in
            switch (left.element.location, right.element.location) {
            case (let a?, let b?) where a != b: a < b
            case (nil, _?): false
            case (_?, nil): true
            default: left.offset < right.offset
            }
        }.map(\.element)
    }
}
