import ComposePhase
import Foundation
import ProductMD
import PungiConfig

/// A config and its variants in a directory of their own, and the plan that comes of them.
struct PlanWorld {
    static let head = """
        release_name = "Fedora"
        release_short = "Fedora"
        release_version = "44"
        variants_file = "variants.xml"
        pkgset_source = "koji"
        pkgset_koji_tag = "f44"
        gather_method = "nodeps"
        koji_profile = "koji"

        """

    static let variants = """
        <variants>
          <variant id="Everything" name="Everything" type="variant">
            <arches><arch>x86_64</arch><arch>aarch64</arch></arches>
          </variant>
          <variant id="IoT" name="IoT" type="variant" is_empty="true">
            <arches><arch>x86_64</arch><arch>aarch64</arch></arches>
          </variant>
          <variant id="Server" name="Server" type="variant" has_optional="true">
            <arches><arch>x86_64</arch><arch>aarch64</arch></arches>
            <variants><ref id="HA"/></variants>
          </variant>
          <variant id="HA" name="HA" type="addon"><arches><arch>x86_64</arch></arches></variant>
        </variants>
        """

    var config: String
    var variants = Self.variants
    var type: ComposeType = .nightly
    var label: String?
    var hasNoLabel = false
    var namesHub = false
    var respin = 0

    /// - Parameter section: what follows the head of every config.
    init(_ section: String) { config = Self.head + section }

    func plan() throws -> PhasePlan {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("compose.conf").path
        try config.write(toFile: path, atomically: false, encoding: .utf8)
        try variants.write(
            to: directory.appendingPathComponent("variants.xml"), atomically: false, encoding: .utf8)
        let (settings, warnings) = try SettingsReader.read(try ConfigDocument.load(path: path))
        var plan = PhasePlanner(
            settings: settings, variants: try VariantsInput.load(for: settings, besideConfig: path),
            compose: try ComposeIdentity(
                settings: settings,
                request: ComposeRequest(
                    type: type, label: label, hasNoLabel: hasNoLabel, isSupported: false, date: "20260102",
                    respin: respin)),
            composeDirectory: "/c", namesHub: namesHub
        ).plan()
        plan.diagnostics = warnings + plan.diagnostics
        return plan
    }

    /// The codes of the complaints of one severity, sorted.
    static func codes(_ plan: PhasePlan, _ severity: Severity) -> [String] {
        plan.diagnostics.filter { $0.severity == severity }.map(\.code).sorted()
    }
}

extension ImageTask {
    /// One option of the call.
    func option(_ name: String) -> JSONValue? { params.count == 6 ? params[5][name] : nil }
}
