import Foundation
import ProductMD
import Testing

/// What images were built with and from, and what follows when that is not what a release is frozen to.
@Suite("run, and what images were built with")
struct FreezeTests {
    private static let arguments = [
        "run", "--rehearse", "--task-seconds", "0.2", "--nightly", "--date", "20261122", "--target-dir",
    ]
    private static let minimal = Program.fixture("fedora-minimal/fedora.conf")
    private static let compose = "Fedora-44-20261122.n.0"

    /// A freeze file, and settings with a policy.
    private static func files(
        in directory: URL, osbuild: String, policy: String
    ) throws -> (freeze: String, settings: String) {
        let freeze = directory.appendingPathComponent("freeze.yaml")
        try "image-builder: image-builder-0-rehearsal\nosbuild: osbuild-\(osbuild)\n"
            .write(to: freeze, atomically: true, encoding: .utf8)
        let settings = directory.appendingPathComponent("settings.yaml")
        try "freeze: {policy: \(policy)}\n".write(to: settings, atomically: true, encoding: .utf8)
        return (freeze.path, settings.path)
    }

    private static func payload(_ directory: URL) throws -> JSONValue {
        let path = directory.appendingPathComponent("\(compose)/compose/metadata/imagebuilder-provenance.json")
        let document = try JSONReader.read(Array(try Data(contentsOf: path)), name: path.path)
        #expect(document["header"]?["version"]?.string == "1.1")
        return try #require(document["payload"])
    }

    @Test(
        "provenance has the toolchain, the repositories and the side files of an image; a freeze that holds is silent")
    func holds() throws {
        try Program.withDirectory { directory in
            let (freeze, settings) = try Self.files(in: directory, osbuild: "0-rehearsal", policy: "fail")
            let result = try Program.run(
                Self.arguments + [directory.path, "--freeze", freeze, "--settings", settings, Self.minimal])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(!result.stderr.contains("phase-runner: warning"), "\(result.stderr)")
            let payload = try Self.payload(directory)
            #expect(payload["freeze"]?["holds"]?.bool == true)
            #expect(payload["freeze"]?["file"]?.string == freeze)
            #expect(payload["rehearsal"]?.bool == true && payload["weburl"]?.string?.hasPrefix("http://") == true)
            let image = try #require(payload["images"]?.object?.values.first)
            #expect(image["arch"]?.string == "aarch64" && image["archive"]?.int != nil)
            let origin = try #require(image["origin"])
            #expect(origin["toolchain"]?["osbuild-ostree"]?.string == "osbuild-ostree-0-rehearsal")
            #expect(origin["buildroot"]?.int == image["arch_task"]?.int)
            #expect(origin["host"]?.string?.isEmpty == false)
            let sides = image["side_files"]?.array ?? []
            #expect(Set(sides.compactMap { $0["kind"]?.string }) == ["manifest", "sbom"])
        }
    }

    @Test("a freeze that does not hold is a warning by the one policy")
    func warns() throws {
        try Program.withDirectory { directory in
            let (freeze, settings) = try Self.files(in: directory, osbuild: "164-1.fc44", policy: "warn")
            let result = try Program.run(
                Self.arguments + [directory.path, "--freeze", freeze, "--settings", settings, Self.minimal])
            #expect(result.status == 0, "\(result.stderr)")
            let sentence = "osbuild: frozen to osbuild-164-1.fc44, built with osbuild-0-rehearsal"
            #expect(result.stderr.contains(sentence), "\(result.stderr)")
            let verdict = try #require(try Self.payload(directory)["freeze"])
            #expect(verdict["holds"]?.bool == false && verdict["deviations"]?.array?.count == 1)
        }
    }

    @Test("and fails the image by the other, which leaves nothing of it in the compose")
    func fails() throws {
        try Program.withDirectory { directory in
            let (freeze, settings) = try Self.files(in: directory, osbuild: "164-1.fc44", policy: "fail")
            // The file of the settings goes from their place.
            try "freeze: {file: freeze.yaml, policy: fail}\n"
                .write(to: URL(fileURLWithPath: settings), atomically: true, encoding: .utf8)
            let result = try Program.run(Self.arguments + [directory.path, "--settings", settings, Self.minimal])
            #expect(result.status == 1, "\(result.stderr)")
            let told = result.stdout + result.stderr
            for word in ["Fedora-Minimal", "aarch64", "osbuild-164-1.fc44", "osbuild-0-rehearsal", freeze] {
                #expect(told.contains(word), "\(word): \(told)")
            }
            #expect(try Self.payload(directory)["images"]?.object?.isEmpty == true)
            let compose = directory.appendingPathComponent(Self.compose).path
            let files = FileManager.default.enumerator(atPath: compose)?.compactMap { $0 as? String } ?? []
            #expect(!files.contains { $0.hasSuffix(".raw.xz") })
        }
    }

    @Test("once the freeze file is put right, resume takes the images in without building them again")
    func resumed() throws {
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(directory)
            let (freeze, settings) = try Self.files(in: directory, osbuild: "164-1.fc44", policy: "fail")
            let first = try world.perform(
                world.run(["--keep-going", "--freeze", freeze, "--settings", settings]))
            #expect(first.status == 1, "\(first.said)")
            #expect(try world.images().isEmpty)
            // Neither the freeze file nor the policy is named again: the run keeps to its own.
            let again = try world.perform(world.resume(["--retry-failed", "--keep-going"]))
            #expect(again.status == 1 && again.said.contains("osbuild-164-1.fc44"), "\(again.said)")
            _ = try Self.files(in: directory, osbuild: "0-rehearsal", policy: "fail")
            let last = try world.perform(world.resume(["--retry-failed"]))
            #expect(last.status == 0, "\(last.said)")
            #expect(try world.submits() == TakeUpTests.onceEach)
            #expect(try world.images().count == 6)
            #expect(try world.text("compose/metadata/imagebuilder-provenance.json").contains("\"holds\": true"))
        }
    }

    @Test("a freeze file that cannot be used ends a run before it begins", arguments: ["", "osbuild: 164\n"])
    func unusable(text: String) throws {
        try Program.withDirectory { directory in
            let freeze = directory.appendingPathComponent("freeze.yaml")
            if !text.isEmpty { try text.write(to: freeze, atomically: true, encoding: .utf8) }
            let result = try Program.run(Self.arguments + [directory.path, "--freeze", freeze.path, Self.minimal])
            #expect(result.status == 2)
            #expect(result.stderr.contains(freeze.path), "\(result.stderr)")
            #expect(!FileManager.default.fileExists(atPath: directory.appendingPathComponent(Self.compose).path))
        }
    }
}
