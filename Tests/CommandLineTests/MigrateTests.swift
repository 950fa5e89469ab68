import Foundation
import TestSupport
import Testing

@Suite("migrate")
struct MigrateTests {
    private static let folder = Checkout.fixtures.appendingPathComponent("migrate")

    /// A copy of the fixture that may be changed.
    private static func withCopy(_ body: (URL) throws -> Void) throws {
        try Program.withDirectory { directory in
            let copy = directory.appendingPathComponent("config")
            try FileManager.default.copyItem(at: folder, to: copy)
            try body(copy)
        }
    }

    @Test("the patch goes to stdout and applies, and nothing is written")
    func patch() throws {
        try Self.withCopy { directory in
            let before = try String(contentsOf: directory.appendingPathComponent("shared.conf"), encoding: .utf8)
            let result = try Program.run(["migrate", "fedora-iot.conf"], in: directory)
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stderr.contains("IoT/Fedora-IoT-raw: osbuildImage -> imageBuilderBuild"))
            #expect(result.stderr.contains("type           iot-raw-image -> iot-raw-xz"))
            #expect(try String(contentsOf: directory.appendingPathComponent("shared.conf"), encoding: .utf8) == before)
            let applied = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/patch"), ["-p1", "--fuzz=0"], input: Data(result.stdout.utf8),
                directory: directory)
            #expect(applied.status == 0, "\(applied.stderr)")
            let plan = try Program.run(["plan", "--nightly", "fedora-iot.conf"], in: directory)
            #expect(plan.status == 0, "\(plan.stderr)")
        }
    }

    @Test("-w writes what the patch says, and a second time there is nothing to do")
    func written() throws {
        try Self.withCopy { directory in
            let result = try Program.run(
                ["migrate", "-w", "--target", "f43-iot=iot43", "fedora-iot.conf"], in: directory)
            #expect(result.status == 0 && result.stdout.isEmpty, "\(result.stderr)")
            let text = try String(contentsOf: directory.appendingPathComponent("fedora-iot.conf"), encoding: .utf8)
            #expect(text.contains("imagebuilder_target = \"iot43\"") && !text.contains("osbuild"))
            let again = try Program.run(["migrate", "-w", "fedora-iot.conf"], in: directory)
            #expect(again.status == 0 && again.stderr.contains("nothing is to be done"))
        }
    }

    @Test("what cannot be carried over ends with 2 and its place, and nothing is written")
    func refused() throws {
        try Self.withCopy { directory in
            let shared = directory.appendingPathComponent("shared.conf")
            let text = try String(contentsOf: shared, encoding: .utf8).replacing(
                "\"subvariant\"", with: "\"upload_options\": {\"region\": \"r\"}, \"subvariant\"")
            try text.write(to: shared, atomically: false, encoding: .utf8)
            let result = try Program.run(["migrate", "-w", "fedora-iot.conf"], in: directory)
            #expect(result.status == 2)
            #expect(
                result.stderr.contains("shared.conf:11:23: error: Fedora-IoT-raw was uploaded to a cloud"),
                "\(result.stderr)")
            #expect(try String(contentsOf: shared, encoding: .utf8) == text)
            let dropped = try Program.run(["migrate", "-w", "--drop-uploads", "fedora-iot.conf"], in: directory)
            #expect(dropped.status == 0, "\(dropped.stderr)")
        }
    }
}
