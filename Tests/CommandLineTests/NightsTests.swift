import ComposePhase
import Foundation
import PhaseService
import PhaseStore
import Synchronization
import TestSupport
import Testing

/// Nights of a schedule with a clock of the test's own; composes are real processes on a rehearsal hub.
@Suite("Nights", .timeLimit(.minutes(3)))
struct NightsTests {
    /// The time that the service sees: ours, moved.
    private final class Clock: Sendable {
        private let offset: Mutex<Double>

        /// - Parameter begin: what it shows now.
        init(_ begin: Double) { offset = Mutex(begin - Date().timeIntervalSince1970) }

        var now: Double { offset.withLock { Date().timeIntervalSince1970 + $0 } }

        /// Lets it show this time.
        func set(_ time: Double) { offset.withLock { $0 = time - Date().timeIntervalSince1970 } }
    }

    private static let config = """
        release_name = "Test"
        release_short = "Test"
        release_version = "44"
        release_is_layered = False
        variants_file = "variants.xml"
        pkgset_source = "koji"
        pkgset_koji_tag = "f44"
        gather_method = "deps"
        sigkeys = [None]
        imagebuilder = {
            "^Main$": [{
                "name": "Image", "types": ["minimal-raw-xz"], "target": "f44-image-builder", "arches": ["x86_64"],
                "subvariant": "Image", "repos": ["REPOSITORY"],
            }]
        }

        """
    private static let variants = """
        <?xml version="1.0"?>
        <variants><variant id="Main" name="Main" type="variant" is_empty="true"><arches><arch>x86_64</arch></arches></variant></variants>
        """

    private func repository(_ directory: URL, revision: Int) throws {
        let place = directory.appendingPathComponent("repo/repodata")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let text =
            "<?xml version=\"1.0\"?><repomd xmlns=\"http://linux.duke.edu/metadata/repo\"><revision>\(revision)</revision></repomd>"
        try text.write(to: place.appendingPathComponent("repomd.xml"), atomically: true, encoding: .utf8)
    }

    /// A service that is not there for long: its clock is the test's, its rounds are made by hand.
    private func service(_ directory: URL, _ hub: HubProcessTests.Hub, _ clock: Clock) throws -> Service {
        let settings = """
            state_dir: state
            configs: [configs]
            targets: {main: {directory: composes}}
            profiles: [rehearsal]
            koji_config: \(hub.profile)
            schedules:
              - {name: nightly, config: test.conf, target: main, calendar: "*-*-* 03:00", time_zone: UTC,
                 skip_unchanged: true, catch_up: 2h, alarm_after: 3d}
            """
        let read = try ServiceSettings.read(
            SettingsFile(path: directory.appendingPathComponent("service.yaml").path, bytes: Array(settings.utf8)),
            over: ServiceSettings(stateDirectory: directory.path, workingDirectory: directory.path),
            now: Instant(seconds: clock.now))
        try FileManager.default.createDirectory(
            atPath: read.stateDirectory, withIntermediateDirectories: true)
        let store = try ServiceStore(path: "\(read.stateDirectory)/service.sqlite")
        let environment = ProcessInfo.processInfo.environment.merging(HubProcessTests.environment(directory)) { $1 }
        return Service(
            read, store: store, program: Program.executable.path, environment: environment.map { "\($0)=\($1)" },
            version: "test", now: { clock.now }, warn: { _ in })
    }

    /// Makes rounds until the schedule's last night satisfies the test.
    private func rounds(
        _ service: Service, until isDone: ([String: Any]) -> Bool
    ) async throws -> [String: Any] {
        for _ in 0..<300 {
            await service.keeper.look()
            await service.schedules.tick()
            if let last = try await nights(service).last, isDone(last) { return last }
            // Processes take their time: this waits for them, not for a state of ours.
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the night did not come")
        return [:]
    }

    private func nights(_ service: Service) async throws -> [[String: Any]] {
        try await service.store.nights(of: "nightly", limit: 50).compactMap {
            try JSONSerialization.jsonObject(with: Data($0.record.utf8)) as? [String: Any]
        }
    }

    private func status(_ night: [String: Any]) -> String? {
        let tries = night["tries"] as? [[String: Any]]
        return (tries?.last?["ended"] as? [String: Any])?["status"] as? String
    }

    @Test("begin when they are due, are left out when nothing changed, are made up for, and raise the alarm")
    func nights() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("nights-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory.appendingPathComponent("configs"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let repo = directory.appendingPathComponent("repo").path
        try Self.config.replacingOccurrences(of: "REPOSITORY", with: repo).write(
            to: directory.appendingPathComponent("configs/test.conf"), atomically: false, encoding: .utf8)
        try Self.variants.write(
            to: directory.appendingPathComponent("configs/variants.xml"), atomically: false, encoding: .utf8)
        try repository(directory, revision: 1)
        let hub = try HubProcessTests.Hub(in: directory, seconds: "0.1")
        // 2026-11-22 02:59 UTC
        let midnight = 1_795_305_600.0
        let clock = Clock(midnight + 3 * 3600 - 60)
        var service = try service(directory, hub, clock)
        try await service.begin()
        await service.schedules.tick()
        #expect(try await nights(service).isEmpty)

        // The first night.
        clock.set(midnight + 3 * 3600 + 1)
        let first = try await rounds(service) { status($0) != nil }
        #expect(first["outcome"] as? String == "started")
        #expect(status(first) == "FINISHED")
        let run = try await service.store.run(1)
        #expect(run?.compose == "Test-44-20261122.n.0")
        #expect(run?.requestedBy == "schedule nightly")

        // Nothing changed.
        clock.set(midnight + 86400 + 3 * 3600 + 1)
        let second = try await rounds(service) { $0["outcome"] as? String != "started" }
        #expect(second["outcome"] as? String == "skipped")
        #expect((second["reason"] as? String)?.contains("nothing changed since Test-44-20261122.n.0") == true)

        // The repository changed; the service was away at the due time, and begins late, with that day's date.
        try repository(directory, revision: 2)
        service.store.close()
        clock.set(midnight + 2 * 86400 + 4 * 3600)
        service = try self.service(directory, hub, clock)
        try await service.begin()
        let third = try await rounds(service) { status($0) != nil }
        #expect(status(third) == "FINISHED")
        let reason = third["reason"] as? String ?? ""
        #expect(reason.contains("after its time") && reason.contains("revision 2") && reason.contains("was revision 1"))
        #expect(try await service.store.run(2)?.compose == "Test-44-20261124.n.0")

        // Away for five days: too late for all of them but what is due within two hours, which none is.
        service.store.close()
        clock.set(midnight + 7 * 86400 + 6 * 3600)
        service = try self.service(directory, hub, clock)
        try await service.begin()
        await service.schedules.tick()
        let last = try await nights(service).suffix(5)
        #expect(last.map { $0["outcome"] as? String } == Array(repeating: "missed", count: 5))
        let memory = try await service.store.schedule("nightly")?.state ?? ""
        #expect(memory.contains("no night has ended well"))
        #expect(try await service.store.runs(RunFilter()).count == 2)
        // A rehearsal gets no link.
        let composes = try FileManager.default.contentsOfDirectory(
            atPath: directory.appendingPathComponent("composes").path)
        #expect(composes.sorted() == ["Test-44-20261122.n.0", "Test-44-20261124.n.0"])
        service.store.close()
    }
}
