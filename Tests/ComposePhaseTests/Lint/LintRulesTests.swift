import ComposePhase
import Foundation
import PungiConfig
import TestSupport
import Testing

/// The edges of the rules, beyond their fixtures: a block, and the codes that it gets.
@Suite("Rules of the field, at their edges")
struct LintRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern = "^Everything$"
        let block: String
        var before = LintWorld.target
        var plugin: Int?
        let codes: [String]

        var testDescription: String { "\(before) \(block)" }

        init(
            _ block: String, _ codes: [String], on pattern: String = "^Everything$",
            before: String = LintWorld.target, plugin: Int? = nil
        ) {
            self.block = "{\"name\": \"n\", \(block)}"
            self.codes = codes.map { "lint.\($0)" }
            self.pattern = pattern
            self.before = before
            self.plugin = plugin
        }
    }

    static func expect(_ test: Case) throws {
        let found = try LintWorld.codes(test.pattern, test.block, before: test.before, pluginVersion: test.plugin)
        #expect(found.sorted() == test.codes.sorted())
    }

    static let qcow2 = "\"types\": [\"generic-qcow2\"]"
    static let iot =
        "\"types\": [\"iot-raw-xz\"], \"subvariant\": \"IoT\", \"ostree\": {\"url\": \"https://e/r\", \"ref\": "
    static let target = LintWorld.target

    @Test(
        "arches",
        arguments: [
            Case("\(qcow2)", []),
            Case("\(qcow2), \"arches\": []", []),
            Case("\(qcow2), \"arches\": [\"amd64\", \"x86_64\"]", ["arch-not-in-variant"]),
            Case("\(qcow2), \"arches\": [\"x64\"]", ["arch-misspelt"]),
            // Nothing is left to build: planning says so.
            Case("\(qcow2), \"arches\": [\"s390x\"]", []),
            Case("\(qcow2), \"arches\": [\"s390x\", \"x86_64\"]", ["arch-not-in-variant"]),
            Case("\(qcow2), \"arches\": [\"ppc64le\", \"x86_64\"]", [], on: "^(Everything|IoT)$"),
            Case("\(qcow2), \"failable\": [\"*\"]", []),
            Case("\(qcow2), \"failable\": [\"arm46\"]", ["arch-misspelt"]),
            Case("\(qcow2), \"failable\": [\"s390x\"]", ["failable-arch"]),
            // Said once, of arches.
            Case(
                "\(qcow2), \"arches\": [\"s390x\", \"x86_64\"], \"failable\": [\"s390x\"]", ["arch-not-in-variant"]),
            Case(
                "\(qcow2), \"arches\": [\"aarch64\", \"x86_64\"], \"failable\": [\"aarch64\"]", [],
                before: target + "\ntree_arches = [\"x86_64\"]"),
            Case("\(qcow2)", ["arch-misspelt"], before: target + "\ntree_arches = [\"x86_64\", \"ppc46le\"]"),
            // A pattern that matches nothing is planning's.
            Case("\(qcow2), \"arches\": [\"x64\"]", [], on: "^Nothing$"),
            Case("\(qcow2), \"arches\": [\"x64\"]", [], on: "^(Nothing"),
        ])
    func arches(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "image types",
        arguments: [
            Case("\"types\": [\"qcow2\"]", ["image-type-renamed"]),
            Case("\"types\": [\"qcow2\"]", [], before: "imagebuilder_target = \"rhel-9.6-image\""),
            Case(
                "\"types\": [\"generic-qcow2\"]", ["image-type-not-offered"], before: "global_target = \"c10s-image\""),
            Case("\"types\": [\"ec2-ha\"], \"arches\": [\"x86_64\"]", [], before: "global_target = \"rhel-9-image\""),
            Case(
                "\"types\": [\"ec2-ha\"], \"arches\": [\"x86_64\"]", ["image-type-not-offered"],
                before: "global_target = \"c9s-image\""),
            Case("\"types\": [\"qcow2\"], \"distro\": \"rhel-9.6\"", []),
            Case("\"types\": [\"qcow2\"], \"distro\": \"rhel-96\"", []),
            // Not in the table: nothing is said.
            Case("\"types\": [\"anything\"], \"distro\": \"bazzite-42\"", []),
            Case("\"types\": [\"qcow2\"]", [], before: "global_target = \"eln-image\""),
            Case("\"types\": [\"qcow2\"]", [], before: "release_short = \"Fedora-ELN\"\nglobal_target = \"t\""),
            Case("\"types\": [\"qcow2\"], \"bootc\": {\"ref\": \"r\"}", []),
            // No distribution has it: planning's.
            Case("\"types\": [\"generic-qcow3\"]", []),
            Case("\"types\": []", []),
            Case("\"types\": [\"qcow2\", \"oci\"]", []),
            Case("\"types\": [\"generic-wsl\"], \"arches\": [\"aarch64\"]", ["image-type-arch"]),
            Case("\"types\": [\"server-oci\"], \"arches\": [\"x86_64\"]", ["image-type-gone"]),
        ])
    func imageTypes(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "metadata",
        arguments: [
            Case("\(qcow2), \"manifest_type\": \"qcow2\"", []),
            Case("\(qcow2), \"manifest_type\": \"raw-xz\"", ["manifest-type-format"]),
            // productmd names no format for it, and no type at all is planning's.
            Case("\(qcow2), \"manifest_type\": \"ec2\"", []),
            Case("\(qcow2), \"manifest_type\": \"nonsense\"", []),
            Case("\(qcow2), \"subvariant\": \"\"", ["subvariant"]),
            Case("\"types\": [\"workstation-live-installer\"], \"arches\": [\"x86_64\"]", ["manifest-type-missing"]),
            Case(
                "\"types\": [\"cloud-gce\"], \"arches\": [\"x86_64\"], \"manifest_type\": \"\"",
                ["manifest-type-missing"]),
            Case("\"types\": [\"server-network-installer\"], \"arches\": [\"x86_64\"]", []),
            Case(
                "\"types\": [\"minimal-raw-xz\"], \"arches\": [\"aarch64\"]", [],
                before: target + "\nrelease_short = \"Ours\""),
            Case("\(iot)\"fedora/stable/$arch/iot\"}", [], on: "^IoT$"),
        ])
    func metadata(_ test: Case) throws { try Self.expect(test) }

    static func blueprint(_ text: String) -> String { "\"blueprint\": {\(text)}" }

    @Test(
        "blueprints",
        arguments: [
            Case("\(qcow2), " + blueprint("\"name\": \"n\", \"description\": \"d\", \"packages\": [1]"), []),
            Case("\(qcow2), " + blueprint("\"package\": [1]"), ["blueprint-part"]),
            Case("\(qcow2), " + blueprint("\"customizations\": {}"), []),
            Case("\(qcow2), " + blueprint("\"customizations\": {\"kernel\": {\"name\": \"k\"}}"), []),
            Case("\(qcow2), " + blueprint("\"customizations\": {\"installer\": {\"a\": 1}}"), ["blueprint-part"]),
            Case("\(qcow2), " + blueprint("\"customizations\": {\"installer\": {}}"), []),
            Case(
                "\"arches\": [\"x86_64\"], \(iot)\"r/x/$arch\"}, "
                    + blueprint(
                        "\"packages\": [1], \"customizations\": {\"kernel\": {\"append\": \"a\", \"name\": \"k\"}}"),
                ["blueprint-part", "blueprint-part"]),
            Case("\"types\": [\"qcow2\"], \"distro\": \"rhel-9.6\", " + blueprint("\"anything\": 1"), []),
        ])
    func blueprints(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "ostree",
        arguments: [
            Case("\(iot)\"r/$arch\"}", [], on: "^IoT$"),
            Case("\(iot)\"r\"}", ["ostree-ref-arch"], on: "^IoT$"),
            Case("\"arches\": [\"x86_64\"], \(iot)\"r\"}", [], on: "^IoT$"),
            Case("\(iot)\"r/$arch/$stream\"}", ["ostree-ref-variable"], on: "^IoT$"),
            Case("\(iot)\"r/${arch}\"}", ["ostree-ref-variable"], on: "^IoT$"),
            Case("\(iot)\"r/$arch\", \"parent\": \"p/$arch\"}", ["ostree-url-arch"], on: "^IoT$"),
            Case("\(iot)\"\"}", ["ostree-missing"], on: "^IoT$"),
            Case("\"types\": [\"iot-commit\"], \"arches\": [\"x86_64\"]", [], on: "^IoT$"),
            Case("\(qcow2), \"ostree\": {}", []),
        ])
    func ostree(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "repositories",
        arguments: [
            Case("\(qcow2), \"repos\": [\"Everything\", \"IoT\", \"https://e/$basearch/os\"]", []),
            Case("\(qcow2), \"repos\": [\"IoT\", \"IoT\"]", ["repo-twice"]),
            Case("\(qcow2), \"repos\": [\"https://e/$releasever/\"]", ["repo-variable"]),
            Case("\(qcow2), \"repos\": [\"https://e/$\"]", ["repo-variable"]),
            Case("\(qcow2), \"arches\": [\"aarch64\"], \"repos\": [\"https://e/aarch64/\"]", []),
            Case("\(qcow2), \"arches\": [\"aarch64\"], \"repos\": [\"https://e/x86_64/\"]", ["repo-arch"]),
            Case("\(qcow2), \"repos\": [\"https://x86_64.example/\"]", []),
        ])
    func repositories(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "names, hubs and fallbacks",
        arguments: [
            Case("\(qcow2), \"release\": \"1-2\"", ["nvr-hyphen"]),
            Case("\(qcow2), \"version\": \"!OSTREE_VERSION_FROM_LABEL_DATE_TYPE_RESPIN\"", []),
            Case("\(qcow2), \"version\": \"!NO-SUCH\"", []),
            Case("\(qcow2)", ["nvr-hyphen"], before: target + "\nrelease_version = \"44-1\""),
            Case("\(qcow2), \"release\": \"20261122.3\"", ["respin-fixed"]),
            Case("\(qcow2), \"release\": \"20261122.3\", \"scratch\": True", []),
            Case("\(qcow2), \"release\": \"1.6\"", []),
            Case("\(qcow2), \"release\": \"2026112.3\"", []),
            Case("\(qcow2), \"seed\": 1", [], plugin: 7),
            Case("\(qcow2), \"seed\": 1", []),
            Case("\(qcow2), \"seed\": 0, \"failable\": []", [], plugin: 6),
            Case("\(qcow2), \"preview\": False, \"seed\": 1", ["plugin-option"], plugin: 10),
            Case(
                "\"types\": [\"qcow2\"], \"bootc\": {\"ref\": \"r\"}, \"failable\": [\"x86_64\"]",
                ["plugin-option", "plugin-failable"], plugin: 10),
            Case(
                "\(qcow2), \"version\": \"44\"", ["fallback-unused"], before: target + "\nimagebuilder_version = \"44\""
            ),
            Case("\(qcow2)", [], before: target + "\nglobal_target = \"f44\"\nosbuild = {}"),
            Case("\(qcow2)", ["fallback-unused"], before: target + "\nglobal_target = \"f44\""),
        ])
    func names(_ test: Case) throws { try Self.expect(test) }

    @Test(
        "branches",
        arguments: [
            Case("\(qcow2)", ["branch"], before: "imagebuilder_target = \"f45-image-builder\""),
            Case("\(qcow2)", ["branch"], before: "imagebuilder_target = \"rawhide\""),
            Case("\(qcow2)", [], before: "imagebuilder_target = \"rawhide\"\nsomewhere = \"rawhide\""),
            Case("\(qcow2)", [], before: "release_version = \"Rawhide\"\n\(target)"),
            Case("\(qcow2)", ["branch"], before: "release_version = \"Rawhide\"\npkgset_koji_tag = \"f45\"\n\(target)"),
            Case("\(iot)\"fedora/43/$arch/iot\"}", ["branch"], on: "^IoT$"),
            Case(
                "\(iot)\"fedora/44/$arch/iot\"}", ["branch"], on: "^IoT$",
                before: "release_version = \"Rawhide\"\npkgset_koji_tag = \"rawhide\"\nimagebuilder_target = \"t\""),
            Case("\(qcow2), \"repos\": [\"https://e/compose/43/os\", \"https://e:43/44/f44\"]", ["branch"]),
            Case("\(qcow2), \"version\": \"43\"", ["branch"]),
            Case("\(qcow2), \"version\": \"1\", " + blueprint("\"packages\": [\"f43\"]"), []),
            Case("\(qcow2), \"distro\": \"fedora-43\"", ["branch"]),
            Case(
                "\(qcow2)", ["branch"],
                before: target
                    + "\nosbuild = {\"^IoT$\": [{\"name\": \"o\", \"distro\": \"fedora-44\", \"image_types\": \"iot-raw-xz\", \"repo\": [{\"baseurl\": \"fc43\"}]}]}"
            ),
            Case(
                "\(qcow2)", [],
                before: "release_short = \"RHEL\"\nrelease_version = \"9.6\"\nglobal_target = \"f43\""),
        ])
    func branches(_ test: Case) throws {
        // The distribution of another branch has the same types.
        try Self.expect(test)
    }

    @Test("fixes name what was meant")
    func fixes() throws {
        func fix(_ section: String) throws -> String? { try LintWorld(section).found.first?.fix }
        #expect(
            try fix("imagebuilder_target = \"f43-image-builder\"\nimagebuilder = {}") == "write f44-image-builder")
        #expect(try fix("kiwibuild = {\"^(Spinz|IoT2)$\": []}") == "did you mean 'Spins'?")
        let arch = try LintWorld(
            "\(Self.target)\nimagebuilder = {\"Spins\": [{\"name\": \"n\", \(Self.qcow2), \"arches\": [\"x86-64\"]}]}")
        #expect(arch.found.first?.fix == "did you mean 'x86_64'?")
        let unused = try LintWorld("\(Self.target)\nimagebuilder = {\"^Spin$\": []}")
        #expect(unused.plan.diagnostics.first { $0.code == "plan.pattern-unused" }?.fix == "did you mean 'Spins'?")
    }

    @Test("what tree_arches and tree_variants leave out is noted, not warned of")
    func leftOut() throws {
        func severities(_ before: String, _ code: String) throws -> [Severity] {
            try LintWorld(
                """
                \(before)
                \(Self.target)
                imagebuilder = {"^Everything$": [{"name": "n", \(Self.qcow2), "arches": ["aarch64"]}],
                    "^Nothing$": []}
                """
            ).plan.diagnostics.filter { $0.code == code }.map(\.severity)
        }
        #expect(try severities("", "plan.no-arches") == [])
        #expect(try severities("tree_arches = [\"x86_64\"]", "plan.no-arches") == [.note])
        #expect(try severities("", "plan.pattern-unused") == [.warning])
        #expect(try severities("tree_variants = [\"Everything\"]", "plan.pattern-unused") == [.note])
    }

    @Test("an image that cannot be recorded is told with a type that can")
    func vanishing() throws {
        let world = try LintWorld(
            "\(Self.target)\nimagebuilder = {\"Spins\": [{\"name\": \"n\", \"types\": [\"minimal-raw-zst\"]}]}")
        #expect(
            world.plan.diagnostics.first { $0.code == "plan.output-format" }?.fix
                == "use another type, such as \"minimal-raw-xz\"")
    }

    @Test("a block for several variants is complained about once, and complaints come in the order of the file")
    func order() throws {
        let world = try LintWorld(
            """
            imagebuilder_target = "f43-image-builder"
            imagebuilder = {".*": [{"name": "n", "types": ["qcow2"],
                "repos": ["https://e/x86_64/"],
                "failable": ["s390x"]}]}
            """)
        #expect(
            world.found.map(\.code) == [
                "lint.branch", "lint.image-type-renamed", "lint.repo-arch", "lint.failable-arch",
            ])
    }

    @Test("every shared case of Pungi's is linted, and only what a rule is for is an error", .needsShared)
    func sharedCases() throws {
        var count = 0
        for run in PungiCasesTests.runs {
            guard let world = try? LintWorld(path: run.folder.appendingPathComponent(run.config).path) else { continue }
            count += 1
            #expect(world.found.filter { $0.severity == .error }.map { $0.rendered() } == [], "\(run.name)")
        }
        #expect(count > 30)
    }
}
