import Foundation
import GRDB
import Testing

@testable import PhaseStore

@Suite("The service's database")
struct ServiceStoreTests {
    static func withPath(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("service-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.appendingPathComponent("service.sqlite").path)
    }

    static func run(_ number: Int = 0, key: String? = nil, by: String = "kevin") -> StoredRun {
        StoredRun(request: "{\"n\": \(number)}", requested: Double(number), requestedBy: by, idempotencyKey: key)
    }

    @Test(
        "its files are for the owner of their directory alone, though root made them",
        arguments: [0, 65534] as [uid_t])
    func owner(_ user: uid_t) async throws {
        // Only root can give files away.
        guard user == 0 || geteuid() == 0 else { return }
        try await Self.withPath { path in
            if geteuid() == 0 {
                #expect(chown(URL(fileURLWithPath: path).deletingLastPathComponent().path, user, user) == 0)
            }
            let store = try ServiceStore(path: path)
            _ = try await store.add(Self.run(1))
            for file in [path, "\(path)-wal", "\(path)-shm"] {
                var info = stat()
                #expect(stat(file, &info) == 0, "\(file)")
                #expect(info.st_mode & 0o777 == 0o600, "\(file)")
                #expect(info.st_uid == (geteuid() == 0 ? user : geteuid()), "\(file)")
            }
            store.close()
        }
    }

    @Test("keeps a run as it was given, over a restart")
    func roundTrip() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            var run = try await store.add(Self.run(1)).run
            run.state = .running
            run.wish = .retry
            run.compose = "Fedora-IoT-44-20261123.0"
            run.release = "Fedora-IoT-44"
            run.directory = "/c"
            run.status = "DOOMED"
            run.exitStatus = 1
            run.reason = "words"
            run.started = 2
            run.ended = 3
            run.isRehearsal = true
            run.processes = 2
            run.summary = "{}"
            run.schedule = "iot"
            try await store.save(run)
            store.close()
            let again = try ServiceStore(path: path)
            #expect(try await again.run(run.id) == run)
            #expect(try await again.unfinishedRuns() == [run])
            #expect(try await again.run(99) == nil)
            again.close()
        }
    }

    @Test("the same request with the same key is one run, of one person")
    func idempotency() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            let first = try await store.add(Self.run(1, key: "a"))
            let second = try await store.add(Self.run(2, key: "a"))
            let other = try await store.add(Self.run(3, key: "a", by: "ralph"))
            let none = try await store.add(Self.run(4))
            let noneAgain = try await store.add(Self.run(4))
            #expect(first.isNew && !second.isNew && other.isNew && none.isNew && noneAgain.isNew)
            #expect(second.run == first.run)
            #expect(Set([first, other, none, noneAgain].map(\.run.id)).count == 4)
            store.close()
        }
    }

    @Test("lists runs by what is asked for, newest first, in pages")
    func filters() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            for number in 1...10 {
                var run = try await store.add(Self.run(number)).run
                run.state = number.isMultiple(of: 2) ? .ended : .running
                run.status = number.isMultiple(of: 4) ? "FINISHED" : nil
                run.schedule = number < 5 ? "iot" : nil
                run.release = "Fedora-\(number % 3)"
                try await store.save(run)
            }
            func ids(_ change: (inout RunFilter) -> Void) async throws -> [Int] {
                var filter = RunFilter()
                change(&filter)
                return try await store.runs(filter).map(\.id)
            }
            #expect(try await ids { _ in } == Array((1...10).reversed()))
            #expect(try await ids { $0.limit = 3 } == [10, 9, 8])
            #expect(
                try await ids {
                    $0.limit = 3; $0.before = 8
                } == [7, 6, 5])
            #expect(try await ids { $0.state = .ended } == [10, 8, 6, 4, 2])
            #expect(try await ids { $0.status = "FINISHED" } == [8, 4])
            #expect(try await ids { $0.schedule = "iot" } == [4, 3, 2, 1])
            #expect(try await ids { $0.release = "Fedora-1" } == [10, 7, 4, 1])
            #expect(try await ids { $0.schedule = "'; DROP TABLE run; --" } == [])
            store.close()
        }
    }

    @Test("forgets what is old, and nothing that goes on")
    func retention() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            for (number, ended) in [(1, 100.0), (2, 300), (3, nil)] as [(Int, Double?)] {
                var run = try await store.add(Self.run(number)).run
                run.state = ended == nil ? .running : .ended
                run.ended = ended
                try await store.save(run)
                try await store.save(
                    [StoredImage(run: run.id, image: "IoT/x/y", arch: "x86_64", outcome: "done", size: 5)], of: run.id)
            }
            for due in [50.0, 250] { try await store.save(StoredNight(schedule: "iot", due: due, record: "{}")) }
            #expect(try await store.forget(before: 200) == [1])
            #expect(try await store.runs(RunFilter()).map(\.id) == [3, 2])
            #expect(try await store.images(since: 0).map(\.image.run) == [2, 3])
            #expect(try await store.nights(of: "iot", limit: 9).map(\.due) == [250])
            store.close()
        }
    }

    @Test("nights are kept once a due time, the newest word counts")
    func nights() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            for (due, word) in [(1.0, "a"), (2, "b"), (1, "c"), (3, "d")] {
                try await store.save(StoredNight(schedule: "iot", due: due, record: word))
            }
            #expect(try await store.nights(of: "iot", limit: 2).map(\.record) == ["b", "d"])
            #expect(try await store.nights(of: "iot", limit: 9).map(\.record) == ["c", "b", "d"])
            try await store.save(StoredSchedule(name: "iot", isPaused: true, made: 5))
            try await store.save(StoredSchedule(name: "iot", isPaused: false, made: 9, state: "x"))
            #expect(
                try await store.schedule("iot") == StoredSchedule(name: "iot", isPaused: false, made: 5, state: "x"))
            store.close()
        }
    }

    @Test("a copy is whole, one file, and writes over nothing")
    func backup() async throws {
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            let run = try await store.add(Self.run(1)).run
            let copy = path + ".copy"
            try store.backUp(to: copy)
            #expect(throws: ServiceStore.Failure.self) { try store.backUp(to: copy) }
            // What comes later is not in it.
            _ = try await store.add(Self.run(2))
            store.close()
            #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
            #expect(!FileManager.default.fileExists(atPath: copy + ".new"))
            let restored = try ServiceStore(path: copy)
            #expect(try await restored.runs(RunFilter()) == [run])
            restored.close()
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("what is not ours, newer, or damaged is told and left as it is")
    func foreign() async throws {
        try await Self.withPath { path in
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "CREATE TABLE x (y)") }
            try other.close()
            let failure = #expect(throws: ServiceStore.Failure.self) { try ServiceStore(path: path) }
            #expect(failure?.description.contains("is no database of this service") == true)
        }
        try await Self.withPath { path in
            let store = try ServiceStore(path: path)
            try await store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 later')") }
            store.close()
            let failure = #expect(throws: ServiceStore.Failure.self) { try ServiceStore(path: path) }
            #expect(failure?.description.contains("newer phase-runner") == true)
        }
        try await Self.withPath { path in
            try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: path))
            let failure = #expect(throws: ServiceStore.Failure.self) { try ServiceStore(path: path) }
            #expect(failure?.description.contains("is damaged") == true)
        }
        #expect(throws: ServiceStore.Failure.self) { try ServiceStore(path: "/nowhere/service.sqlite") }
    }

    @Test("the first version's tables become today's")
    func migration() async throws {
        try await Self.withPath { path in
            // Each published migration alone, then the rest: what it left must be taken on.
            let queue = try DatabaseQueue(path: path)
            try ServiceSchema.migrator.migrate(queue, upTo: "1 runs, images, nights, tokens, audit")
            try await queue.write { database in
                try database.execute(sql: "PRAGMA application_id = \(ServiceSchema.applicationID)")
                try database.execute(
                    sql:
                        "INSERT INTO run (request, requested, requested_by, state, wish) VALUES ('{}', 1, 'k', 'ended', 'run')"
                )
            }
            try queue.close()
            let store = try ServiceStore(path: path)
            #expect(try await store.run(1)?.requestedBy == "k")
            store.close()
        }
    }
}
