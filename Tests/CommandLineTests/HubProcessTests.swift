import Foundation
import TestSupport
import Testing

/// The rehearsal hub as a process of its own, reached by a Koji profile like any other hub.
@Suite("A run against a hub of its own process", .timeLimit(.minutes(1)))
struct HubProcessTests {
    /// A hub that ends with the test.
    final class Hub {
        let process = Process()
        let profile: String

        /// Below it lie the hub's files.
        let topurl: String

        init(in directory: URL, seconds: String, _ options: [String] = []) throws {
            let output = Pipe()
            process.executableURL = Program.executable
            process.arguments =
                [
                    "rehearsal-hub", "--root", directory.appendingPathComponent("hub").path, "--task-seconds", seconds,
                ] + options
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            var said = ""
            // The profile's last line tells that the hub listens.
            while !said.contains("poll_interval"), case let data = output.fileHandleForReading.availableData,
                !data.isEmpty
            {
                said += String(decoding: data, as: UTF8.self)
            }
            topurl =
                said.split(separator: "\n").first { $0.hasPrefix("topurl = ") }.map { String($0.dropFirst(9)) } ?? ""
            profile = directory.appendingPathComponent("koji.conf").path
            try said.write(toFile: profile, atomically: false, encoding: .utf8)
        }

        deinit { if process.isRunning { process.terminate() } }
    }

    static func arguments(_ hub: Hub, target: URL, patience: String = "30") -> [String] {
        [
            "run", "--nightly", "--date", "20261122", "--koji-profile", "rehearsal", "--koji-config", hub.profile,
            "--hub-patience", patience, "--target-dir", target.path, Program.fixture("fedora-minimal/fedora.conf"),
        ]
    }

    static func environment(_ directory: URL, password: String = "rehearsal") -> [String: String] {
        ["HOME": directory.path, "KOJI_USER": "rehearsal", "KOJI_PASSWORD": password]
    }

    @Test("a hub that builds nothing makes the run a rehearsal, whatever its profile is called")
    func marked() throws {
        try Program.withDirectory { directory in
            let hub = try Hub(in: directory, seconds: "0.1")
            let result = try Program.run(
                Self.arguments(hub, target: directory), environment: Self.environment(directory))
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stdout.contains("REHEARSAL"))
            let compose = directory.appendingPathComponent("Fedora-44-20261122.n.0")
            #expect(FileManager.default.fileExists(atPath: compose.appendingPathComponent("REHEARSAL").path))
        }
    }

    @Test("a wrong password ends with 4, is not printed, and makes no compose")
    func password() throws {
        try Program.withDirectory { directory in
            let hub = try Hub(in: directory, seconds: "0.1")
            let target = directory.appendingPathComponent("target")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let result = try Program.run(
                Self.arguments(hub, target: target), environment: Self.environment(directory, password: "s3cret"))
            #expect(result.status == 4)
            #expect(!result.stderr.contains("s3cret"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        }
    }

    @Test("a hub that goes away ends with 4, and the task that may be running is listed")
    func gone() throws {
        try Program.withDirectory { directory in
            let hub = try Hub(in: directory, seconds: "600")
            let run = Process()
            run.executableURL = Program.executable
            run.arguments = Self.arguments(hub, target: directory, patience: "0")
            run.environment = ProcessInfo.processInfo.environment.merging(Self.environment(directory)) { $1 }
            let errors = Pipe()
            run.standardError = errors
            run.standardOutput = FileHandle.nullDevice
            try run.run()
            var said = ""
            while case let data = errors.fileHandleForReading.availableData, !data.isEmpty {
                said += String(decoding: data, as: UTF8.self)
                if said.contains(": task 1 "), hub.process.isRunning { kill(hub.process.processIdentifier, SIGKILL) }
            }
            run.waitUntilExit()
            #expect(run.terminationStatus == 4, "\(said)")
            #expect(said.contains("NOT CANCELED"))
            #expect(said.contains("koji cancel 1"))
            let compose = directory.appendingPathComponent("Fedora-44-20261122.n.0")
            #expect(try RehearsalTests.text("STATUS", in: compose) == "DOOMED\n")
        }
    }
}
