import Foundation
import Koji
import Synchronization
import Testing

@testable import ComposePhase

/// A hub's tree of real files.
@Suite("Fetching from the mounted tree")
struct TreeFilesTests {
    struct Tree {
        let directory: URL
        let top: URL

        init() throws {
            directory = FileManager.default.temporaryDirectory.appendingPathComponent("tree-\(UUID().uuidString)")
            top = directory.appendingPathComponent("koji")
            try FileManager.default.createDirectory(
                at: top.appendingPathComponent("packages"), withIntermediateDirectories: true)
        }

        func remove() { try? FileManager.default.removeItem(at: directory) }

        var partial: String { directory.appendingPathComponent("partial").path }

        func write(_ text: String, to path: String) throws {
            try Data(text.utf8).write(to: directory.appendingPathComponent(path))
        }

        func link(_ path: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: directory.appendingPathComponent(path).path, withDestinationPath: target)
        }

        func fetch(
            _ wanted: WantedFile, _ linkType: TreeFiles.LinkType = .hardlinkOrCopy,
            sleep: @escaping @Sendable (Double) async throws -> Void = { _ in }
        ) async -> Result<HeldFile, FetchFailure> {
            let files = TreeFiles(top: top.path, linkType: linkType, sleep: sleep)
            do throws(FetchFailure) {
                return .success(try await files.fetch(wanted, digests: ["md5"], to: partial, again: false))
            } catch {
                return .failure(error)
            }
        }
    }

    private func says(_ result: Result<HeldFile, FetchFailure>) -> String {
        switch result {
        case .success: "fetched"
        case .failure(.wrongBytes(let why)): "wrong: \(why)"
        case .failure(.final(let failure)): failure.message
        }
    }

    @Test(
        "a link within the tree is followed, one out of it is refused",
        arguments: [TreeFiles.LinkType.copy, .hardlink, .symlink])
    func links(linkType: TreeFiles.LinkType) async throws {
        let tree = try Tree()
        defer { tree.remove() }
        try tree.write("image", to: "koji/packages/real")
        try tree.write("secret", to: "secret")
        try tree.link("koji/packages/within", to: "real")
        try tree.link("koji/packages/out", to: "../../secret")
        try tree.link("koji/packages/round", to: "round")
        let within = try await tree.fetch(WantedFile(path: "packages/within"), linkType).get()
        #expect(within.size == 5)
        if case .partial(let path) = within.place {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular)
        }
        let out = await tree.fetch(WantedFile(path: "packages/out"), linkType)
        #expect(says(out).contains("which is not below the hub's"))
        #expect(says(await tree.fetch(WantedFile(path: "packages/round"), linkType)).contains("symbolic links"))
        #expect(says(await tree.fetch(WantedFile(path: "packages"), linkType)) != "fetched", "a directory is no file")
    }

    @Test("more than the hub recorded, or than the limit, is not taken")
    func grown() async throws {
        let tree = try Tree()
        defer { tree.remove() }
        try tree.write(String(repeating: "x", count: 1 << 20), to: "koji/packages/a")
        for linkType in [TreeFiles.LinkType.copy, .hardlink, .symlink] {
            let recorded = await tree.fetch(WantedFile(path: "packages/a", size: 10), linkType)
            #expect(says(recorded).contains("more than the 10 bytes that the hub recorded"))
            let limited = await tree.fetch(WantedFile(path: "packages/a", limit: 10), linkType)
            #expect(says(limited).contains("larger than the limit of 10 bytes"))
            #expect(!FileManager.default.fileExists(atPath: tree.partial))
        }
    }

    @Test("a file that NFS shows late is waited for, one that never comes is told of")
    func late() async throws {
        let tree = try Tree()
        defer { tree.remove() }
        let waits = Mutex<[Double]>([])
        let came = await tree.fetch(WantedFile(path: "packages/late")) { seconds in
            waits.withLock { $0.append(seconds) }
            if seconds == 5 { try tree.write("late", to: "koji/packages/late") }
        }
        #expect(try came.get().size == 4)
        #expect(waits.withLock { $0 } == [2, 5])
        #expect(says(await tree.fetch(WantedFile(path: "packages/never"))).contains("No such file"))
    }

    @Test("over file systems, hardlink-or-copy copies with the time, and hardlink says why not")
    func acrossFileSystems() async throws {
        let tree = try Tree()
        defer { tree.remove() }
        let other = "/dev/shm/tree-\(UUID().uuidString)"
        guard (try? Data("image".utf8).write(to: URL(fileURLWithPath: other))) != nil else { return }
        defer { try? FileManager.default.removeItem(atPath: other) }
        let files = TreeFiles(top: "/dev/shm", linkType: .hardlinkOrCopy, sleep: { _ in })
        let wanted = WantedFile(path: URL(fileURLWithPath: other).lastPathComponent)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: other)
        let held = try await files.fetch(wanted, digests: [], to: tree.partial, again: false)
        #expect(held.place == .partial(tree.partial))
        let attributes = try FileManager.default.attributesOfItem(atPath: tree.partial)
        #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 1000))
        // And a partial file that lies on another file system than its place.
        let place = "/dev/shm/placed-\(UUID().uuidString)/a"
        defer {
            try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path)
        }
        #expect(try FilePlacement.place(held, at: place) == .placed)
        #expect(try Data(contentsOf: URL(fileURLWithPath: place)) == Data("image".utf8))
        #expect(!FileManager.default.fileExists(atPath: tree.partial))
        let present = try FileManager.default.contentsOfDirectory(
            atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path)
        #expect(present == ["a"])
    }

    @Test("a digest that follows a growing file is that of its bytes")
    func following() async throws {
        let tree = try Tree()
        defer { tree.remove() }
        let descriptor = open(tree.partial, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        let following = FollowingDigest(descriptor: descriptor, kinds: ["sha256"])
        let whole = RunningDigest(["sha256"])
        let piece = [UInt8](repeating: 7, count: 3 << 20)
        for number in 1...10 {
            piece.withUnsafeBytes { bytes in
                whole.update(bytes)
                _ = Foundation.write(descriptor, bytes.baseAddress, bytes.count)
            }
            following.reached(number * piece.count)
        }
        #expect(try await following.finish() == whole.finish())
        let broken = FollowingDigest(descriptor: descriptor, kinds: ["sha256"])
        broken.reached(1 << 30)
        await #expect(throws: AtomicFile.Failure.self) { try await broken.finish() }
    }
}
