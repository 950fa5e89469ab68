import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

@Suite("Examination of a configuration")
struct ExaminationTests {
    private static let variants = """
        <variants><variant id="IoT" name="IoT" type="variant"><arches><arch>x86_64</arch></arches></variant></variants>
        """

    private static let head = """
        release_name = "Fedora"
        release_short = "Fedora"
        release_version = "44"
        variants_file = "variants.xml"
        pkgset_source = "koji"
        gather_method = "nodeps"
        koji_profile = "koji"

        """

    /// Examines a configuration in a directory of its own.
    private static func examine(
        _ text: String, ignored: Set<String> = [], variables: String? = nil, defines: [Define] = []
    ) throws -> ConfigExamination {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "examination-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try variants.write(to: directory.appendingPathComponent("variants.xml"), atomically: false, encoding: .utf8)
        let config = directory.appendingPathComponent("compose.conf")
        try (head + text).write(to: config, atomically: false, encoding: .utf8)
        var options = ConfigExamination.Options(date: "20260102")
        options.ignored = ignored
        options.defines = defines
        if let variables {
            let file = directory.appendingPathComponent(".pungi-config-validate.json")
            try variables.write(to: file, atomically: false, encoding: .utf8)
            options.defines += try ValidationVariables.beside(config.path)
        }
        return ConfigExamination.run(config.path, options: options)
    }

    private static let block =
        "imagebuilder = {'^IoT$': [{'name': 'a', 'target': 't', 'types': ['minimal-raw-xz'], 'subvariant': 'Minimal'}]}\n"

    @Test("a good configuration has nothing to be said of")
    func good() throws {
        let examination = try Self.examine(Self.block)
        #expect(examination.diagnostics.isEmpty, "\(examination.diagnostics)")
        #expect(examination.passes(strictly: true))
    }

    @Test("one run finds mistakes of the schema, of variants and of the plan, in the order of the file")
    func allAtOnce() throws {
        let examination = try Self.examine(
            "link_type = 'move'\nzzz = 1\nimagebuilder = {'^Iot$': [{'name': 'a', 'target': 't', 'types': ['x']}]}\n")
        #expect(examination.diagnostics.map(\.code) == ["config.enum", "config.unknown-option", "plan.pattern-unused"])
        #expect(!examination.passes(strictly: false))
    }

    /// A comment, and whether the warning of the unknown option in line 9 is silenced by it.
    static let comments: [(text: String, isSilenced: Bool)] = [
        ("\nzzz = 1  # phase-runner: ignore config.unknown-option\n", true),
        ("# phase-runner: ignore config.unknown-option\nzzz = 1\n", true),
        ("# phase-runner: ignore plan.types, config.unknown-option\nzzz = 1\n", true),
        ("\nzzz = 1\n# phase-runner: ignore-file config.unknown-option\n", true),
        ("# phase-runner: ignore plan.types\nzzz = 1\n", false),
        ("# phase-runner: ignore config.unknown-option\n\nzzz = 1\n", false),
        ("# a word about phase-runner: ignore config.unknown-option\nzzz = 1\n", false),
    ]

    @Test("a comment silences a warning of its line or of the next", arguments: 0..<comments.count)
    func silenced(index: Int) throws {
        let row = Self.comments[index]
        let examination = try Self.examine(row.text)
        #expect(examination.silenced.map(\.code) == (row.isSilenced ? ["config.unknown-option"] : []))
        #expect(examination.passes(strictly: true) == row.isSilenced)
    }

    @Test("a comment that asks for nothing known is told of")
    func wrongComment() throws {
        #expect(try Self.examine("# phase-runner: ingore plan.types\n").diagnostics.map(\.code) == ["config.silence"])
    }

    @Test("the command line silences, but not what keeps Pungi from starting")
    func ignored() throws {
        #expect(try Self.examine("zzz = 1\n", ignored: ["config.unknown-option"]).passes(strictly: true))
        let wrong = try Self.examine("link_type = 'move'\n", ignored: ["config.enum"])
        #expect(wrong.diagnostics.map(\.code) == ["config.enum"] && wrong.silenced.isEmpty)
        let newer = Self.block.replacing("'name'", with: "'preview': True, 'name'")
        #expect(try Self.examine(newer).count(.error) == 1)
        #expect(try Self.examine(newer, ignored: ["config.not-in-pungi"]).count(.error) == 0)
    }

    @Test("variables are defined for validation and are no unknown options")
    func variables() throws {
        let use = "koji_cache = '%s/x' % where\n"
        #expect(try Self.examine(use).diagnostics.map(\.code) == ["config.undefined"])
        #expect(try Self.examine(use, defines: [try #require(Define("where=/tmp"))]).diagnostics.isEmpty)
        #expect(try Self.examine(use, variables: #"{"where": "/tmp"}"#).diagnostics.isEmpty)
    }

    @Test("a repository for variants.xml is told of, and the rest is looked at")
    func scm() throws {
        let examination = try Self.examine("variants_file = {'scm': 'git', 'repo': 'https://x', 'file': 'v.xml'}\n")
        #expect(examination.diagnostics.map(\.code) == ["variants.not-read"])
        #expect(examination.passes(strictly: true))
    }

    @Test("the log for code review is SARIF 2.1.0", .needsPeers)
    func sarif() throws {
        let examinations = [
            try Self.examine("link_type = 'move'\nzzz = 1  # phase-runner: ignore config.unknown-option\n"),
            try Self.examine("x = \n"), try Self.examine(Self.block),
            ConfigExamination.run("no such file", options: .init(date: "20260102")),
        ]
        let log = SARIFLog(catalogue: .builtIn, version: "1.2.3").encode(examinations)
        let said = try PythonPeer.run("sarif_peer.py", input: Data(JSONWriter.pretty(log)))
        #expect(String(decoding: said, as: UTF8.self) == "")
        let text = String(decoding: JSONWriter.pretty(log), as: UTF8.self)
        #expect(text.contains("\"suppressions\"") && text.contains("\"startLine\": 8"))
    }

    @Test("the document has every finding, with what it is about")
    func document() throws {
        let document = DiagnosticsDocument.encode([try Self.examine("link_type = 'move'\n")], strictly: false)
        let text = String(decoding: JSONWriter.pretty(document), as: UTF8.self)
        #expect(text.contains("\"option\": \"link_type\"") && text.contains("\"passed\": false"))
        #expect(text.contains("\"line\": 8"))
    }
}
