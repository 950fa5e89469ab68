import Foundation
import Koji
import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Checksum files")
struct ChecksumFilesTests {
    private static func compose(label: String? = nil, type: ComposeType = .nightly) throws -> ComposeIdentity {
        try ComposeIdentity(
            settings: try settings(""),
            request: ComposeRequest(
                type: type, label: label, hasNoLabel: true, isSupported: false, date: "20260102", respin: 3))
    }

    static func settings(_ lines: String) throws -> ComposeSettings {
        let text = """
            release_name = "Fedora"
            release_short = "Fedora"
            release_version = "44"
            variants_file = "v.xml"
            gather_method = "nodeps"
            pkgset_source = "koji"
            comps_file = "c.xml"
            sigkeys = [None]
            \(lines)
            """
        return try SettingsReader.read(try ConfigDocument.parse(bytes: Array(text.utf8), path: "t.conf")).settings
    }

    static let names: [(pattern: String, label: String?, makes: String?)] = [
        ("", nil, ""), ("X", nil, "X-"),
        // Fedora's and Bodhi's.
        (
            "%(release_short)s-%(variant)s-%(version)s-%(arch)s-%(date)s%(type_suffix)s.%(respin)s", nil,
            "Fedora-IoT-44-x86_64-20260102.n.3-"
        ),
        ("Fedora-%(variant)s-%(version)s-%(date)s.%(respin)s-%(arch)s", nil, "Fedora-IoT-44-20260102.3-x86_64-"),
        ("{variant}-{arch}", nil, "IoT-x86_64-"), ("%(compose_id)s-{dirname}", nil, "Fedora-44-20260102.n.3-iso-"),
        ("%(label)s.%(label_major_version)s", "RC-1.2", "RC-1.2.1-"), ("%(label)s", nil, "None-"),
        ("%(respin)02d%%{{x}}", nil, "03%{x}-"), ("%(respin)4s|%(type)-8s|", nil, "   3|nightly |-"),
        ("%(nothing)s", nil, nil), ("{nothing}", nil, nil), ("100%", nil, nil), ("%(type)d", nil, nil),
        ("{", nil, nil), ("}", nil, nil), ("%(date", nil, nil), ("a/b", nil, nil), ("{type!r}", nil, nil),
    ]

    @Test("the name's substitutions are Pungi's", arguments: names)
    func name(_ test: (pattern: String, label: String?, makes: String?)) throws {
        let name = ChecksumFileName(
            compose: try Self.compose(label: test.label), variant: "IoT", arch: "x86_64", directory: "iso")
        #expect((try? name.prefix(test.pattern)) == test.makes)
    }

    @Test("what can be filled in is what Python fills in", .needsPeers)
    func python() throws {
        let program = """
            import json, sys
            values = dict(compose_id="Fedora-44-20260102.n.3", release_short="Fedora", version="44", date="20260102", respin=3,
                          type="nightly", type_suffix=".n", label=None, label_major_version=None, variant="IoT",
                          arch="x86_64", dirname="iso")
            def fill(p):
                try:
                    return (p % values).format(**values) + "-" if p else ""
                except Exception:
                    return None
            print(json.dumps([fill(p) for p in json.load(sys.stdin)]))
            """
        let rows = Self.names.filter { $0.label == nil && !$0.pattern.contains("/") && !$0.pattern.contains("!") }
        let result = try PythonPeer.run(
            program: PythonPeer.python, ["-c", program], input: try JSONEncoder().encode(rows.map(\.pattern)))
        #expect(try JSONDecoder().decode([String?].self, from: result.stdout) == rows.map(\.makes))
    }

    static let wrong: [(lines: String, says: String)] = [
        ("media_checksum_one_file = True", "exactly one kind"),
        ("media_checksums = []\nmedia_checksum_one_file = True", "exactly one kind"),
        ("media_checksums = ['sha257']", "no digest 'sha257'"),
        ("media_checksum_base_filename = '%(dirname)s'", "it has no 'dirname'"),
        ("media_checksum_base_filename = '{'", "a brace stands alone"),
    ]

    @Test("what cannot be written is found before anything is built", arguments: wrong)
    func problems(_ test: (lines: String, says: String)) throws {
        let problems = ChecksumFiles.problems(try Self.settings(test.lines), try Self.compose())
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains(test.says) == true, "\(problems)")
        #expect(problems.first?.location?.line != nil)
    }

    @Test(
        "what can be written is not complained of",
        arguments: [
            "",
            "media_checksums = ['sha512']\nmedia_checksum_one_file = True\nmedia_checksum_base_filename = '{dirname}'",
            "media_checksums = ['sha3_256', 'blake2b']",
        ])
    func good(lines: String) throws {
        #expect(ChecksumFiles.problems(try Self.settings(lines), try Self.compose()).isEmpty)
    }

    @Test("what others wrote stays, what is gone goes, and tools can check the rest")
    func merged() throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("sums-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let layout = ComposeLayout(top: top.path)
        let directory = layout.path("compose/IoT/x86_64/images")
        try AtomicFile.makeDirectories(directory)
        for name in ["a.raw.xz", "theirs.iso"] {
            try AtomicFile.write(Array("\(name)\n".utf8), to: "\(directory)/\(name)")
        }
        let theirs = RunningDigest(["sha256"])
        Array("theirs.iso\n".utf8).withUnsafeBytes { theirs.update($0) }
        let before = ChecksumText(
            reading: Array(
                """
                # a remark of somebody
                # theirs.iso: 11 bytes
                SHA256 (theirs.iso) = \(theirs.finish()["sha256"] ?? "")
                # gone.iso: 4 bytes
                SHA256 (gone.iso) = 00
                # a.raw.xz: 1 bytes
                SHA256 (a.raw.xz) = 11

                """.utf8))
        try AtomicFile.write(before.bytes, to: "\(directory)/CHECKSUM")
        let ours = RunningDigest(["sha256"])
        Array("a.raw.xz\n".utf8).withUnsafeBytes { ours.update($0) }
        var image = CollectedImage.named("a.raw.xz", of: ImageTaskID("IoT/a/b"))
        image.size = 9
        image.checksums = ours.finish()
        let settings = try Self.settings("media_checksums = ['sha256']\nmedia_checksum_one_file = True")
        for _ in 1...2 {
            try ChecksumFiles.write(for: [image], settings: settings, compose: try Self.compose(), in: layout)
        }
        let text = String(decoding: try AtomicFile.read("\(directory)/CHECKSUM") ?? [], as: UTF8.self)
        #expect(text.hasPrefix("# a remark of somebody\n# a.raw.xz: 9 bytes\nSHA256 (a.raw.xz) = "))
        #expect(text.contains("# theirs.iso: 11 bytes\n") && !text.contains("gone"))
        let check = try PythonPeer.run(
            program: URL(fileURLWithPath: "/bin/sh"),
            ["-c", "cd \"$0\" && sha256sum --check --strict CHECKSUM", directory],
            input: Data())
        #expect(check.status == 0, "\(String(decoding: check.stdout, as: UTF8.self)) \(check.stderr)")
    }
}
