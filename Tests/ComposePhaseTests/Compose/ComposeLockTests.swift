import Foundation
import TestSupport
import Testing

@testable import ComposePhase

@Suite("The lock of a compose")
struct ComposeLockTests {
    static let owner = ComposeLock.Owner(host: "here", pid: 41, bootID: "b1", started: "1000", since: 5)

    static func identity(host: String = "here", boot: String = "b1", processes: [Int32: String] = [:])
        -> ComposeLock.Identity
    {
        ComposeLock.Identity(
            host: host, pid: 99, bootID: boot, now: { 10 }, startOf: { processes[$0] ?? ($0 == 99 ? "7" : nil) })
    }

    @Test(
        "an owner is dead only where that can be known",
        arguments: [
            (identity(processes: [41: "1000"]), false, .alive), (identity(processes: [41: "2000"]), false, .dead),
            (identity(), false, .dead), (identity(boot: "b2", processes: [41: "1000"]), false, .dead),
            (identity(host: "there"), false, .unknown), (identity(host: "there", boot: "b2"), false, .unknown),
            // The process ids of a container say nothing; the kernel's lock does.
            (identity(), true, .alive), (identity(boot: "b2"), true, .alive),
        ] as [(ComposeLock.Identity, Bool, ComposeLock.Verdict)])
    func judged(identity: ComposeLock.Identity, isHeldHere: Bool, verdict: ComposeLock.Verdict) {
        #expect(ComposeLock.judge(Self.owner, identity, isHeldHere: isHeldHere) == verdict)
    }

    static func withLayout(_ body: (ComposeLayout) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(ComposeLayout(top: directory.path))
    }

    /// Takes the lock and lets it go; who held it before, or why it cannot be had.
    static func taken(_ layout: ComposeLayout, as identity: ComposeLock.Identity = .thisProcess) -> Result<
        ComposeLock.Owner?, ComposeLock.Failure
    > {
        do throws(ComposeLock.Failure) {
            let lock = try ComposeLock.take(in: layout, as: identity)
            return .success(lock.predecessor)
        } catch {
            return .failure(error)
        }
    }

    static func leave(_ text: String, in layout: ComposeLayout) throws {
        try FileManager.default.createDirectory(
            atPath: layout.path(ComposeLayout.work), withIntermediateDirectories: true)
        try text.write(toFile: layout.path(ComposeLayout.lock), atomically: false, encoding: .utf8)
    }

    static func text(host: String = "here", boot: String = "b1") -> String {
        #"{"program": "phase-runner", "host": "\#(host)", "pid": 41, "boot_id": "\#(boot)", "started": "1000", "since": 5.0}"#
    }

    @Test("the second one is refused and told who holds it; afterwards it is free and nothing is left")
    func one() throws {
        try Self.withLayout { layout in
            do {
                let lock = try ComposeLock.take(in: layout)
                guard case .failure(let failure) = Self.taken(layout) else {
                    Issue.record("taken twice")
                    return
                }
                #expect(failure.description.contains("pid \(ProcessInfo.processInfo.processIdentifier) on "))
                #expect(ComposeLock.owner(in: layout)?.isAlive == true)
                #expect(lock.predecessor == nil)
            }
            #expect(ComposeLock.owner(in: layout) == nil)
            #expect(Self.taken(layout) == .success(nil))
            let left = try FileManager.default.contentsOfDirectory(atPath: layout.path(ComposeLayout.work))
            #expect(left == ["lock.guard"])
        }
    }

    @Test("a dead process's lock on this host is taken over")
    func dead() throws {
        try Self.withLayout { layout in
            try Self.leave(Self.text(), in: layout)
            #expect(ComposeLock.owner(in: layout, as: Self.identity())?.isAlive == false)
            #expect(Self.taken(layout, as: Self.identity()) == .success(Self.owner))
        }
    }

    @Test("another host's lock is never broken, and the message says what to remove")
    func foreign() throws {
        try Self.withLayout { layout in
            try Self.leave(Self.text(host: "there"), in: layout)
            #expect(
                ComposeLock.owner(in: layout, as: Self.identity())
                    == .init(
                        owner: .init(
                            host: "there", pid: 41, bootID: "b1", started: "1000", since: 5), isAlive: nil))
            guard case .failure(let failure) = Self.taken(layout, as: Self.identity()) else {
                Issue.record("broken")
                return
            }
            #expect(failure.description.contains("pid 41 on there"))
            #expect(failure.description.contains("remove \(layout.path(ComposeLayout.lock))"))
            #expect(FileManager.default.fileExists(atPath: layout.path(ComposeLayout.lock)))
        }
    }

    @Test("a lock that names nobody is refused", arguments: ["", "garbage", "{}", #"{"host": 1}"#])
    func garbage(text: String) throws {
        try Self.withLayout { layout in
            try Self.leave(text, in: layout)
            guard case .failure(let failure) = Self.taken(layout) else {
                Issue.record("broken")
                return
            }
            #expect(failure.description.contains("names nobody"))
        }
    }

    @Test("of many that take it at once, one has it")
    func race() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let layout = ComposeLayout(top: directory.path)
        // A dead one's, so that all of them have something to break.
        try Self.leave(Self.text(host: ComposeLock.Identity.thisProcess.host, boot: "an earlier one"), in: layout)
        let holders = Cell(0)
        let most = Cell(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do {
                        let lock = try ComposeLock.take(in: layout)
                        holders.update { $0 += 1 }
                        most.update { $0 = max($0, holders.value) }
                        await Task.yield()
                        holders.update { $0 -= 1 }
                        _ = lock.predecessor
                    } catch {}
                }
            }
        }
        #expect(most.value == 1)
    }

    @Test("the reserve takes real room and gives it back")
    func reserve() throws {
        try Self.withLayout { layout in
            try FileManager.default.createDirectory(
                atPath: layout.path(ComposeLayout.work), withIntermediateDirectories: true)
            let reserve = SpaceReserve(layout)
            try reserve.keep()
            var info = stat()
            #expect(stat(layout.path(ComposeLayout.reserve), &info) == 0)
            #expect(info.st_blocks * 512 >= 256 << 10)
            try reserve.keep()
            #expect(reserve.release())
            #expect(!reserve.release())
        }
    }
}
