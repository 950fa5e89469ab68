import ComposePhase
import Foundation
import Koji
import ProductMD
import PungiConfig
import TestSupport
import Testing

/// Fetching, verifying, placing, recording, over real files.
@Suite("Collecting")
struct ImageCollectorTests {
    struct Source: ResultSource {
        let answer: HubResults
        func results(of task: ImageTask, hubTask: TaskID) async throws(TaskFailure) -> HubResults { answer }
    }

    /// A hub's tree, a compose, and a collector between them.
    struct World {
        let directory: URL
        let layout: ComposeLayout
        var content = Data("image\n".utf8)
        var archive: HubResults.Archive?
        var linkType = TreeFiles.LinkType.hardlinkOrCopy

        init() throws {
            directory = FileManager.default.temporaryDirectory.appendingPathComponent("collect-\(UUID().uuidString)")
            layout = ComposeLayout(top: directory.appendingPathComponent("compose").path)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }

        func remove() { try? FileManager.default.removeItem(at: directory) }

        var place: URL { URL(fileURLWithPath: layout.path("compose/IoT/x86_64/images/a.x86_64.raw.xz")) }

        func collect() async throws -> CollectedTask {
            let images = directory.appendingPathComponent("koji/packages/a/44/1/images")
            try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
            try content.write(to: images.appendingPathComponent("a.x86_64.raw.xz"))
            var task = ResultSelectionTests.task()
            task.arches.removeFirst()
            var results = ResultSelectionTests.results(["x86_64": ["a.x86_64.raw.xz"]])
            results.arches.removeFirst()
            if let archive { results.archives["a.x86_64.raw.xz"] = archive }
            let collector = ImageCollector(
                results: Source(answer: results),
                files: TreeFiles(
                    top: directory.appendingPathComponent("koji").path, linkType: linkType, sleep: { _ in }),
                layout: layout,
                variants: VariantSet(topLevel: [ResultSelectionTests.variant]), checksums: ["sha256", "md5"],
                record: ImagesRecord(
                    layout: layout,
                    compose: .init(id: "Fedora-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0)),
                warn: { _ in })
            return try await collector.collect(
                task, [HubPart(TaskID(5), arches: task.arches.map(\.arch))], replacing: [])
        }

        func manifest() throws -> ImagesManifest {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: layout.path(ComposeLayout.images)))
            return try ImagesManifest.decode([UInt8](bytes), name: "images.json")
        }

        /// Files in the image's directory, hidden ones too.
        func present() -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: place.deletingLastPathComponent().path)) ?? []
        }
    }

    @Test(
        "an image is placed and recorded, by every link type",
        arguments: [TreeFiles.LinkType.hardlink, .copy, .hardlinkOrCopy, .symlink, .absoluteSymlink])
    func placed(linkType: TreeFiles.LinkType) async throws {
        var world = try World()
        defer { world.remove() }
        world.linkType = linkType
        let collected = try await world.collect()
        #expect(collected.images.map(\.path) == ["IoT/x86_64/images/a.x86_64.raw.xz"])
        #expect(try Data(contentsOf: world.place) == world.content)
        #expect(world.present() == ["a.x86_64.raw.xz"], "nothing partial is left")
        let image = try #require(try world.manifest().all.first?.image)
        #expect(image.size == world.content.count)
        #expect(image.checksums.keys.sorted() == ["md5", "sha256"])
    }

    @Test("the digests are those of the bytes")
    func digests() async throws {
        var world = try World()
        defer { world.remove() }
        world.content = Data("abc".utf8)
        _ = try await world.collect()
        #expect(
            try world.manifest().all.first?.image.checksums == [
                "md5": "900150983cd24fb0d6963f7d28e17f72",
                "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ])
    }

    @Test("what differs from the hub's record is refused, and nothing is left behind")
    func mismatch() async throws {
        for archive in [
            HubResults.Archive(id: 1, size: 7, digest: nil),
            HubResults.Archive(id: 1, size: 6, digest: .init(kind: "sha1", text: "00")),
        ] {
            var world = try World()
            defer { world.remove() }
            world.archive = archive
            let failure = await #expect(throws: TaskFailure.self) { try await world.collect() }
            #expect(failure?.kind == .notCollected)
            #expect(failure?.message.contains("the hub recorded") == true)
            #expect(world.present().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: world.layout.path(ComposeLayout.images)))
        }
    }

    @Test("an image that cannot be recorded does not stay in the tree")
    func unrecorded() async throws {
        let world = try World()
        defer { world.remove() }
        try FileManager.default.createDirectory(
            atPath: world.layout.path(ComposeLayout.metadata), withIntermediateDirectories: true)
        try Data("{".utf8).write(to: URL(fileURLWithPath: world.layout.path(ComposeLayout.images)))
        let failure = await #expect(throws: TaskFailure.self) { try await world.collect() }
        #expect(failure?.kind == .notRecorded)
        #expect(world.present().isEmpty)
    }

    @Test("an empty image is refused")
    func empty() async throws {
        var world = try World()
        defer { world.remove() }
        world.content = Data()
        let failure = await #expect(throws: TaskFailure.self) { try await world.collect() }
        #expect(failure?.message.contains("empty") == true)
    }

    @Test("a file of the same name is kept when it is the same and never replaced when it is not")
    func sameName() async throws {
        let world = try World()
        defer { world.remove() }
        _ = try await world.collect()
        _ = try await world.collect()
        try FileManager.default.removeItem(at: world.place)
        try Data("another\n".utf8).write(to: world.place)
        let failure = await #expect(throws: TaskFailure.self) { try await world.collect() }
        #expect(failure?.message.contains("another file") == true)
        #expect(try Data(contentsOf: world.place) == Data("another\n".utf8))
    }

    @Test("what other phases wrote into images.json stays, also when they write while we run")
    func merge() async throws {
        let world = try World()
        defer { world.remove() }
        _ = try await world.collect()
        var manifest = try world.manifest()
        manifest.add(
            ImageRecord(
                path: "Server/x86_64/iso/dvd.iso", mtime: 1, size: 1, volumeID: nil, type: "dvd", format: "iso",
                arch: "x86_64", discNumber: 1, discCount: 1, checksums: ["sha256": "00"], implantMD5: nil,
                bootable: true,
                subvariant: "Server"), variant: "Server", arch: "x86_64")
        try AtomicFile.write(try manifest.encoded(), to: world.layout.path(ComposeLayout.images))
        _ = try await world.collect()
        #expect(try world.manifest().all.map(\.variant) == ["IoT", "Server"])
    }

    @Test("relative links lead from the compose to the hub's tree")
    func missing() async throws {
        var world = try World()
        defer { world.remove() }
        world.linkType = .symlink
        _ = try await world.collect()
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: world.place.path)
        #expect(target == "../../../../../koji/packages/a/44/1/images/a.x86_64.raw.xz")
    }
}
