import Foundation
import Koji
import Synchronization
import Testing

@testable import ComposePhase

/// Pungi's `koji_cache`.
@Suite("The shared cache of downloads")
struct CachedFilesTests {
    /// Gives one file, so often.
    final class Origin: ResultFiles {
        let atOnce = 4
        let content: String
        let fetches = Mutex(0)

        init(_ content: String) { self.content = content }

        func location(of path: String) -> String { "http://files/\(path)" }

        func fetch(
            _ file: WantedFile, digests kinds: Set<String>, to partial: String, again: Bool
        ) async throws(FetchFailure) -> HeldFile {
            fetches.withLock { $0 += 1 }
            guard (try? Data(content.utf8).write(to: URL(fileURLWithPath: partial))) != nil else {
                throw .final(AtomicFile.Failure(path: partial, operation: "write", code: ENOSPC).asTaskFailure)
            }
            let digest = RunningDigest(kinds.union(["sha256"]))
            Array(content.utf8).withUnsafeBytes { digest.update($0) }
            return HeldFile(place: .partial(partial), size: content.utf8.count, digests: digest.finish())
        }
    }

    struct World {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)")
        let origin = Origin("image\n")
        var cache: String { directory.appendingPathComponent("cache").path }
        var cached: String { "\(cache)/packages/a/1/1/images/a.raw" }

        init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

        func remove() { try? FileManager.default.removeItem(at: directory) }

        var wanted: WantedFile {
            let digest = RunningDigest(["sha256"])
            Array(origin.content.utf8).withUnsafeBytes { digest.update($0) }
            return WantedFile(
                path: "packages/a/1/1/images/a.raw", size: 6,
                digest: .init(kind: "sha256", text: digest.finish()["sha256"] ?? ""))
        }
    }

    private func fetch(
        _ world: World, _ file: WantedFile, _ linkType: TreeFiles.LinkType = .hardlinkOrCopy,
        again: Bool = false
    ) async throws -> (text: String, held: HeldFile) {
        let origin = world.origin
        let files = CachedFiles(
            directory: world.cache, origin: origin, linkType: linkType, sleep: { _ in }, warn: { _ in })
        let partial = world.directory.appendingPathComponent("partial-\(UUID().uuidString)").path
        let held = try await files.fetch(file, digests: ["md5"], to: partial, again: again)
        let path = if case .partial(let path) = held.place { path } else { world.cached }
        return (String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self), held)
    }

    @Test("what one compose fetched the next one has", arguments: [TreeFiles.LinkType.hardlink, .copy, .symlink])
    func shared(linkType: TreeFiles.LinkType) async throws {
        let world = try World()
        defer { world.remove() }
        for _ in 1...3 {
            let got = try await fetch(world, world.wanted, linkType)
            #expect(got.text == "image\n")
            #expect(got.held.digests.keys.sorted() == ["md5", "sha256"])
        }
        #expect(world.origin.fetches.withLock { $0 } == 1)
        let folder = URL(fileURLWithPath: world.cached).deletingLastPathComponent().path
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.raw"], "neither locks nor parts stay")
    }

    @Test("a file that went bad in the cache is fetched anew, and so is one that was wrong")
    func bad() async throws {
        let world = try World()
        defer { world.remove() }
        _ = try await fetch(world, world.wanted)
        try Data("rotten".utf8).write(to: URL(fileURLWithPath: world.cached))
        #expect(try await fetch(world, world.wanted).text == "image\n")
        #expect(world.origin.fetches.withLock { $0 } == 2)
        #expect(try await fetch(world, world.wanted, again: true).text == "image\n")
        #expect(world.origin.fetches.withLock { $0 } == 3)
    }

    @Test("what cannot be proven does not get in, and a cache that cannot be used is done without")
    func without() async throws {
        let world = try World()
        defer { world.remove() }
        var wanted = world.wanted
        wanted.digest = nil
        #expect(try await fetch(world, wanted).text == "image\n")
        #expect(!FileManager.default.fileExists(atPath: world.cached))
        try Data().write(to: URL(fileURLWithPath: world.cache))
        #expect(try await fetch(world, world.wanted).text == "image\n")
    }

    @Test("many at once fetch it once")
    func together() async throws {
        let world = try World()
        defer { world.remove() }
        let (directory, origin, wanted) = (world.cache, world.origin, world.wanted)
        let folder = world.directory
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let files = CachedFiles(
                        directory: directory, origin: origin, linkType: .hardlink, sleep: { _ in await Task.yield() },
                        warn: { _ in })
                    let partial = folder.appendingPathComponent("p\(number)").path
                    return try await files.fetch(wanted, digests: [], to: partial, again: false).size
                }
            }
            for try await size in group { #expect(size == 6) }
        }
        #expect(origin.fetches.withLock { $0 } == 1)
    }
}
