import ComposePhase
import Foundation
import TestSupport
import Testing

@testable import PhaseStore

@Suite("The journal's file")
struct JournalFileTests {
    static let header = JournalHeader(compose: "Fedora-44-20261122.n.0", planChecksum: "ab", run: "{}", created: 5)

    static func row(_ number: Int) -> JournalRow {
        JournalRow(
            instant: Double(number), kind: "submitted", task: number % 2 == 0 ? "V/a/raw" : nil,
            body: #"{"number": \#(number), "text": "ä\u{0}"}"#)
    }

    static func withPath(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.appendingPathComponent("journal.sqlite").path)
    }

    /// The kind of failure that an operation ends with.
    static func failure(_ body: () async throws(JournalFailure) -> Void) async -> JournalFailure? {
        do throws(JournalFailure) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("rows come back in order, in this process and the next")
    func roundTrip() async throws {
        try await Self.withPath { path in
            let journal = try JournalFile.create(at: path, header: Self.header)
            try await journal.append([Self.row(1)])
            try await journal.append([])
            try await journal.append((2...300).map(Self.row))
            let all = (1...300).map(Self.row)
            #expect(try await journal.rows() == all)
            await journal.close()
            let again = try JournalFile.open(at: path)
            #expect(await again.header == Self.header)
            #expect(try await again.rows() == all)
            var info = stat()
            #expect(stat(path, &info) == 0)
            #expect(info.st_mode & 0o777 == 0o600)
        }
    }

    @Test("a journal that is there is not begun anew; one that is not there cannot be opened")
    func once() async throws {
        try await Self.withPath { path in
            #expect(
                await Self.failure { () throws(JournalFailure) in _ = try JournalFile.open(at: path) }?.kind
                    == .missing)
            let journal = try JournalFile.create(at: path, header: Self.header)
            await journal.close()
            let failure = #expect(throws: JournalFailure.self) {
                try JournalFile.create(at: path, header: Self.header)
            }
            #expect(failure?.kind == .inUse)
        }
    }

    @Test("its owner has it alone")
    func alone() async throws {
        try await Self.withPath { path in
            let journal = try JournalFile.create(at: path, header: Self.header)
            let failure = await Self.failure { () throws(JournalFailure) in _ = try JournalFile.open(at: path) }
            #expect(failure?.kind == .inUse)
            #expect(failure?.description.contains(path) == true)
            try await journal.append([Self.row(1)])
        }
    }

    @Test("what a process that was killed while it made a journal left is in nobody's way")
    func leftover() async throws {
        try await Self.withPath { path in
            try Data("half a journal".utf8).write(to: URL(fileURLWithPath: "\(path).new"))
            try Data("half a batch".utf8).write(to: URL(fileURLWithPath: "\(path).new-journal"))
            let journal = try JournalFile.create(at: path, header: Self.header)
            try await journal.append([Self.row(1)])
            #expect(try await journal.rows().count == 1)
        }
    }

    @Test("a damaged journal is told, whatever is wrong with it, and never half read (seeded)")
    func damaged() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        try await Self.withPath { path in
            let journal = try JournalFile.create(at: path, header: Self.header)
            for batch in 0..<40 { try await journal.append((0..<10).map { Self.row(batch * 10 + $0) }) }
            await journal.close()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for _ in 0..<60 {
                var bytes = whole
                if Bool.random(using: &random) {
                    bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
                } else {
                    for _ in 0..<Int.random(in: 1...200, using: &random) {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                            in: 0...255, using: &random)
                    }
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                do {
                    let again = try JournalFile.open(at: path)
                    let rows = try await again.rows()
                    await again.close()
                    // Some bytes mean nothing, and those within a text cannot be told; no row may get lost.
                    #expect(rows.count == 400, "seed \(seed)")
                } catch let failure as JournalFailure {
                    #expect([.damaged, .other, .newer].contains(failure.kind), "seed \(seed): \(failure)")
                    #expect(failure.description.contains(path), "seed \(seed): \(failure)")
                }
            }
        }
    }

    @Test("a batch that a killed process did not end is rolled back")
    func rolledBack() async throws {
        try await Self.withPath { path in
            let journal = try JournalFile.create(at: path, header: Self.header)
            try await journal.append((0..<5).map(Self.row))
            await journal.close()
            // Another program is in the middle of a batch when its files are copied, as a crash would leave them.
            let script = """
                import shutil, sqlite3, sys
                path = sys.argv[1]
                base = sqlite3.connect(path, isolation_level=None)
                base.execute("pragma journal_mode=delete")
                base.execute("pragma cache_spill=1")
                base.execute("pragma cache_size=1")
                base.execute("begin immediate")
                base.executemany("insert into event (instant, kind, body) values (1, 'x', ?)", [("y" * 3000,)] * 500)
                shutil.copy(path, path + ".copy")
                shutil.copy(path + "-journal", path + ".copy-journal")
                base.execute("rollback")
                """
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
            let file = directory.appendingPathComponent("batch.py")
            try script.write(to: file, atomically: false, encoding: .utf8)
            let made = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/env"), ["python3", file.path, path])
            try #require(made.status == 0, "\(made.stderr)")
            let copy = "\(path).copy"
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: "\(copy)-journal")[.size] as? Int)
            #expect(size > 512, "the batch was under way")
            let again = try JournalFile.open(at: copy)
            #expect(try await again.rows() == (0..<5).map(Self.row))
        }
    }

    @Test("a newer program's journal is refused and says so")
    func newer() async throws {
        try await Self.withPath { path in
            let journal = try JournalFile.create(at: path, header: Self.header)
            await journal.close()
            let script =
                "import sqlite3,sys; b=sqlite3.connect(sys.argv[1]);"
                + " b.execute(\"insert into grdb_migrations values ('9 of the future')\"); b.commit()"
            let made = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/env"), ["python3", "-c", script, path])
            try #require(made.status == 0, "\(made.stderr)")
            let failure = await Self.failure { () throws(JournalFailure) in _ = try JournalFile.open(at: path) }
            #expect(failure?.kind == .newer)
            #expect(failure?.description.contains("newer phase-runner") == true)
        }
    }

    @Test("a full disk fails a batch whole; with room again the next one is kept")
    func full() async throws {
        try await Self.withPath { path in
            let disk = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("disk")
            try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
            let mounted = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/env"),
                ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.path])
            guard mounted.status == 0 else {
                print("skipped: no right to mount a small disk")
                return
            }
            defer {
                _ = try? PythonPeer.run(program: URL(fileURLWithPath: "/usr/bin/env"), ["umount", "-l", disk.path])
            }
            let place = disk.appendingPathComponent("journal.sqlite").path
            let journal = try JournalFile.create(at: place, header: Self.header)
            var kept = 0
            var failure: JournalFailure?
            while failure == nil, kept < 100_000 {
                let number = kept
                failure = await Self.failure { () throws(JournalFailure) in
                    try await journal.append((0..<50).map { Self.row(number + $0) })
                }
                if failure == nil { kept += 50 }
            }
            #expect(failure?.kind == .full)
            #expect(failure?.description.contains("No space left on device") == true)
            #expect(try await journal.rows().count == kept, "nothing of the batch that failed")
            let grown = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/env"), ["mount", "-o", "remount,size=8m", disk.path])
            try #require(grown.status == 0)
            try await journal.append([Self.row(7)])
            #expect(try await journal.rows().count == kept + 1)
            await journal.close()
        }
    }
}
