import Foundation
import TestSupport
import Testing

/// Every kind of tree that we write is read by the real productmd and the real fedfind, and `check` says the same.
@Suite("What we write, consumers read", .needsPeers)
struct ConsumersTests {
    /// Loads a tree as its consumers do.
    ///
    /// - Parameters:
    ///   - others: images of other phases, whose files are not there.
    ///   - errors: codes of `check` that belong to the kind of tree.
    private static func expectReadable(
        _ compose: String, images count: Int, others: Int = 0, errors: Set<String> = ["rehearsal"]
    ) throws {
        let url = URL(fileURLWithPath: compose)
        if others == 0 {
            let found = try RehearsalTests.productmd(url)
            #expect(found.images.count == count)
            #expect(found.checksumsHold)
        }
        let output = try PythonPeer.run("fedfind_peer.py", [compose])
        let fedfind = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
        let images = try #require(fedfind["images"] as? [[String: Any]])
        #expect(images.count == count + others)
        #expect(images.count { $0["url_exists"] as? Bool == true } == count)
        let check = try Program.run(["check", "--checksums", "--format", "json", compose])
        #expect(check.status == 1, "a rehearsal is never good")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(check.stdout.utf8)) as? [String: [String: Any]])
        let findings = try #require(document["payload"]?["findings"] as? [[String: Any]])
        let codes = findings.filter { $0["severity"] as? String == "error" }.compactMap { $0["code"] as? String }
        #expect(Set(codes) == errors, "\(findings)")
    }

    @Test("a compose that lacks what may fail")
    func incomplete() throws {
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(
                directory, ["--failing", "Fedora-IoT-provisioner"])
            let run = try world.perform(world.run())
            try #require(run.status == 0, "\(run.said)")
            #expect(try world.text("STATUS") == "FINISHED_INCOMPLETE\n")
            try Self.expectReadable(world.compose, images: 4)
        }
    }

    @Test("a compose that was killed, to which another phase added an image, and that was taken up")
    func resumed() throws {
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(directory, seconds: "0.3-1")
            try world.perform(world.run()) { said, process in
                if said.contains("done, 2 images") { kill(process, SIGKILL) }
            }
            let path = "\(world.compose)/compose/metadata/images.json"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let place = try #require(text.firstRange(of: "        \"images\": {\n"))
            let other = #"""
                            "Server": {"x86_64": [{"arch": "x86_64", "bootable": false, "checksums": {"sha256": "00"},
                            "disc_count": 1, "disc_number": 1, "format": "qcow2", "implant_md5": null, "mtime": 1, "path":
                            "Server/x86_64/images/a.qcow2", "size": 1, "subvariant": "Server", "type": "qcow2", "volume_id": null}]},

                """#
            try text.replacingCharacters(in: place.upperBound..<place.upperBound, with: other)
                .write(toFile: path, atomically: true, encoding: .utf8)
            let resumed = try world.perform(world.resume())
            try #require(resumed.status == 0, "\(resumed.said)")
            #expect(try world.text("compose/metadata/images.json").contains("Server/x86_64/images/a.qcow2"))
            try Self.expectReadable(
                world.compose, images: 6, others: 1, errors: ["rehearsal", "image-missing"])
        }
    }

    @Test("one scratch image, and images that were built again under another release")
    func others() throws {
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(directory)
            let run = try world.perform(world.run(["--only", "Fedora-IoT-raw,x86_64", "--scratch"]))
            try #require(run.status == 0, "\(run.said)")
            try Self.expectReadable(world.compose, images: 1)
        }
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(directory, ["--failing", "Fedora-IoT-provisioner/aarch64*1"])
            let run = try world.perform(world.run())
            try #require(run.status == 0, "\(run.said)")
            let again = try world.perform(world.resume(["--retry-failed", "--new-release", "20261122.0.1"]))
            try #require(again.status == 0, "\(again.said)")
            try Self.expectReadable(world.compose, images: 6)
        }
    }
}
