import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport

/// A config, read and planned, and what the lint says of it.
struct LintWorld {
    let plan: PhasePlan
    let found: [Diagnostic]

    init(path: String, pluginVersion: Int? = nil) throws {
        let document = try ConfigDocument.load(path: path)
        try self.init(document: document, path: path, pluginVersion: pluginVersion)
    }

    /// - Parameter section: what follows the head of the lint's fixtures.
    init(_ section: String, pluginVersion: Int? = nil) throws {
        let path = Checkout.fixtures.appendingPathComponent("lint/test.conf").path
        let document = try ConfigDocument.parse(
            bytes: Array("from head import *\n\(section)".utf8), path: path, imports: DiskFileSource())
        try self.init(document: document, path: path, pluginVersion: pluginVersion)
    }

    private init(document: ConfigDocument, path: String, pluginVersion: Int?) throws {
        let (settings, _) = try SettingsReader.read(document)
        let variants = try VariantsInput.load(for: settings, besideConfig: path)
        let compose = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: "20260102", respin: 0))
        plan = PhasePlanner(
            settings: settings, variants: variants, compose: compose, composeDirectory: "/mnt/koji/compose/c",
            namesHub: false
        ).plan()
        found =
            Lint(
                document: document, settings: settings, variants: variants, compose: compose, plan: plan,
                pluginVersion: pluginVersion
            ).diagnostics
    }

    /// The codes of one block that stands for the pattern `^Everything$`, `^IoT$` or `^Spins$`.
    static func codes(_ pattern: String, _ block: String, before: String = target, pluginVersion: Int? = nil) throws
        -> [String]
    {
        try LintWorld("\(before)\nimagebuilder = {\"\(pattern)\": [\(block)]}\n", pluginVersion: pluginVersion)
            .found.map(\.code)
    }

    static let target = "imagebuilder_target = \"f44-image-builder\""
}
