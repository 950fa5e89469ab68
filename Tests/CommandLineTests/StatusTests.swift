import Foundation
import TestSupport
import Testing

@Suite("status", .timeLimit(.minutes(1)))
struct StatusTests {
    static let config = Program.fixture("fedora-iot/fedora-iot.conf")

    /// A finished rehearsal.
    static func compose(in directory: URL, date: String = "20261122", _ options: [String] = []) throws -> URL {
        let result = try Program.run(
            [
                "run", "--rehearse", "--task-seconds", "0.2-0.4", "--nightly", "--date", date, "--target-dir",
                directory.path,
            ] + options + [config])
        #expect(result.status == 0 || result.status == 1, "\(result.stderr)")
        return directory.appendingPathComponent("Fedora-IoT-44-\(date).n.0")
    }

    static func json(_ text: String) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(document?["payload"] as? [String: Any])
    }

    @Test("a finished run is told in each form")
    func finished() throws {
        try Program.withDirectory { directory in
            let compose = try Self.compose(in: directory, ["--failing", "Fedora-IoT-provisioner"])
            let text = try Program.run(["status", compose.path])
            #expect(text.status == 0 && text.stderr.isEmpty)
            #expect(text.stdout.contains("FINISHED_INCOMPLETE") && text.stdout.contains("FAILED"))
            let line = try Program.run(["status", "--one-line", compose.path])
            #expect(
                line.stdout
                    == "REHEARSAL Fedora-IoT-44-20261122.n.0: FINISHED_INCOMPLETE, 2 of 3 done, 1 failed (may fail)\n")
            let payload = try Self.json(try Program.run(["status", "--format", "json", compose.path]).stdout)
            #expect(payload["stage"] as? String == "ended" && payload["status"] as? String == "FINISHED_INCOMPLETE")
            #expect((payload["images"] as? [[String: Any]])?.count == 3)
            let yaml = try Program.run(["status", "--format", "yaml", compose.path])
            #expect(yaml.status == 0 && yaml.stdout.contains("stage: ended"))
            let watch = try Program.run(["status", "--watch", compose.path])
            #expect(watch.status == 0 && watch.stdout == line.stdout, "what is over is told once")
        }
    }

    @Test("a compose without a run is an error that says what is missing")
    func without() throws {
        try Program.withDirectory { directory in
            let empty = try Program.run(["status", directory.path])
            #expect(empty.status == 5 && empty.stderr.contains("no run of phase-runner"))
            let none = try Program.run(["status", directory.appendingPathComponent("none").path])
            #expect(none.status == 5 && none.stderr.contains("there is no directory"))
            for options in [["--one-line", "--format", "json"], ["--watch", "--format", "yaml"], []] {
                let wrong = try Program.run(["status"] + options + (options.isEmpty ? [] : [directory.path]))
                #expect(wrong.status == 2)
            }
            let compose = try Self.compose(in: directory)
            let history = try Program.run(["status", "--history", directory.path, compose.path])
            #expect(history.status == 2 && history.stderr.contains("no history"))
        }
    }

    @Test("a plan without events is a run that has not begun")
    func planned() throws {
        try Program.withDirectory { directory in
            let compose = try Self.compose(in: directory)
            try FileManager.default.removeItem(at: compose.appendingPathComponent("logs"))
            let result = try Program.run(["status", "--one-line", compose.path])
            #expect(result.status == 0)
            #expect(result.stdout == "Fedora-IoT-44-20261122.n.0: 0 of 3 done, 3 waiting, nothing submitted yet\n")
        }
    }

    @Test("while a run goes it is followed to its end, from another process, and ends with the run's success")
    func watched() throws {
        try Program.withDirectory { directory in
            // Its times are the history of the next one.
            _ = try Self.compose(in: directory, date: "20261121")
            let process = Process()
            process.executableURL = Program.executable
            process.arguments = [
                "run", "--rehearse", "--task-seconds", "2-3", "--nightly", "--date", "20261122", "--target-dir",
                directory.path, Self.config,
            ]
            let output = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = output
            try process.run()
            defer { if process.isRunning { process.terminate() } }
            var said = ""
            while !said.contains("iot-simplified-installer: task 3"),
                case let data = output.fileHandleForReading.availableData, !data.isEmpty
            {
                said += String(decoding: data, as: UTF8.self)
            }
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.n.0")
            let now = try Self.json(try Program.run(["status", "--format", "json", compose.path]).stdout)
            #expect(now["stage"] as? String == "running" && now["status"] is NSNull)
            #expect((now["process"] as? [String: Any])?["alive"] as? Bool == true)
            #expect(now["without_estimate"] as? Int == 0, "the compose beside it is the history")
            let watch = try Program.run(["status", "--watch", "--format", "json", compose.path])
            #expect(watch.status == 0, "\(watch.stderr)")
            let documents = try watch.stdout.split(separator: "\n").map { try Self.json(String($0)) }
            #expect(documents.count > 1 && documents.last?["status"] as? String == "FINISHED")
            process.waitUntilExit()
        }
    }

    @Test("a run that was killed is told as such, though its last line is torn")
    func killed() throws {
        try Program.withDirectory { directory in
            let process = Process()
            process.executableURL = Program.executable
            process.arguments = [
                "run", "--rehearse", "--task-seconds", "600", "--nightly", "--date", "20261122", "--target-dir",
                directory.path, Self.config,
            ]
            let output = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = output
            try process.run()
            var said = ""
            while !said.contains("iot-simplified-installer: task 3"),
                case let data = output.fileHandleForReading.availableData, !data.isEmpty
            {
                said += String(decoding: data, as: UTF8.self)
            }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.n.0")
            let events = try FileHandle(
                forWritingTo: compose.appendingPathComponent("logs/global/phase-runner/events.jsonl"))
            try events.seekToEnd()
            try events.write(contentsOf: Data(#"{"event": "observed", "tas"#.utf8))
            try events.close()
            let text = try Program.run(["status", compose.path])
            #expect(text.status == 0)
            #expect(text.stdout.contains("INTERRUPTED") && text.stdout.contains("resume \(compose.path)"))
            let watch = try Program.run(["status", "--watch", "--one-line", compose.path])
            #expect(watch.status == 1 && watch.stdout.contains("its process is gone"))
        }
    }
}
