import Foundation
import TestSupport
import Testing

@Suite("plan and dump")
struct PlanAndDumpTests {
    static let iot = [
        "plan", "--format", "json", "--production", "--label", "RC-20261122.0", "--date", "20261122", "--target-dir",
        "/mnt/koji/compose/iot",
    ]

    /// `PHASE_UPDATE_GOLDENS=1` writes the plans of the fixtures anew, to be looked at before they are committed.
    static let goldens: [(config: String, options: [String])] = [
        ("fedora-iot/fedora-iot.conf", iot),
        (
            "fedora-minimal/fedora.conf",
            ["plan", "--format", "json", "--nightly", "--date", "20261122", "--target-dir", "/mnt/koji/compose"]
        ),
    ]

    @Test("the plans of the fixtures are as reviewed", arguments: 0..<goldens.count)
    func golden(index: Int) throws {
        let (config, options) = Self.goldens[index]
        let result = try Program.run(options + [Program.fixture(config)])
        #expect(result.status == 0, "\(result.stderr)")
        // Complaints name the config by the path that it was given.
        let text = result.stdout.replacingOccurrences(
            of: Checkout.fixtures.appendingPathComponent("pungi-configs").path + "/", with: "")
        let golden = Checkout.fixtures.appendingPathComponent(
            "pungi-configs/\(config.split(separator: "/")[0])/expected/plan.json")
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("a plan writes nothing")
    func writesNothing() throws {
        try Program.withDirectory { directory in
            let result = try Program.run(
                ["plan", "--nightly", Program.fixture("fedora-minimal/fedora.conf")], in: directory)
            #expect(result.status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        }
    }

    @Test("YAML says what JSON says", .needsPeers)
    func yaml() throws {
        var options = Self.iot
        let json = try Program.run(options + [Program.fixture("fedora-iot/fedora-iot.conf")])
        options[2] = "yaml"
        let yaml = try Program.run(options + [Program.fixture("fedora-iot/fedora-iot.conf")])
        #expect(yaml.status == 0)
        let script = "import json,sys,yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, sort_keys=True, indent=4)"
        let read = try PythonPeer.run(program: PythonPeer.python, ["-c", script], input: Data(yaml.stdout.utf8))
        let left = try JSONSerialization.jsonObject(with: read.stdout) as? NSDictionary
        let right = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? NSDictionary
        #expect(left != nil && left == right)
    }

    @Test("run does what a reviewed plan says, and refuses the plan of another compose")
    func reviewed() throws {
        try Program.withDirectory { directory in
            let config = Program.fixture("fedora-minimal/fedora.conf")
            let options = ["--rehearse", "--nightly", "--date", "20261122", "--target-dir", directory.path]
            let plan = try Program.run(["plan", "--format", "json"] + options + [config])
            let file = directory.appendingPathComponent("plan.json")
            try plan.stdout.replacingOccurrences(of: "\"Fedora-Minimal\"", with: "\"Fedora-Reviewed\"")
                .write(to: file, atomically: false, encoding: .utf8)
            let run = ["run", "--task-seconds", "0.1", "--plan", file.path]
            let other = try Program.run(run + ["--respin", "7"] + options + [config])
            #expect(other.status == 2)
            #expect(other.stderr.contains("Fedora-44-20261122.n.0"))
            let result = try Program.run(run + options + [config])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stdout.contains("Fedora-Reviewed-44-20261122.n.0.aarch64.raw.xz"))
            #expect(try Program.run(run + options + [config]).status == 5, "a planned compose is made once")
        }
    }

    @Test("dump --language-only is what kobo reads", .needsPeers)
    func dump() throws {
        let config = Program.fixture("fedora-minimal/fedora.conf")
        let ours = try Program.run(["dump", "--language-only", config])
        #expect(ours.status == 0)
        let script = """
            import json, sys, kobo.conf
            conf = kobo.conf.PyConfigParser()
            conf.load_from_file(sys.argv[1])
            json.dump(dict(conf), sys.stdout, sort_keys=True, indent=4)
            """
        let theirs = try PythonPeer.run(program: PythonPeer.python, ["-c", script, config])
        #expect(ours.stdout == String(decoding: theirs.stdout, as: UTF8.self) + "\n")
    }
}
