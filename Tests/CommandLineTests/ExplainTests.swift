import Foundation
import TestSupport
import Testing

@Suite("explain")
struct ExplainTests {
    private static let folder = Checkout.fixtures.appendingPathComponent("explain")
    private static let options = ["explain", "--nightly", "--date", "20261122", "--target-dir", "/mnt/koji/compose"]

    private static func explain(_ arguments: String...) throws -> Program.Result {
        try Program.run(options + arguments, in: folder)
    }

    /// `PHASE_UPDATE_GOLDENS=1` writes them anew, to be looked at before they are committed.
    static let goldens: [(file: String, arguments: [String])] = [
        ("raw.txt", ["harbor.conf", "Harbor-raw"]),
        ("boat.txt", ["harbor.conf", "Packages/Harbor-boat/minimal-raw-xz"]),
        ("boat-fields.txt", ["harbor.conf", "Harbor-boat", "seed", "scratch", "target"]),
        ("raw-fields.txt", ["harbor.conf", "Harbor-raw", "target", "ostree"]),
        ("boat.sh", ["harbor.conf", "Harbor-boat", "command"]),
        ("raw.json", ["--format", "json", "harbor.conf", "Harbor-raw"]),
    ]

    @Test("explanations are as reviewed", arguments: 0..<goldens.count)
    func golden(index: Int) throws {
        let (file, arguments) = Self.goldens[index]
        let result = try Program.run(Self.options + arguments, in: Self.folder)
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
        let golden = Self.folder.appendingPathComponent("expected/\(file)")
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try result.stdout.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(result.stdout == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("the examples of the manual are what is printed", arguments: ["raw-fields.txt", "boat.sh"])
    func manual(file: String) throws {
        let manual = try String(contentsOf: Checkout.root.appendingPathComponent("docs/explain.md"), encoding: .utf8)
        let golden = Self.folder.appendingPathComponent("expected/\(file)")
        #expect(manual.contains(try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("the commands are a script that calls image-builder with the plan's words")
    func script() throws {
        try Program.withDirectory { directory in
            let script = try Self.explain("harbor.conf", "Harbor-boat", "command").stdout
            let stub = directory.appendingPathComponent("image-builder")
            try "#!/bin/sh\nprintf '%s\\n' image-builder \"$@\" > words\n".write(
                to: stub, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: stub.path)
            let ran = try PythonPeer.run(
                program: URL(fileURLWithPath: "/bin/bash"), ["-e"], input: Data(script.utf8),
                environment: ["PATH": directory.path + ":/usr/bin:/bin"], directory: directory)
            #expect(ran.status == 0, "\(ran.stderr)")
            let words = try String(contentsOf: directory.appendingPathComponent("words"), encoding: .utf8)
            let blueprint = try JSONSerialization.jsonObject(
                with: Data(contentsOf: directory.appendingPathComponent("blueprint.json")))
            let plan = try Program.run(
                ["plan", "--format", "json"] + Self.options.dropFirst() + ["harbor.conf"], in: Self.folder)
            let document = try JSONSerialization.jsonObject(with: Data(plan.stdout.utf8)) as? [String: Any]
            let tasks = (document?["payload"] as? [String: Any])?["tasks"] as? [[String: Any]] ?? []
            let task = try #require(tasks.first { $0["id"] as? String == "Packages/Harbor-boat/minimal-raw-xz" })
            let arch = try #require((task["arches"] as? [[String: Any]])?.first)
            #expect(words.split(separator: "\n").map(String.init) == arch["command"] as? [String])
            let sent = ((task["params"] as? [Any])?.last as? [String: Any])?["blueprint"]
            #expect(blueprint as? NSDictionary == sent as? NSDictionary)
        }
    }

    static let misses: [(arguments: [String], says: [String])] = [
        (["harbor.conf", "Habor-raw"], ["did you mean Harbor-raw?", "Packages/Harbor-boat/minimal-raw-xz"]),
        (["harbor.conf", "Harbor-*"], ["may be any of these", "IoT/Harbor-raw/iot-raw-xz"]),
        (["harbor.conf", "Harbor-raw", "targt"], ["no field targt", "did you mean target?"]),
        (["harbor.conf"], ["Missing expected argument '<task>'"]),
        (["missing.conf", "Harbor-raw"], ["cannot read missing.conf"]),
    ]

    @Test("a miss ends with 2 and says what there is", arguments: 0..<misses.count)
    func miss(index: Int) throws {
        let result = try Program.run(Self.options + Self.misses[index].arguments, in: Self.folder)
        #expect(result.status == 2)
        #expect(result.stdout.isEmpty)
        for text in Self.misses[index].says { #expect(result.stderr.contains(text), "\(result.stderr)") }
    }

    @Test("every image of the real-size fixtures can be explained")
    func fixtures() throws {
        for (config, task) in [
            ("fedora-iot/fedora-iot.conf", "*-provisioner"), ("fedora-minimal/fedora.conf", "Fedora-Minimal"),
        ] {
            let result = try Self.explain(Program.fixture(config), task)
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stdout.contains("target = \"f44-image-builder\""))
            #expect(result.stdout.contains("imagebuilder_target = \"%s-image-builder\" % branch"))
        }
    }
}
