import Foundation
import TestSupport
import Testing

/// Bad input: one clear message, the documented status, nothing half written.
@Suite("What goes wrong is said clearly")
struct ErrorTests {
    static let variants = """
        <variants>
          <variant id="IoT" name="IoT" type="variant" is_empty="true"><arches><arch>x86_64</arch></arches></variant>
        </variants>
        """

    static let head = """
        release_name = "Fedora"
        release_short = "Fedora"
        release_version = "44"
        variants_file = "variants.xml"
        pkgset_source = "koji"
        gather_method = "nodeps"
        koji_profile = "koji"

        """

    /// A wrong config, what the message must name, and where.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var config: String?
        var variants: String? = ErrorTests.variants
        let expected: [String]

        var testDescription: String { name }
    }

    static let block = #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "target": "t"}]}"#

    static let cases: [Case] = [
        Case(name: "missing config", config: nil, expected: ["compose.conf", "No such file"]),
        Case(name: "syntax error", config: "a = 1 +\n", expected: ["compose.conf:1:7", "^"]),
        Case(name: "undefined variable", config: "a = nope\n", expected: ["compose.conf:1:5", "nope"]),
        Case(name: "NUL byte", config: "a = 1\0", expected: ["compose.conf"]),
        Case(name: "missing import", config: "from nothere import *\n", expected: ["compose.conf:1", "nothere.conf"]),
        Case(
            name: "missing variants", config: head + block, variants: nil, expected: ["variants.xml", "compose.conf:4"]),
        Case(
            name: "broken XML", config: head + block, variants: "<variants><variant></variants>",
            expected: ["variants.xml:1"]),
        Case(
            name: "variants against the rules", config: head + block,
            variants:
                #"<variants><variant id="A" name="A" type="zzz"><arches><arch>x86_64</arch></arches></variant></variants>"#,
            expected: ["variants.xml:1", "zzz"]),
        Case(
            name: "unknown variant in a repo",
            config: head
                + #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "target": "t", "repos": ["Nope"]}]}"#,
            expected: ["compose.conf:8", "Nope", "plan.repo-variant"]),
        Case(
            name: "unknown generator",
            config: head
                + #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "target": "t", "release": "!RELEASE_FROM_NOTHING"}]}"#,
            expected: ["compose.conf:8", "!RELEASE_FROM_NOTHING", "plan.generator"]),
        Case(
            name: "several at once", config: "release_version = 44\nlink_type = \"move\"\n",
            expected: ["release_name", "release_version", "link_type", "7 errors"]),
    ]

    @Test("a bad configuration ends plan and run with 2 and leaves nothing behind", arguments: cases)
    func badConfig(input: Case) throws {
        try Program.withDirectory { directory in
            let config = directory.appendingPathComponent("compose.conf")
            try input.config?.write(to: config, atomically: false, encoding: .utf8)
            try input.variants?.write(
                to: directory.appendingPathComponent("variants.xml"), atomically: false, encoding: .utf8)
            let target = directory.appendingPathComponent("target")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let plan = try Program.run(["plan", "--nightly", config.path])
            #expect(plan.status == 2)
            for text in input.expected { #expect(plan.stderr.contains(text), "\(plan.stderr)") }
            let run = try Program.run(["run", "--rehearse", "--nightly", "--target-dir", target.path, config.path])
            #expect(run.status == 2)
            #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        }
    }

    @Test(
        "usage errors end with 2",
        arguments: [
            [], ["plan"], ["zzz"], ["run", "x.conf"], ["plan", "--respin", "-1", "x.conf"], ["dump", "x.conf"],
            ["plan", "--date", "2026-01-01", "x.conf"],
            ["run", "--rehearse", "--koji-profile", "p", "--target-dir", "/t", "x.conf"],
            ["plan", "--target-dir", "a", "--compose-dir", "b", "x.conf"],
            ["plan", "--label", "RC-1.0", "--no-label", "x.conf"],
        ])
    func usage(arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.status == (arguments.isEmpty ? 0 : 2))
        #expect(arguments.isEmpty || !result.stderr.isEmpty)
    }

    @Test("a production compose without a label is told the ways out")
    func label() throws {
        let result = try Program.run(["plan", Program.fixture("fedora-iot/fedora-iot.conf")])
        #expect(result.status == 2)
        #expect(result.stderr.contains("--no-label"))
    }

    @Test("a hub that is not there ends the run with 4, and no compose is made")
    func noHub() throws {
        try Program.withDirectory { directory in
            let koji = directory.appendingPathComponent("koji.conf")
            // Port 1 on loopback: nothing listens there.
            try """
            [test]
            server = http://127.0.0.1:1/kojihub
            authtype = noauth
            """.write(to: koji, atomically: false, encoding: .utf8)
            let target = directory.appendingPathComponent("target")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let result = try Program.run(
                [
                    "run", "--nightly", "--koji-profile", "test", "--koji-config", koji.path, "--hub-patience", "0",
                    "--target-dir", target.path, Program.fixture("fedora-minimal/fedora.conf"),
                ], environment: ["HOME": directory.path])
            #expect(result.status == 4, "\(result.stderr)")
            #expect(result.stderr.contains("127.0.0.1:1"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        }
    }

    @Test("in a compose that Pungi made, its id is taken, and STATUS and composeinfo.json stay Pungi's")
    func adopted() throws {
        try Program.withDirectory { directory in
            let compose = directory.appendingPathComponent("compose")
            let base = compose.appendingPathComponent("work/global")
            try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
            // A rehearsal may only work on a rehearsal.
            try "x".write(to: compose.appendingPathComponent("REHEARSAL"), atomically: false, encoding: .utf8)
            try "STARTED\n".write(to: compose.appendingPathComponent("STATUS"), atomically: false, encoding: .utf8)
            try """
            {"header": {"type": "productmd.composeinfo", "version": "1.2"}, "payload": {
                "compose": {"id": "Fedora-44-20250101.n.7", "date": "20250101", "type": "nightly", "respin": 7},
                "release": {"name": "Fedora", "short": "Fedora", "version": "44", "type": "ga", "internal": false},
                "variants": {}}}
            """.write(to: base.appendingPathComponent("composeinfo-base.json"), atomically: false, encoding: .utf8)
            let result = try Program.run([
                "run", "--rehearse", "--task-seconds", "0.1", "--nightly", "--compose-dir", compose.path,
                Program.fixture("fedora-minimal/fedora.conf"),
            ])
            #expect(result.status == 0, "\(result.stderr)")
            let images = try RehearsalTests.text("compose/metadata/images.json", in: compose)
            #expect(images.contains("\"id\": \"Fedora-44-20250101.n.7\""))
            #expect(images.contains("Fedora-Minimal-44-20250101.n.7.aarch64.raw.xz"))
            #expect(try RehearsalTests.text("STATUS", in: compose) == "STARTED\n")
            let info = compose.appendingPathComponent("compose/metadata/composeinfo.json").path
            #expect(!FileManager.default.fileExists(atPath: info))
        }
    }

    @Test("a rehearsal refuses a directory that is not one, and a compose is made once")
    func directories() throws {
        try Program.withDirectory { directory in
            try "x".write(to: directory.appendingPathComponent("file"), atomically: false, encoding: .utf8)
            let config = Program.fixture("fedora-minimal/fedora.conf")
            let options = ["run", "--rehearse", "--task-seconds", "0.1", "--nightly", "--date", "20261122"]
            let foreign = try Program.run(options + ["--compose-dir", directory.path, config])
            #expect(foreign.status == 5)
            #expect(foreign.stderr.contains("is not a rehearsal"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file"])
            let own = directory.appendingPathComponent("own").path
            #expect(try Program.run(options + ["--compose-dir", own, config]).status == 0)
            let again = try Program.run(options + ["--compose-dir", own, config])
            #expect(again.status == 5)
            #expect(again.stderr.contains("FINISHED"))
        }
    }
}
