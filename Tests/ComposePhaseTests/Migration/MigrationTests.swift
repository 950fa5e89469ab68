import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

@Suite("From osbuild blocks to imagebuilder blocks")
struct MigrationTests {
    private static let head = """
        release_name = "Fedora"
        release_short = "Fedora"
        release_version = "44"
        variants_file = "variants.xml"
        pkgset_source = "koji"
        gather_method = "nodeps"
        koji_profile = "koji"

        """

    private static let variants = """
        <variants><variant id="IoT" name="IoT" type="variant" is_empty="true">
        <arches><arch>x86_64</arch><arch>aarch64</arch></arches></variant></variants>
        """

    private static let request = ComposeRequest(
        type: .nightly, label: nil, hasNoLabel: true, isSupported: false, date: "20260102", respin: 0)

    /// Proposes for a configuration in a directory of its own.
    private static func propose(
        _ text: String, files: [String: String] = [:], change: (inout Migration.Options) -> Void = { _ in }
    ) throws -> Migration {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("migration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files.merging(
            ["variants.xml": variants, "compose.conf": head + text], uniquingKeysWith: { $1 })
        {
            try text.write(to: directory.appendingPathComponent(name), atomically: false, encoding: .utf8)
        }
        var options = Migration.Options(request: request)
        change(&options)
        return try Migration.propose(directory.appendingPathComponent("compose.conf").path, options: options)
    }

    /// The configuration after the migration, without its head.
    private static func result(_ migration: Migration) -> String {
        String(String(decoding: migration.changes.first?.new ?? [], as: UTF8.self).dropFirst(head.count))
    }

    private static func block(_ keys: String) -> String {
        "osbuild = {'^IoT$': [{'name': 'a', 'distro': 'fedora-44', \(keys)}]}\n"
    }

    /// Keys of an osbuild block, and of the imagebuilder block that it becomes.
    static let rows: [(old: String, new: String, codes: [String])] = [
        (
            "'image_types': 'iot-raw-xz', 'target': 't'", "'types': [\"iot-raw-xz\"], 'target': 't-image-builder'",
            ["migrate.target"]
        ),
        (
            "'image_types': ['iot-raw-image'], 'target': 'f44-image-builder'",
            "'types': ['iot-raw-xz'], 'target': 'f44-image-builder'", []
        ),
        (
            "'image_types': ('iot-raw-xz',), 'target': 'x-image-builder'",
            "'types': [\"iot-raw-xz\"], 'target': 'x-image-builder'", []
        ),
        (
            "'image_types': 'iot-raw-xz', 'repo': ['A', {'baseurl': 'http://x/$$y/$arch/'}], 'target': 'x-image-builder'",
            "'types': [\"iot-raw-xz\"], 'repos': ['A', \"http://x/$y/$arch/\"], 'target': 'x-image-builder'",
            ["plan.repo-variant"]
        ),
        (
            "'image_types': 'iot-raw-xz', 'repo': [{'baseurl': 'http://x/$releasever/', 'package_sets': ['os']}], 'target': 'x-image-builder'",
            "'types': [\"iot-raw-xz\"], 'repos': [\"http://x/$releasever/\"], 'target': 'x-image-builder'",
            ["migrate.package-sets", "migrate.repository-variable"]
        ),
        (
            "'image_types': 'iot-raw-xz', 'target': 'x-image-builder', 'ostree_ref': 'r', 'subvariant': 'S', 'ostree_url': 'u'",
            "'types': [\"iot-raw-xz\"], 'target': 'x-image-builder', \"ostree\": {\"url\": 'u', \"ref\": 'r'}, 'subvariant': 'S'",
            []
        ),
        (
            "'image_types': 'iot-raw-xz', 'target': 'x-image-builder', 'ostree_parent': 'p/$arch'",
            "'types': [\"iot-raw-xz\"], 'target': 'x-image-builder', \"ostree\": {\"parent\": 'p/$arch'}",
            ["migrate.ostree-parent"]
        ),
        (
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'customizations': {'hostname': 'h', 'kernel': {'append': 'q'}}",
            "'types': [\"minimal-raw-xz\"], 'target': 'x-image-builder', 'blueprint': {\"customizations\": {'hostname': 'h', 'kernel': {'append': 'q'}}}",
            []
        ),
        (
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'customizations': {'packages': ['vim'], 'users': [{'name': 'u'}]}",
            "'types': [\"minimal-raw-xz\"], 'target': 'x-image-builder', 'blueprint': {\"packages\": [{\"name\": \"vim\"}], \"customizations\": {\"user\": [{\"name\": \"u\"}]}}",
            []
        ),
        (
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'customizations': {}, 'failable': ['x86_64']",
            "'types': [\"minimal-raw-xz\"], 'target': 'x-image-builder', 'failable': [\"aarch64\", \"x86_64\"]",
            ["migrate.failable"]
        ),
        (
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'arches': ['x86_64'], 'failable': ['*']",
            "'types': [\"minimal-raw-xz\"], 'target': 'x-image-builder', 'arches': ['x86_64'], 'failable': ['*']", []
        ),
        (
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'upload_options': {}",
            "'types': [\"minimal-raw-xz\"], 'target': 'x-image-builder'", []
        ),
    ]

    @Test("each key is carried over, and the rest stays as it is written", arguments: 0..<rows.count)
    func keys(index: Int) throws {
        let row = Self.rows[index]
        let migration = try Self.propose(Self.block(row.old))
        #expect(Self.result(migration) == "imagebuilder = {'^IoT$': [{'name': 'a', \(row.new)}]}\n")
        #expect(migration.findings.map(\.code).sorted() == row.codes.sorted(), "\(migration.findings.map(\.message))")
    }

    /// What cannot be carried over.
    static let refused: [(text: String, code: String)] = [
        ("'image_types': 'minimal-raw', 'target': 't', 'upload_options': {'region': 'r'}", "migrate.upload"),
        (
            "'image_types': 'minimal-raw', 'target': 't', 'customizations': {'subscription': {}}",
            "migrate.customization"
        ),
    ]

    @Test("what has no counterpart is an error with its place", arguments: 0..<refused.count)
    func errors(index: Int) throws {
        let row = Self.refused[index]
        let migration = try Self.propose(Self.block(row.text))
        #expect(!migration.isComplete && migration.tasks == nil)
        let errors = migration.findings.filter { $0.severity == .error }
        #expect(errors.map(\.code) == [row.code] && errors[0].location?.line == 8)
    }

    @Test("uploads are dropped when that is asked for")
    func uploads() throws {
        let text = Self.block(
            "'image_types': 'minimal-raw', 'target': 'x-image-builder', 'upload_options': {'region': 'r'}")
        let migration = try Self.propose(text) { $0.dropsUploads = true }
        #expect(migration.isComplete && migration.findings.map(\.code) == ["migrate.upload-dropped"])
        #expect(!Self.result(migration).contains("upload"))
    }

    @Test("blocks join a section that is there, under their pattern or a new one")
    func merged() throws {
        let text = """
            imagebuilder_target = "f44-image-builder"
            osbuild = {
                "^IoT$": [
                    {"name": "old", "distro": "fedora-44", "image_types": "iot-raw-xz"},  # kept
                ],
                "^I.T$": [{"name": "other", "distro": "fedora-44", "image_types": "iot-qcow2"}],
            }
            imagebuilder = {
                "^IoT$": [
                    {"name": "new", "types": ["minimal-raw-xz"], "subvariant": "M"},
                ],
            }

            """
        let migration = try Self.propose(text)
        #expect(
            Self.result(migration) == """
                imagebuilder_target = "f44-image-builder"
                imagebuilder = {
                    "^IoT$": [
                        {"name": "new", "types": ["minimal-raw-xz"], "subvariant": "M"},
                        {"name": "old", "types": ["iot-raw-xz"]},
                    ],
                    "^I.T$": [{"name": "other", "types": ["iot-qcow2"]}],
                }

                """)
        #expect(migration.isComplete, "\(migration.findings)")
        #expect(migration.tasks?.count == 2)
    }

    @Test("options of the phase that clash are errors; those that agree are one")
    func clash() throws {
        let block = Self.block("'image_types': 'iot-raw-xz'")
        let clash = try Self.propose("imagebuilder_target = 'a'\nosbuild_target = 'b'\n" + block)
        #expect(clash.findings.map(\.code) == ["migrate.clash"])
        let same = try Self.propose("imagebuilder_target = 'b-image-builder'\nosbuild_target = 'b'\n" + block)
        #expect(
            same.isComplete && Self.result(same).hasPrefix("imagebuilder_target = 'b-image-builder'\nimagebuilder = "))
    }

    @Test("the targets follow the user's rules")
    func targets() throws {
        var rule = TargetRule()
        #expect(rule.add("a=b") && rule.add("image-{}") && !rule.add("x") && !rule.add("=x"))
        #expect(
            rule.target(for: "a") == "b" && rule.target(for: "c") == "image-c"
                && rule.target(for: "image-c") == "image-c")
    }

    @Test("where nothing is to be done, nothing is said")
    func nothing() throws {
        let migration = try Self.propose("imagebuilder_target = 't'\n")
        #expect(migration.changes.isEmpty && migration.findings.isEmpty && migration.isComplete)
    }

    @Test("the fixture's patch is as reviewed (golden), and its plan is good")
    func golden() throws {
        let folder = Checkout.fixtures.appendingPathComponent("migrate")
        let migration = try Migration.propose(
            folder.appendingPathComponent("fedora-iot.conf").path, options: .init(request: Self.request))
        #expect(migration.isComplete && migration.tasks?.count == 3 && migration.calls.count == 3)
        let diff = migration.changes.map { change in
            UnifiedDiff.text(
                old: change.old, new: change.new,
                path: "fixtures/migrate/" + URL(fileURLWithPath: change.path).lastPathComponent)
        }.joined()
        let golden = folder.appendingPathComponent("expected/fedora-iot.diff")
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try diff.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(diff == (try String(contentsOf: golden, encoding: .utf8)))
        // Comments are neither lost nor made.
        for change in migration.changes { #expect(Self.comments(change.old) == Self.comments(change.new)) }
    }

    private static func comments(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.firstIndex(of: "#").map { String(line[$0...]) }
        }
    }
}

/// What the real Pungi sends for osbuild blocks, and that each of these configurations can be carried over.
@Suite("osbuild as Pungi does it", .needsShared)
struct OsbuildCasesTests {
    struct Answer {
        struct Call {
            let args: [JSONValue]
            let opts: JSONValue
            let variant: String
        }
        let calls: [Call]

        init(_ file: URL) throws {
            guard case .object(let document) = try JSONReader.read(Array(Data(contentsOf: file)), name: file.path),
                case .array(let calls)? = document["calls"]
            else { throw CocoaError(.fileReadCorruptFile) }
            self.calls = calls.compactMap { call in
                guard case .object(let members) = call, case .array(let args)? = members["args"],
                    case .object(let keywords)? = members["kwargs"], case .string(let variant)? = members["variant"]
                else { return nil }
                return Call(args: args, opts: keywords["opts"] ?? .null, variant: variant)
            }
        }
    }

    static let cases = ["failable", "fallbacks", "iot", "repos", "types", "upload"]

    @Test("the old calls are those of Pungi", arguments: cases)
    func calls(name: String) throws {
        let folder = Checkout.shared.appendingPathComponent("pungi-cases/osbuild-\(name)")
        let answer = try Answer(folder.appendingPathComponent("expected-plan.json"))
        let config = folder.appendingPathComponent("compose.conf").path
        let document = try ConfigDocument.load(path: config)
        let settings = try SettingsReader.read(document).settings
        let compose = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: true, isSupported: false, date: "20260102", respin: 0))
        let calls = OsbuildPhase(
            document: document, settings: settings,
            variants: try VariantsInput.load(for: settings, besideConfig: config), compose: compose,
            composeDirectory: "@COMPOSE@"
        ).calls()
        #expect(calls.map(\.arguments) == answer.calls.map(\.args))
        // From the second variant on Pungi also sends the repositories of those before: a defect there.
        let first = calls.first?.variant
        let ours = calls.filter { $0.variant == first }.map { JSONValue.object($0.options) }
        #expect(ours == answer.calls.filter { $0.variant == first }.map(\.opts))
        #expect(calls.map(\.variant) == answer.calls.map(\.variant))
    }

    @Test("what is carried over loads and is planned", arguments: cases)
    func migrated(name: String) throws {
        let config = Checkout.shared.appendingPathComponent("pungi-cases/osbuild-\(name)/compose.conf").path
        var options = Migration.Options(
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: true, isSupported: false, date: "20260102", respin: 0))
        options.dropsUploads = true
        let migration = try Migration.propose(config, options: options)
        // These configurations have several images of one identity, which osbuild had, too.
        let errors = migration.findings.filter { $0.severity == .error && $0.code != "plan.duplicate-image" }
        #expect(errors.isEmpty, "\(errors.map(\.message))")
        #expect(migration.tasks?.count == migration.calls.count)
    }
}
