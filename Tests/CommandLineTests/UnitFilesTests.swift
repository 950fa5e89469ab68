import Foundation
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that ask systemd's own tools.
    fileprivate static var needsSystemd: Self {
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: UnitFilesTests.analyze.path) || PythonPeer.isRequired,
            "skipped: no systemd-analyze")
    }
}

/// What `contrib/systemd` offers, as systemd reads it.
@Suite("Unit files", .needsSystemd)
struct UnitFilesTests {
    static let analyze = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
    static let source = Checkout.root.appendingPathComponent("contrib/systemd")
    static let services = ["phase-runner.service", "phase-runner@.service"]

    /// A copy of the folder that names the built program, so that systemd finds it.
    static func withUnits<Value>(_ body: (URL) throws -> Value) throws -> Value {
        try Program.withDirectory { directory in
            let units = directory.appendingPathComponent("units")
            try FileManager.default.copyItem(at: source, to: units)
            for service in services {
                let file = units.appendingPathComponent(service)
                let text = try String(contentsOf: file, encoding: .utf8)
                try text.replacing("/usr/bin/phase-runner", with: Program.executable.path)
                    .write(to: file, atomically: true, encoding: .utf8)
            }
            return try body(units)
        }
    }

    /// What `systemd-analyze verify` complains about, and its status.
    static func verify(_ units: URL) throws -> (status: Int32, said: String) {
        // A template is verified as one of its instances.
        for name in ["service", "timer"] {
            let instance = units.appendingPathComponent("phase-runner@iot.\(name)")
            if !FileManager.default.fileExists(atPath: instance.path) {
                try FileManager.default.copyItem(
                    at: units.appendingPathComponent("phase-runner@.\(name)"), to: instance)
            }
        }
        let files = ["phase-runner.service", "phase-runner@iot.service", "phase-runner@iot.timer"].map {
            units.appendingPathComponent($0).path
        }
        let result = try PythonPeer.run(
            program: analyze, ["verify", "--man=no", "--recursive-errors=no", "--generators=no"] + files)
        return (result.status, result.stderr + String(decoding: result.stdout, as: UTF8.self))
    }

    @Test("systemd has nothing to say about them, drop-ins included")
    func verified() throws {
        try Self.withUnits { units in
            let result = try Self.verify(units)
            #expect(result.status == 0 && result.said.isEmpty, "\(result.said)")
        }
    }

    @Test("what is wrong in a unit or in a drop-in is found by that look")
    func wrong() throws {
        for name in ["phase-runner@.timer", "phase-runner.service.d/tracing.conf"] {
            try Self.withUnits { units in
                let file = units.appendingPathComponent(name)
                let text = try String(contentsOf: file, encoding: .utf8)
                try (text + "\nNoSuchSetting=1\n").write(to: file, atomically: true, encoding: .utf8)
                let result = try Self.verify(units)
                #expect(result.said.contains("NoSuchSetting"), "\(name): \(result.said)")
            }
        }
    }

    @Test("each service is exposed by less than 2.0", arguments: services)
    func security(_ service: String) throws {
        try Self.withUnits { units in
            for threshold in ["20", "5"] {
                let result = try PythonPeer.run(
                    program: Self.analyze,
                    [
                        "security", "--offline=true", "--threshold=\(threshold)", "--no-pager",
                        units.appendingPathComponent(service).path,
                    ])
                // Without the network it would be less than 0.5, so the look can fail.
                #expect((result.status == 0) == (threshold == "20"), "\(result.stderr)")
            }
        }
    }

    @Test("both services stand behind the same walls")
    func same() throws {
        let walls = try Self.services.map { service in
            let text = try String(contentsOf: Self.source.appendingPathComponent(service), encoding: .utf8)
            let lines = text.split(separator: "\n").map(String.init)
            var isWall = false
            return lines.filter { line in
                if line.hasPrefix("CapabilityBoundingSet=") { isWall = true }
                if line.hasPrefix("[") { isWall = false }
                return isWall && !line.hasPrefix("#")
            }
        }
        #expect(walls[0] == walls[1])
        #expect(walls[0].count >= 20, "\(walls[0])")
    }

    @Test("the user and the directories are made")
    func made() throws {
        try Program.withDirectory { root in
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent("etc"), withIntermediateDirectories: true)
            let users = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/systemd-sysusers"),
                ["--root=\(root.path)", Self.source.appendingPathComponent("sysusers.d/phase-runner.conf").path])
            #expect(users.status == 0, "\(users.stderr)")
            let passwords = try String(contentsOf: root.appendingPathComponent("etc/passwd"), encoding: .utf8)
            #expect(passwords.contains("phase-runner:x:") && passwords.contains(":/var/lib/phase-runner:"))
            // Only root can give directories to others.
            guard getuid() == 0 else { return }
            let directories = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/systemd-tmpfiles"),
                [
                    "--root=\(root.path)", "--create",
                    Self.source.appendingPathComponent("tmpfiles.d/phase-runner.conf").path,
                ])
            #expect(directories.status == 0 && directories.stderr.isEmpty, "\(directories.stderr)")
            for path in ["etc/phase-runner/configs", "var/lib/phase-runner/tmp", "srv/composes"] {
                #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path), "\(path)")
            }
        }
    }
}
