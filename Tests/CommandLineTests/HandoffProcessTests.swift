import Foundation
import TestSupport
import Testing

/// `run --handoff` as a program; how Pungi uses it is shown by `PungiPhaseTests`.
@Suite("run --handoff", .timeLimit(.minutes(1)))
struct HandoffProcessTests {
    /// A handoff for a compose directory that is marked as a rehearsal.
    static func handoff(in directory: URL, changing change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
        let top = directory.appendingPathComponent("compose")
        try FileManager.default.createDirectory(at: top, withIntermediateDirectories: true)
        try Data().write(to: top.appendingPathComponent("REHEARSAL"))
        func places(_ kind: String) -> [String: Any] {
            ["x86_64": ["directory": "\(top.path)/compose/Minimal/x86_64/\(kind)", "path": "Minimal/x86_64/\(kind)"]]
        }
        var payload: [String: Any] = [
            "compose": [
                "id": "Fedora-44-20261122.n.0", "date": "20261122", "type": "nightly", "respin": 0, "label": NSNull(),
                "supported": false, "directory": top.path, "image_version": "44", "image_release": "20261122.n.0",
            ] as [String: Any],
            "config": [
                "release_name": "Fedora", "release_short": "Fedora", "release_version": "44",
                "koji_profile": "rehearsal", "imagebuilder_target": "f44", "media_checksums": ["sha256"],
                "translate_paths": [["/", "http://composes.invalid/"]],
                "imagebuilder": ["^Minimal$": [["name": "Fedora-Minimal", "types": ["minimal-raw-xz"]]]],
            ] as [String: Any],
            "variants": [
                [
                    "uid": "Minimal", "id": "Minimal", "name": "Minimal", "type": "variant", "arches": ["x86_64"],
                    "parent": NSNull(), "is_empty": false, "repository": "\(top.path)/compose/Minimal/$arch/os",
                    "images": places("images"), "isos": places("iso"),
                ] as [String: Any]
            ],
            "paths": ["koji_tasks": "\(top.path)/logs/global/koji-tasks", "log": "\(top.path)/logs/global"],
        ]
        change(&payload)
        let document: [String: Any] = [
            "header": ["type": "phase-runner.handoff", "version": "1.0"], "payload": payload,
        ]
        let path = directory.appendingPathComponent("handoff.json")
        try JSONSerialization.data(withJSONObject: document, options: [.prettyPrinted, .sortedKeys]).write(to: path)
        return path.path
    }

    static func payload(_ path: String) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        return (document as? [String: Any])?["payload"] as? [String: Any] ?? [:]
    }

    @Test("a check asks no hub, begins nothing and tells what would be built")
    func check() throws {
        try Program.withDirectory { directory in
            let handoff = try Self.handoff(in: directory)
            let answer = directory.appendingPathComponent("answer.json").path
            let result = try Program.run(["run", "--handoff", handoff, "--check", "--result", answer])
            #expect(result.status == 0, "\(result.stderr)")
            let payload = try Self.payload(answer)
            #expect(payload["status"] as? String == "checked")
            let deliverables = payload["deliverables"] as? [String: [[String: Any]]]
            #expect(deliverables?["required"]?.first?["variant"] as? String == "Minimal")
            let compose = directory.appendingPathComponent("compose").path
            #expect(try FileManager.default.contentsOfDirectory(atPath: compose) == ["REHEARSAL"])
        }
    }

    @Test("what is handed over is built; nothing that is Pungi's is written")
    func built() throws {
        try Program.withDirectory { directory in
            let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1")
            let handoff = try Self.handoff(in: directory)
            let arguments = [
                "run", "--handoff", handoff, "--koji-config", hub.profile, "--poll-interval", "0.1", "--log-format",
                "pungi",
            ]
            let result = try Program.run(arguments, environment: HubProcessTests.environment(directory))
            #expect(result.status == 0, "\(result.stderr)")
            let levels: Set<Substring> = ["DEBUG", "INFO", "WARNING", "ERROR"]
            for line in result.stderr.split(separator: "\n") {
                #expect(levels.contains(line.split(separator: " ").first ?? ""), "\(line)")
            }
            #expect(result.stdout.isEmpty)
            let top = directory.appendingPathComponent("compose").path
            for place in [
                "STATUS", "COMPOSE_ID", "compose/metadata/images.json", "compose/metadata/composeinfo.json",
                "logs/global/deliverables.json", "logs/global/pungi.global.log",
                "compose/Minimal/x86_64/images/SHA256SUM",
            ] {
                #expect(!FileManager.default.fileExists(atPath: "\(top)/\(place)"), "\(place)")
            }
            let payload = try Self.payload("\(top)/work/phase-runner/handoff-result.json")
            #expect(payload["status"] as? String == "done")
            let image = (payload["images"] as? [[String: Any]])?.first
            let file = image?["file"] as? String ?? ""
            #expect(FileManager.default.fileExists(atPath: file), "\(payload)")
            #expect(file.hasSuffix("/compose/\(image?["path"] as? String ?? "?")"))

            // The same once more: nothing is sent, the answer is the same.
            let again = try Program.run(arguments, environment: HubProcessTests.environment(directory))
            #expect(again.status == 0, "\(again.stderr)")
            #expect(again.stderr.contains("there is nothing to take up"))
            let second = try Self.payload("\(top)/work/phase-runner/handoff-result.json")
            #expect(NSDictionary(dictionary: payload) == NSDictionary(dictionary: second))
        }
    }

    @Test("a compose is marked as a rehearsal with the check, unless it is finished or was begun on a hub that builds")
    func marked() throws {
        let cases: [(file: String, text: String, words: String?)] = [
            ("STATUS", "STARTED\n", nil), ("STATUS", "DOOMED\n", nil), ("STATUS", "FINISHED\n", "is FINISHED"),
            ("STATUS", "FINISHED_INCOMPLETE\n", "is FINISHED_INCOMPLETE"),
            ("work/phase-runner/run.json", "{}", "holds a run on a hub that builds"),
        ]
        for (file, text, words) in cases {
            try Program.withDirectory { directory in
                let handoff = try Self.handoff(in: directory)
                let top = directory.appendingPathComponent("compose")
                let mark = top.appendingPathComponent("REHEARSAL")
                try FileManager.default.removeItem(at: mark)
                let place = top.appendingPathComponent(file)
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: place)
                let check = ["run", "--handoff", handoff, "--check", "--log-format", "pungi"]
                #expect(try Program.run(check).status == 0)
                #expect(!FileManager.default.fileExists(atPath: mark.path), "only on request")
                let result = try Program.run(check + ["--mark-rehearsal"])
                #expect(result.status == (words == nil ? 0 : 5), "\(text): \(result.stderr)")
                #expect(FileManager.default.fileExists(atPath: mark.path) == (words == nil), "\(text)")
                let said = words ?? "WARNING \(top.path) is a rehearsal from now on"
                #expect(result.stderr.contains(said), "\(text): \(result.stderr)")
                let again = try Program.run(check + ["--mark-rehearsal"])
                #expect(again.stderr.contains("from now on") == false, "said once")
            }
        }
    }

    @Test("a handoff that cannot be built ends with 2 and says all of it")
    func wrong() throws {
        try Program.withDirectory { directory in
            let handoff = try Self.handoff(in: directory) { payload in
                payload["paths"] = ["log": "relative"]
                payload["mood"] = "good"
            }
            let result = try Program.run(["run", "--handoff", handoff, "--check", "--log-format", "pungi"])
            #expect(result.status == 2)
            for words in [
                "$.payload.mood", "$.payload.paths.koji_tasks: it is missing", "'relative' is no absolute path",
            ] {
                #expect(result.stderr.contains(words), "\(result.stderr)")
            }
        }
    }

    static let misuses: [(arguments: [String], words: String)] = [
        ([], "--compose-dir; or give --handoff"), (["--check", "x.conf"], "--check goes with --handoff"),
        (["--result", "r", "x.conf"], "--result goes with --handoff"),
        (["--log-format", "pungi", "x.conf"], "--log-format goes with --handoff"),
        (["--leave-with-caller", "x.conf"], "--leave-with-caller goes with --handoff"),
        (["--mark-rehearsal", "x.conf"], "--mark-rehearsal goes with --handoff"),
        (["--handoff", "h", "x.conf"], "none of: a configuration"),
        (["--handoff", "h", "--nightly", "--label", "RC-1.0"], "--label, a type of compose"),
        (["--handoff", "h", "--only", "x", "--scratch"], "--only, --scratch"),
        (["--handoff", "h", "--compose-dir", "d"], "--compose-dir"), (["--handoff", "h", "--plan", "p"], "--plan"),
        (["--handoff", "h", "--rehearse"], "rehearsal-hub"),
        (["--handoff", "/no/such/file"], "cannot read the handoff"),
        (["--amend-finished", "--target-dir", "d", "x.conf"], "--amend-finished goes with --compose-dir"),
        (["--compose-dir", "d", "--plan", "p"], "--plan goes with a configuration"),
    ]

    @Test("a wrong use ends with 2 and says how", arguments: misuses.indices)
    func usage(_ index: Int) throws {
        let (arguments, words) = Self.misuses[index]
        let result = try Program.run(["run"] + arguments)
        #expect(result.status == 2)
        #expect(result.stderr.contains(words), "\(arguments): \(result.stderr)")
    }

    @Test("without a configuration there must be a compose of Pungi's")
    func noCompose() throws {
        try Program.withDirectory { directory in
            let missing = try Program.run(["run", "--compose-dir", directory.appendingPathComponent("no").path])
            #expect(missing.status == 5)
            #expect(missing.stderr.contains("there is no compose directory"))
            let empty = try Program.run(["run", "--compose-dir", directory.path])
            #expect(empty.status == 5)
            #expect(empty.stderr.contains("is no compose that Pungi began"), "\(empty.stderr)")
        }
    }
}
