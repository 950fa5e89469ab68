import Foundation
import Koji
import ProductMD
import Synchronization
import Testing

@testable import ComposePhase

@Suite("Recording images")
struct ImagesRecordTests {
    private static func image(_ number: Int, subvariant: String? = nil) -> CollectedImage {
        CollectedImage(
            task: ImageTaskID("IoT/a/b"), hubTask: TaskID(1), archTask: TaskID(2), variant: "IoT",
            subvariant: subvariant ?? "S\(number)", arch: "x86_64", type: "raw-xz", format: "raw.xz",
            path: "IoT/x86_64/images/\(number).raw.xz", size: 1, mtime: 1, checksums: ["sha256": "00"], nvr: "a-1-1",
            buildID: 1, source: "s")
    }

    private struct World {
        let layout = ComposeLayout(
            top: FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID().uuidString)").path)
        static let compose = ImagesManifest.Compose(
            id: "Fedora-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0)

        func remove() { try? FileManager.default.removeItem(atPath: layout.top) }

        func paths() throws -> [String] {
            let bytes = try #require(try AtomicFile.read(layout.path(ComposeLayout.images)))
            return try ImagesManifest.decode(bytes, name: "images.json").all.map(\.image.path)
        }
    }

    @Test("many at once are all on disk when they say so, and one that is wrong fails alone")
    func together() async throws {
        let world = World()
        defer { world.remove() }
        let record = ImagesRecord(layout: world.layout, compose: World.compose)
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<300 {
                group.addTask {
                    do {
                        try await record.add([Self.image(number, subvariant: number == 77 ? "" : nil)])
                        let bytes = try AtomicFile.read(world.layout.path(ComposeLayout.images)) ?? []
                        let text = String(decoding: bytes, as: UTF8.self)
                        return text.contains("/\(number).raw.xz\"") ? nil : -number
                    } catch {
                        return number
                    }
                }
            }
            var failed: [Int] = []
            for await number in group { if let number { failed.append(number) } }
            return failed
        }
        #expect(failed == [77])
        #expect(try world.paths().count == 299)
    }

    @Test("what another phase writes meanwhile stays, and its strangeness is told once")
    func others() async throws {
        let world = World()
        defer { world.remove() }
        let warnings = Mutex<[String]>([])
        let record = ImagesRecord(layout: world.layout, compose: World.compose) { text in
            warnings.withLock { $0.append(text) }
        }
        try await record.add([Self.image(1)])
        let path = world.layout.path(ComposeLayout.images)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let theirs = text.replacingOccurrences(of: "\"S1\"", with: "\"\"").replacingOccurrences(
            of: "IoT", with: "Server")
        try Data(theirs.utf8).write(to: URL(fileURLWithPath: path))
        for number in 2...4 { try await record.add([Self.image(number)]) }
        #expect(
            try world.paths() == (2...4).map { "IoT/x86_64/images/\($0).raw.xz" } + ["Server/x86_64/images/1.raw.xz"])
        #expect(warnings.withLock { $0.count } == 1)
        #expect(warnings.withLock { $0.first?.contains("the subvariant is empty") } == true)
    }

    @Test("a file that cannot be read is left as it is")
    func unreadable() async throws {
        let world = World()
        defer { world.remove() }
        try FileManager.default.createDirectory(
            atPath: world.layout.path(ComposeLayout.metadata), withIntermediateDirectories: true)
        let path = URL(fileURLWithPath: world.layout.path(ComposeLayout.images))
        try Data("{".utf8).write(to: path)
        let record = ImagesRecord(layout: world.layout, compose: World.compose)
        await #expect(throws: MetadataFailure.self) { try await record.add([Self.image(1)]) }
        #expect(try Data(contentsOf: path) == Data("{".utf8))
        let other = ImagesManifest.Compose(id: "Other-1-20260102.0", date: "20260102", type: "production", respin: 0)
        try AtomicFile.write(try ImagesManifest(compose: other).encoded(), to: path.path)
        let failure = await #expect(throws: TaskFailure.self) { try await record.add([Self.image(1)]) }
        #expect(failure?.message.contains("belongs to Other-1-20260102.0") == true)
        try FileManager.default.removeItem(at: path)
        try await record.add([Self.image(2)])
        #expect(try world.paths().count == 1)
    }
}
