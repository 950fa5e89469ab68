import Foundation
import TestSupport
import Testing

@Suite("preflight", .timeLimit(.minutes(1)))
struct PreflightTests {
    private static let minimal = Program.fixture("fedora-minimal/fedora.conf")

    private func preflight(
        _ hub: HubProcessTests.Hub, _ directory: URL, _ options: [String] = [], config: String = minimal
    ) throws -> Program.Result {
        try Program.run(
            [
                "preflight", "--nightly", "--date", "20261122", "--koji-profile", "rehearsal", "--koji-config",
                hub.profile,
            ]
                + options + [config], environment: HubProcessTests.environment(directory))
    }

    @Test(
        "on a good hub it ends with 0, says from where it looked, and has not what the compose makes itself as missing")
    func good() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1")
            let result = try preflight(hub, directory)
            #expect(result.status == 0, "\(result)")
            #expect(result.stdout.contains("not from a builder"))
            #expect(result.stdout.contains("(a rehearsal hub)"))
            #expect(result.stdout.contains("not checked  repository"))
            #expect(result.stdout.contains("0 failed"))
        }
    }

    static let lacks: [(lack: String, status: Int32, says: String)] = [
        ("permission", 4, "koji grant-permission image rehearsal"), ("channel", 1, "koji enable-channel image"),
        ("targets", 1, "koji list-targets"),
    ]

    @Test("what the hub lacks ends it with the documented status and the remedy", arguments: lacks)
    func lacking(_ test: (lack: String, status: Int32, says: String)) throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1", ["--hub-lacks", test.lack])
            let result = try preflight(hub, directory)
            #expect(result.status == test.status, "\(result)")
            #expect(result.stdout.contains("FAILED"))
            #expect(result.stdout.contains(test.says), "\(result.stdout)")
            if test.lack == "targets" {
                #expect(result.stdout.contains("for Spins/Fedora-Minimal/minimal-raw-xz"), "\(result.stdout)")
            }
            // The same keeps a run from beginning, before anything is submitted or written.
            let run = try Program.run(
                HubProcessTests.arguments(hub, target: directory),
                environment: HubProcessTests.environment(directory))
            #expect(run.status == test.status, "\(run)")
            #expect(run.stderr.contains(test.says), "\(run.stderr)")
            let compose = directory.appendingPathComponent("Fedora-44-20261122.n.0")
            #expect(!FileManager.default.fileExists(atPath: compose.path))
        }
    }

    @Test("with --no-preflight a run tries all the same")
    func noPreflight() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1", ["--hub-lacks", "targets"])
            let run = try Program.run(
                HubProcessTests.arguments(hub, target: directory) + ["--no-preflight"],
                environment: HubProcessTests.environment(directory))
            #expect(run.status == 1)
            #expect(run.stderr.contains("No such build target: f44-image-builder"), "\(run.stderr)")
        }
    }

    @Test("as JSON and YAML it is the same report")
    func formats() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1", ["--hub-lacks", "channel"])
            let json = try preflight(hub, directory, ["--format", "json", "--hub-only"])
            #expect(json.status == 1)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: Any])
            #expect((document["header"] as? [String: String])?["type"] == "phase-runner.preflight")
            let payload = try #require(document["payload"] as? [String: Any])
            #expect(payload["compose"] as? String == "Fedora-44-20261122.n.0")
            #expect((payload["summary"] as? [String: Int])?["failed"] == 1)
            let checks = try #require(payload["checks"] as? [[String: Any]])
            let failed = checks.filter { $0["verdict"] as? String == "failed" }
            #expect(failed.map { $0["subject"] as? String } == ["channel"])
            #expect(failed.first?["remedy"] is String)
            let yaml = try preflight(hub, directory, ["--format", "yaml", "--hub-only"])
            #expect(yaml.stdout.contains("type: phase-runner.preflight"))
        }
    }

    @Test(
        "options that the plugin does not take are refused, or dropped with a warning", arguments: ["refuse", "drop"])
    func unknownOptions(_ policy: String) throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1", ["--hub-plugin", "v6"])
            let config = directory.appendingPathComponent("seeded.conf")
            try """
            from phase import *
            """.write(to: config, atomically: true, encoding: .utf8)
            try
                (ErrorTests.head
                + #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["minimal-raw-xz"], "target": "t", "seed": 5}]}"#
                + "\n")
                .write(to: directory.appendingPathComponent("phase.conf"), atomically: true, encoding: .utf8)
            try ErrorTests.variants.write(
                to: directory.appendingPathComponent("variants.xml"), atomically: true, encoding: .utf8)
            let options = ["--unknown-options", policy, "--hub-only"]
            let result = try preflight(hub, directory, options, config: config.path)
            #expect(result.status == (policy == "drop" ? 0 : 4), "\(result)")
            #expect(
                result.stdout.contains(policy == "drop" ? "left out" : "--unknown-options drop"), "\(result.stdout)")
        }
    }

    @Test("a freeze file that does not hold is a failure; one that is none is a usage error")
    func freeze() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1")
            let file = directory.appendingPathComponent("freeze.yaml")
            try "osbuild: osbuild-164-1.fc44\n".write(to: file, atomically: true, encoding: .utf8)
            let result = try preflight(hub, directory, ["--hub-only", "--freeze", file.path])
            #expect(result.stdout.contains("toolchain"), "\(result)")
            #expect(result.stdout.contains("koji list-external-repos"), "\(result)")
            try "osbuild\n".write(to: file, atomically: true, encoding: .utf8)
            let wrong = try preflight(hub, directory, ["--hub-only", "--freeze", file.path])
            #expect(wrong.status == 2)
            #expect(wrong.stderr.contains("freeze.yaml"))
        }
    }

    @Test("a hub that is not there ends it with 4, at once when so told")
    func absent() throws {
        try Program.withDirectory { directory in
            let profile = directory.appendingPathComponent("koji.conf")
            try "[gone]\nserver = http://127.0.0.1:1/kojihub\nauthtype = noauth\n".write(
                to: profile, atomically: true, encoding: .utf8)
            let result = try Program.run([
                "preflight", "--nightly", "--koji-profile", "gone", "--koji-config", profile.path, "--hub-patience",
                "0",
                "--hub-only", Self.minimal,
            ])
            #expect(result.status == 4)
            #expect(result.stdout.contains("cannot connect to http://127.0.0.1:1/kojihub"), "\(result)")
            #expect(!result.stdout.contains("ok "), "\(result)")
            // Whose server that is, and where it is said.
            #expect(result.stderr.contains("(profile gone, "), "\(result)")
            #expect(result.stderr.contains("koji.conf:2)"), "\(result)")
        }
    }

    @Test("repositories and ostree refs are looked for where they are said to be")
    func repositories() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1")
            let files = directory.appendingPathComponent("hub")
            for (path, text) in [
                ("packages/repo/repodata/repomd.xml", "<?xml version=\"1.0\"?>\n<repomd xmlns=\"x\"/>"),
                ("packages/page/repodata/repomd.xml", "<html>not a repository</html>"),
                ("packages/ostree/config", "[core]\nmode=archive-z2\n"),
                ("packages/ostree/refs/heads/fedora/44/x86_64/iot", String(repeating: "ab", count: 32) + "\n"),
                ("packages/bare/config", "nothing"),
            ] {
                let file = files.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            let top = hub.topurl + "/packages"
            func block(_ name: String, _ repo: String, _ ostree: String, _ ref: String) -> String {
                #"{"name": "\#(name)", "types": ["iot-raw-xz"], "target": "t", "subvariant": "\#(name)", "repos": ["\#(top)/\#(repo)"], "ostree": {"url": "\#(top)/\#(ostree)", "ref": "\#(ref)"}}"#
            }
            let config = directory.appendingPathComponent("compose.conf")
            let blocks = [
                block("a", "repo", "ostree", "fedora/44/$arch/iot"),
                block("b", "page", "ostree", "fedora/45/$arch/iot"),
                block("c", "absent", "bare", "x"),
            ]
            try (ErrorTests.head + "imagebuilder = {\"^IoT$\": [\(blocks.joined(separator: ", "))]}\n").write(
                to: config, atomically: true, encoding: .utf8)
            try ErrorTests.variants.write(
                to: directory.appendingPathComponent("variants.xml"), atomically: true, encoding: .utf8)
            let result = try preflight(hub, directory, ["--format", "json"], config: config.path)
            #expect(result.status == 1, "\(result)")
            let document = try JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any]
            let checks = (document?["payload"] as? [String: Any])?["checks"] as? [[String: Any]] ?? []
            var seen: [String: String] = [:]
            for check in checks where ["repository", "ostree"].contains(check["subject"] as? String) {
                let name = (check["name"] as? String ?? "").replacingOccurrences(of: top + "/", with: "")
                seen[name] = "\(check["verdict"] ?? ""): \(check["finding"] ?? "")"
            }
            #expect(seen["repo"]?.hasPrefix("passed") == true, "\(seen)")
            #expect(seen["page"]?.contains("no repository index") == true, "\(seen)")
            #expect(seen["absent"]?.hasPrefix("failed") == true && seen["absent"]?.contains("404") == true, "\(seen)")
            #expect(seen["ostree"]?.hasPrefix("passed") == true, "\(seen)")
            #expect(seen["fedora/44/x86_64/iot"] == "passed: commit abababababab", "\(seen)")
            #expect(seen["fedora/45/x86_64/iot"]?.contains("has no such ref") == true, "\(seen)")
            #expect(seen["bare"]?.contains("not that of an ostree repository") == true, "\(seen)")
            // Where there is no repository nobody looks for refs.
            #expect(seen["x"] == nil, "\(seen)")
        }
    }
}
