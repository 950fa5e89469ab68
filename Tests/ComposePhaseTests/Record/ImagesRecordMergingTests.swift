import Foundation
import Koji
import ProductMD
import Synchronization
import TestSupport
import Testing

@testable import ComposePhase

@Suite("images.json: beside other writers")
struct ImagesRecordMergingTests {
    /// A compose directory, and what is warned of.
    final class World: Sendable {
        let layout: ComposeLayout
        let warnings = Mutex<[String]>([])

        init() {
            layout = ComposeLayout(
                top: FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID().uuidString)").path)
        }

        deinit { try? FileManager.default.removeItem(atPath: layout.top) }

        func record() -> ImagesRecord {
            ImagesRecord(
                layout: layout,
                compose: .init(id: "Fedora-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0),
                warn: { warning in self.warnings.withLock { $0.append(warning) } })
        }

        var path: String { layout.path(ComposeLayout.images) }

        func text() -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

        func write(_ text: String) throws {
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.metadata))
            try AtomicFile.write(Array(text.utf8), to: path)
        }

        func images() throws -> [String] {
            try ImagesManifest.decode(Array(text().utf8), name: "images.json").all.map(\.image.path)
        }
    }

    static func image(_ name: String, subvariant: String? = nil) -> CollectedImage {
        var image = CollectedImage(
            task: ImageTaskID("IoT/a/\(name)"), hubTask: TaskID(1), archTask: TaskID(2), variant: "IoT",
            subvariant: subvariant ?? name, arch: "x86_64", type: "raw-xz", format: "raw.xz",
            path: "IoT/x86_64/images/\(name).raw.xz", size: 51, mtime: 1_700_000_000, checksums: ["sha256": "ab"],
            nvr: "a-1-1", buildID: nil, source: "x")
        image.volumeID = "V-\(name)"
        image.implantMD5 = String(repeating: "0a", count: 16)
        return image
    }

    static func document(_ entries: String, compose: String = "Fedora-44-20260102.n.0", version: String = "1.2")
        -> String
    {
        """
        {"header": {"type": "productmd.images", "version": "\(version)"}, "payload": {"compose": {"id": "\(compose)",
        "date": "20260102", "type": "nightly", "respin": 0}, "images": {"Server": {"x86_64": [\(entries)]}}}}
        """
    }

    private static let entry = """
        "mtime": 1, "size": 7, "volume_id": null, "type": "raw-xz", "format": "raw.xz", "arch": "x86_64",
        "disc_number": 1, "disc_count": 1, "checksums": {"sha256": "cd"}, "implant_md5": null, "bootable": false
        """

    @Test("volume id and implanted MD5 are recorded")
    func members() async throws {
        let world = World()
        try await world.record().add([Self.image("a")])
        #expect(world.text().contains("\"volume_id\": \"V-a\""))
        #expect(world.text().contains("\"implant_md5\": \"0a0a"))
    }

    @Test("a bad entry of another phase is kept, warned of once, and does not block ours")
    func foreign() async throws {
        let world = World()
        try world.write(Self.document("{\"path\": \"b\", \"subvariant\": \"\", \"odd\": 1, \(Self.entry)}, {\"x\": 2}"))
        let record = world.record()
        try await record.add([Self.image("a")])
        #expect(world.text().contains("\"odd\": 1"))
        #expect(world.text().contains("\"x\": 2"))
        let before = world.warnings.withLock(\.self)
        #expect(before.contains { $0.contains("image b: the subvariant is empty") }, "\(before)")
        #expect(before.contains { $0.contains("Server.x86_64[0] has no checksums") }, "\(before)")
        // Read again because somebody else wrote it, and not warned of again.
        try world.write(world.text().replacingOccurrences(of: "\"odd\": 1", with: "\"odd\": 2"))
        try await record.add([Self.image("c")])
        #expect(world.text().contains("\"odd\": 2"))
        #expect(world.text().contains("IoT/x86_64/images/c.raw.xz"))
        #expect(world.warnings.withLock(\.self) == before)
    }

    @Test("an image that looks like another phase's is our failure; the file stays")
    func identity() async throws {
        let world = World()
        try world.write(Self.document("{\"path\": \"b\", \"subvariant\": \"a\", \(Self.entry)}"))
        let before = world.text()
        let failure = await #expect(throws: MetadataFailure.self) { try await world.record().add([Self.image("a")]) }
        #expect(failure?.description.contains("images b and IoT/x86_64/images/a.raw.xz cannot be told apart") == true)
        #expect(world.text() == before)
    }

    @Test(
        "what cannot be read is a failure and is left as it is",
        arguments: ["", "{", "[]", document("", compose: "Fedora-43-20260102.n.0"), document("", version: "3.0")])
    func unreadable(text: String) async throws {
        let world = World()
        try world.write(text)
        await #expect(throws: (any Error).self) { try await world.record().add([Self.image("a")]) }
        #expect(world.text() == text)
    }

    @Test("an old document is brought to today's version")
    func old() async throws {
        let world = World()
        try world.write(Self.document("{\"path\": \"b\", \(Self.entry)}", version: "1.0"))
        try await world.record().add([Self.image("a")])
        #expect(try world.images() == ["IoT/x86_64/images/a.raw.xz", "b"])
        #expect(world.text().contains("\"version\": \"1.2\""))
    }

    @Test("two programs that write at once lose nothing of each other")
    func twoWriters() async throws {
        let world = World()
        let records = [world.record(), world.record()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 { group.addTask { try await records[number % 2].add([Self.image("i\(number)")]) } }
            try await group.waitForAll()
        }
        #expect(try world.images().count == 60)
    }

    @Test("a full disk or a forbidden place fails those who wait, and the next image is recorded when it is well again")
    func disk() async throws {
        let world = World()
        let record = world.record()
        try await record.add([Self.image("a")])
        // A directory where the new file would be made: writing fails whoever we are.
        try AtomicFile.makeDirectories("\(world.path).tmp/x")
        await #expect(throws: AtomicFile.Failure.self) { try await record.add([Self.image("b")]) }
        #expect(try world.images() == ["IoT/x86_64/images/a.raw.xz"])
        try FileManager.default.removeItem(atPath: "\(world.path).tmp")
        try await record.add([Self.image("c")], replacing: [Self.image("a")])
        #expect(try world.images() == ["IoT/x86_64/images/c.raw.xz"])
    }
}
