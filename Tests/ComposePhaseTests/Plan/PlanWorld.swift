import ComposePhase
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
        let (planner, warnings, _) = try load(tracing: false)
        var plan = planner.plan()
        plan.diagnostics = warnings + plan.diagnostics
        return plan
    }

    /// The planner, and the document that its settings are of.
    func planner(tracing: Bool) throws -> (PhasePlanner, ConfigDocument) {
        let (planner, _, document) = try load(tracing: tracing)
        return (planner, document)
    }

    private func load(tracing: Bool) throws -> (PhasePlanner, [Diagnostic], ConfigDocument) {
        let document = try ConfigDocument.parse(
            bytes: Array(config.utf8), path: "compose.conf", tracing: tracing)
        let (settings, warnings) = try SettingsReader.read(document)
        let request = ComposeRequest(
            type: type, label: label, hasNoLabel: hasNoLabel, isSupported: false, date: "20260102", respin: respin)
        let planner = try Self.planner(settings, request: request, variants: variants, namesHub: namesHub)
        return (planner, warnings, document)
    }

    static func planner(
        _ settings: ComposeSettings,
        request: ComposeRequest = ComposeRequest(
            type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: "20260102", respin: 0),
        variants: String = Self.variants, namesHub: Bool = false
    ) throws -> PhasePlanner {
        PhasePlanner(
            settings: settings,
            variants: try VariantSet.load(
                bytes: Array(variants.utf8), path: "variants.xml", treeArches: settings.treeArches,
                treeVariants: settings.treeVariants),
            compose: try ComposeIdentity(settings: settings, request: request), composeDirectory: "/c",
            namesHub: namesHub)
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
