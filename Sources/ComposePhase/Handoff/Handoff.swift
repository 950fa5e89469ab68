package import PungiConfig

/// What Pungi's own phase hands over: everything that Pungi has resolved already, in one JSON document (docs/handoff.md).
///
/// Nothing of it is resolved again: variants are Pungi's, not those of variants.xml, and directories are what Pungi's path
/// methods gave, which a site may have replaced.
package struct Handoff: Sendable {
    /// The configuration after Pungi's defaults.
    package let settings: ComposeSettings
    package let variants: VariantSet
    package let compose: ComposeIdentity
    /// The compose directory, with the places that differ from Pungi's own rules.
    package let layout: ComposeLayout
    /// The repository of each variant that has one, by uid; `$arch` stands for the builder's arch.
    package let repositories: [String: String]
    /// The document as it was read: kept in the compose, for whoever goes on with the run.
    package let bytes: [UInt8]
    /// What is strange and no reason to stop.
    package let warnings: [Diagnostic]

    /// As large as a document may be, in bytes.
    package static let mostBytes = 64 << 20

    /// The version of the document that is understood; others of the same first number are read as far as it goes.
    package static let version = "1.0"

    static let type = "phase-runner.handoff"

    /// Reads a document.
    ///
    /// - Parameter path: the file's, for complaints.
    /// - Throws: all that is wrong with it at once, each with its place in the document.
    package static func read(_ bytes: [UInt8], path: String) throws(ConfigFailure) -> Handoff {
        var limits = ConfigLimits.standard
        limits.fileBytes = mostBytes
        let document = try ConfigDocument.parse(bytes: bytes, path: path, as: .json, limits: limits)
        var reader = HandoffReader(document: document)
        return try reader.handoff(bytes)
    }

    /// The plan of what was handed over.
    package func plan(namesHub: Bool) -> PhasePlan {
        var plan = PhasePlanner(
            settings: settings, variants: variants, compose: compose, composeDirectory: layout.top, namesHub: namesHub,
            repositories: repositories
        ).plan()
        plan.diagnostics = warnings + plan.diagnostics
        return plan
    }
}
