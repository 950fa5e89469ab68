import Foundation
import TestSupport
import Testing

/// The whole of it: real configs, a hub over the real protocol, a compose that real readers load.
@Suite("A rehearsal from config to metadata")
struct RehearsalTests {
    static let iot = [
        "run", "--rehearse", "--task-seconds", "0.2-0.6", "--production", "--label", "RC-20261122.0", "--date",
        "20261122",
    ]

    @Test("runs that begin at the same time take a respin each, unless it is said which one")
    func sameTime() throws {
        try Program.withDirectory { directory in
            let arguments = [
                "run", "--rehearse", "--task-seconds", "0.1", "--nightly", "--date", "20261122", "--target-dir",
                directory.path, Program.fixture("fedora-minimal/fedora.conf"),
            ]
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                do {
                    let result = try Program.run(arguments)
                    #expect(result.status == 0, "\(result.stderr)")
                } catch {
                    Issue.record(error)
                }
            }
            let composes = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
            #expect(composes == (0...3).map { "Fedora-44-20261122.n.\($0)" })
            for compose in composes {
                let top = directory.appendingPathComponent(compose)
                #expect(try Self.text("COMPOSE_ID", in: top) == compose)
                #expect(try Self.text("compose/metadata/images.json", in: top).contains("\"id\": \"\(compose)\""))
            }
            let again = try Program.run(arguments + ["--respin", "1"])
            #expect(again.status == 5)
            #expect(again.stderr.contains("n.1 exists already"))
        }
    }

    @Test("Fedora IoT gives six images that productmd and fedfind find", .needsPeers)
    func iot() throws {
        try Program.withDirectory { directory in
            let result = try Program.run(
                Self.iot + ["--target-dir", directory.path, Program.fixture("fedora-iot/fedora-iot.conf")])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stdout.contains("REHEARSAL"))
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.0")
            #expect(try Self.text("STATUS", in: compose) == "FINISHED\n")
            #expect(try Self.text("COMPOSE_ID", in: compose) == "Fedora-IoT-44-20261122.0")
            #expect(FileManager.default.fileExists(atPath: compose.appendingPathComponent("REHEARSAL").path))
            let found = try Self.productmd(compose)
            #expect(
                found.images == [
                    "IoT/aarch64/images/Fedora-IoT-raw-44-20261122.0.aarch64.raw.xz raw-xz raw.xz IoT",
                    "IoT/aarch64/iso/Fedora-IoT-ostree-44-20261122.0.aarch64.iso dvd-ostree iso IoT",
                    "IoT/aarch64/iso/Fedora-IoT-provisioner-44-20261122.0.aarch64.iso dvd iso IoT_Simplified_Provisioner",
                    "IoT/x86_64/images/Fedora-IoT-raw-44-20261122.0.x86_64.raw.xz raw-xz raw.xz IoT",
                    "IoT/x86_64/iso/Fedora-IoT-ostree-44-20261122.0.x86_64.iso dvd-ostree iso IoT",
                    "IoT/x86_64/iso/Fedora-IoT-provisioner-44-20261122.0.x86_64.iso dvd iso IoT_Simplified_Provisioner",
                ])
            #expect(found.label == "RC-20261122.0")
            #expect(found.checksumsHold)
            try Self.expectFedfindFinds(6, in: compose)
        }
    }

    @Test("Fedora Minimal gives one image", .needsPeers)
    func minimal() throws {
        try Program.withDirectory { directory in
            let result = try Program.run([
                "run", "--rehearse", "--task-seconds", "0.2", "--nightly", "--date", "20261122", "--target-dir",
                directory.path, Program.fixture("fedora-minimal/fedora.conf"),
            ])
            #expect(result.status == 0, "\(result.stderr)")
            let compose = directory.appendingPathComponent("Fedora-44-20261122.n.0")
            #expect(
                try Self.productmd(compose).images == [
                    "Spins/aarch64/images/Fedora-Minimal-44-20261122.n.0.aarch64.raw.xz raw-xz raw.xz Minimal"
                ])
        }
    }

    @Test("a failed image that may fail leaves the compose incomplete, and the status says so on request")
    func failable() throws {
        try Program.withDirectory { directory in
            let options = ["--failing", "Fedora-IoT-provisioner", "--target-dir", directory.path]
            let config = Program.fixture("fedora-iot/fedora-iot.conf")
            let result = try Program.run(Self.iot + options + [config])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stderr.contains("may fail"))
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.0")
            #expect(try Self.text("STATUS", in: compose) == "FINISHED_INCOMPLETE\n")
            let again = try Program.run(Self.iot + options + ["--respin", "1", "--fail-on-incomplete", config])
            #expect(again.status == 3)
        }
    }

    @Test("a failed required image dooms the compose, and the others are canceled")
    func required() throws {
        try Program.withDirectory { directory in
            let result = try Program.run(
                Self.iot + [
                    "--failing", "Fedora-IoT-raw/x86_64", "--target-dir", directory.path,
                    Program.fixture("fedora-iot/fedora-iot.conf"),
                ])
            #expect(result.status == 1)
            #expect(result.stderr.contains("FAILED"))
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.0")
            #expect(try Self.text("STATUS", in: compose) == "DOOMED\n")
        }
    }

    @Test("a failure that is rehearsed with a cause is told with its line, its remedy and its log")
    func cause() throws {
        try Program.withDirectory { directory in
            let result = try Program.run(
                Self.iot + [
                    "--failing", "Fedora-IoT-raw/x86_64:package-missing*1", "--builders", "x86_64=2,aarch64=1",
                    "--hub-lacks", "repo", "--target-dir", directory.path,
                    Program.fixture("fedora-iot/fedora-iot.conf"),
                ])
            #expect(result.status == 1)
            #expect(
                result.stderr.contains("an error in the content (package-missing): missing packages: no-such-package"))
            #expect(result.stderr.contains("build.log"))
        }
    }

    @Test(
        "failures and builders that cannot be read are usage errors that say how",
        arguments: [
            (["--failing", "Fedora-IoT-raw:tiemout"], "the causes are loop-device, out-of-memory, "),
            (["--failing", "/x86_64"], "NAME[/ARCH][:CAUSE][*TIMES]"), (["--builders", "x86_64"], "arch=n"),
            (["--builders", "x86_64=4,x86_64=5"], "arch=n"), (["--builders", "x86_64=-1"], "arch=n"),
        ])
    func usage(options: [String], words: String) throws {
        let result = try Program.run(Self.iot + options + [Program.fixture("fedora-iot/fedora-iot.conf")])
        #expect(result.status == 2, "\(result.stderr)")
        #expect(result.stderr.contains(words), "\(result.stderr)")
    }

    @Test("200 image builds overlap on the hub, and a round of watching is one request")
    func many() throws {
        try Program.withDirectory { directory in
            let blocks = (0..<200).map {
                #"{"name": "image-\#($0)", "types": ["minimal-raw-xz"], "subvariant": "S\#($0)"}"#
            }
            let config = directory.appendingPathComponent("compose.conf")
            let section =
                "imagebuilder_target = 't' global_release = '1' imagebuilder = {'^IoT$': [\(blocks.joined(separator: " "))]}"
            try (ErrorTests.head + section).write(to: config, atomically: false, encoding: .utf8)
            try ErrorTests.variants.write(
                to: directory.appendingPathComponent("variants.xml"), atomically: false, encoding: .utf8)
            let target = directory.appendingPathComponent("target")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let log = directory.appendingPathComponent("hub.log")
            let result = try Program.run([
                "run", "--rehearse", "--hub-log", log.path, "--task-seconds", "1", "--nightly", "--date", "20261122",
                "--target-dir", target.path, config.path,
            ])
            #expect(result.status == 0, "\(result.stderr.suffix(2000))")
            #expect(result.stdout.contains("200 images of 200 tasks"))
            let compose = target.appendingPathComponent("Fedora-44-20261122.n.0")
            let watching = try #require(
                (try JSONSerialization.jsonObject(
                    with: Data(contentsOf: compose.appendingPathComponent("work/phase-runner/result.json")))
                    as? [String: [String: Any]])?["payload"]?["watching"] as? [String: Int])
            #expect(watching["requests"] == watching["rounds"], "one request a round up to 500 builds")
            #expect(try Self.mostOpenAtOnce(log) > 100, "the tasks overlap")
        }
    }

    /// How many parents were open at the same time, by the hub's own log.
    static func mostOpenAtOnce(_ log: URL) throws -> Int {
        var open: Set<Substring> = []
        var most = 0
        for line in try String(contentsOf: log, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let task = words.firstIndex(of: "task"), words.contains("imageBuilderBuild") else { continue }
            let id = words[task + 1]
            if line.contains("-> OPEN") { open.insert(id) }
            if line.contains("-> CLOSED") { open.remove(id) }
            most = max(most, open.count)
        }
        return most
    }

    /// fedfind, which knows nothing of us, loads the tree over HTTP on loopback.
    static func expectFedfindFinds(_ count: Int, in compose: URL) throws {
        let output = try PythonPeer.run("fedfind_peer.py", [compose.path])
        let found = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
        #expect(found["cid"] as? String == compose.lastPathComponent)
        let images = try #require(found["images"] as? [[String: Any]])
        #expect(images.count == count)
        #expect(images.allSatisfy { $0["url_exists"] as? Bool == true })
    }

    // MARK: What real readers say

    struct Found {
        let images: [String]
        let label: String?
        let checksumsHold: Bool
    }

    /// The compose as the real productmd loads it.
    static func productmd(_ compose: URL) throws -> Found {
        let output = try PythonPeer.run("compose_peer.py", [compose.path])
        let document = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
        return Found(
            images: try #require(document["images"] as? [String]), label: document["label"] as? String,
            checksumsHold: document["checksums_hold"] as? Bool ?? false)
    }

    static func text(_ path: String, in compose: URL) throws -> String {
        try String(contentsOf: compose.appendingPathComponent(path), encoding: .utf8)
    }
}
