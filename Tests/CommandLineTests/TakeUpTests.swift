import Foundation
import TestSupport
import Testing

/// Runs that were killed, stopped or canceled, and what takes them up: real processes, a hub of its own.
@Suite("Taking a run up", .timeLimit(.minutes(2)))
struct TakeUpTests {
    /// A hub, and a compose directory that runs work in.
    struct World {
        let directory: URL
        let hub: HubProcessTests.Hub
        var compose: String { directory.appendingPathComponent("compose").path }

        init(_ directory: URL, seconds: String = "0.1-0.3", _ hubOptions: [String] = []) throws {
            self.directory = directory
            hub = try HubProcessTests.Hub(in: directory, seconds: seconds, hubOptions)
        }

        var hubOptions: [String] {
            [
                "--koji-profile", "rehearsal", "--koji-config", hub.profile, "--hub-patience", "2", "--poll-interval",
                "0.1",
            ]
        }

        func run(_ options: [String] = []) -> [String] {
            [
                "run", "--production", "--label", "RC-20261122.0", "--date", "20261122", "--compose-dir", compose,
            ] + hubOptions + options + [Program.fixture("fedora-iot/fedora-iot.conf")]
        }

        func resume(_ options: [String] = []) -> [String] { ["resume"] + hubOptions + options + [compose] }

        func settings(_ text: String) throws -> [String] {
            let path = directory.appendingPathComponent("settings.yaml").path
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            return ["--settings", path]
        }

        /// Runs to the end; `react` sees what was said so far, and the process.
        @discardableResult
        func perform(
            _ arguments: [String], environment: [String: String] = [:],
            _ react: (String, Int32) throws -> Void = { _, _ in }
        ) throws -> (status: Int32, said: String) {
            let process = Process()
            process.executableURL = Program.executable
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment
                .merging(HubProcessTests.environment(directory)) { $1 }.merging(environment) { $1 }
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            var said = ""
            while case let data = errors.fileHandleForReading.availableData, !data.isEmpty {
                said += String(decoding: data, as: UTF8.self)
                try react(said, process.processIdentifier)
            }
            process.waitUntilExit()
            let status = process.terminationStatus
            return (process.terminationReason == .uncaughtSignal ? -status : status, said)
        }

        func text(_ path: String) throws -> String {
            try String(contentsOfFile: "\(compose)/\(path)", encoding: .utf8)
        }

        /// How often each image was submitted, by the log of events.
        func submits() throws -> [String: Int] {
            var counts: [String: Int] = [:]
            for line in try text("logs/global/phase-runner/events.jsonl").split(separator: "\n") {
                guard let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                    event["event"] as? String == "submitted", let task = event["task"] as? String
                else { continue }
                counts[task, default: 0] += 1
            }
            return counts
        }

        func images() throws -> [String] {
            FileManager.default.enumerator(atPath: "\(compose)/compose")?.compactMap { $0 as? String }
                .filter { $0.hasSuffix(".raw.xz") || $0.hasSuffix(".iso") } ?? []
        }
    }

    static let names = [
        "IoT/Fedora-IoT-raw/iot-raw-xz", "IoT/Fedora-IoT-ostree/iot-installer",
        "IoT/Fedora-IoT-provisioner/iot-simplified-installer",
    ]
    static let onceEach = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })

    /// Kills the process with this signal as soon as it says a word.
    static func sending(_ signal: Int32, at word: String) -> (String, Int32) -> Void {
        var isSent = false
        return { said, process in
            if !isSent, said.contains(word) {
                isSent = true
                kill(process, signal)
            }
        }
    }

    @Test("a run that was killed is taken up: nothing is submitted twice, the compose is whole")
    func killed() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "1")
            let first = try world.perform(world.run(), Self.sending(SIGKILL, at: "iot-simplified-installer: task 3"))
            #expect(first.status == -SIGKILL)
            #expect(try world.text("STATUS") == "STARTED\n")
            let second = try world.perform(world.resume())
            #expect(second.status == 0, "\(second.said)")
            #expect(try world.text("STATUS") == "FINISHED\n")
            #expect(try world.submits() == Self.onceEach)
            #expect(try world.images().count == 6)
            let third = try world.perform(world.resume())
            #expect(third.status == 0)
            #expect(third.said.contains("nothing to take up"), "\(third.said)")
        }
    }

    @Test("a second run on a compose is refused with 5, and names who works on it")
    func locked() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "600")
            var second: (status: Int32, said: String)?
            var again: (status: Int32, said: String)?
            let interrupt = Self.sending(SIGINT, at: "iot-simplified-installer: task 3")
            let first = try world.perform(world.run()) { said, process in
                guard said.contains("iot-simplified-installer: task 3"), second == nil else { return }
                second = try world.perform(world.run())
                again = try world.perform(world.resume())
                #expect(second?.said.contains("pid \(process)") == true, "\(String(describing: second))")
                interrupt(said, process)
            }
            #expect(first.status == 130, "\(first.said)")
            #expect(second?.status == 5)
            #expect(again?.status == 5, "\(String(describing: again))")
        }
    }

    @Test("cancel from another shell ends a run with 6, and it can be taken up again")
    func cancelled() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "1")
            var cancel: (status: Int32, said: String)?
            let first = try world.perform(world.run()) { said, _ in
                guard said.contains("iot-simplified-installer: task 3"), cancel == nil else { return }
                cancel = try world.perform(["cancel"] + world.hubOptions + [world.compose])
            }
            #expect(cancel?.status == 0, "\(String(describing: cancel))")
            #expect(first.status == 6, "\(first.said)")
            #expect(try world.text("STATUS") == "TERMINATED\n")
            let second = try world.perform(world.resume())
            #expect(second.status == 0, "\(second.said)")
            #expect(try world.text("STATUS") == "FINISHED\n")
            #expect(try world.images().count == 6)
        }
    }

    @Test("cancel of a run whose process died cancels what that left on the hub")
    func abandoned() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "600")
            try world.perform(world.run(), Self.sending(SIGKILL, at: "iot-simplified-installer: task 3"))
            let cancel = try world.perform(["cancel"] + world.hubOptions + [world.compose])
            #expect(cancel.status == 0, "\(cancel.said)")
            #expect(try world.text("STATUS") == "TERMINATED\n")
            let result = try world.text("work/phase-runner/result.json")
            #expect(result.components(separatedBy: "\"canceled\"").count == 4, "\(result)")
        }
    }

    @Test("SIGTERM leaves tasks on the hub where it shall, and resume adopts them")
    func left() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "1")
            let first = try world.perform(
                world.run(["--on-term", "leave"]), Self.sending(SIGTERM, at: "iot-simplified-installer: task 3"))
            #expect(first.status == 143, "\(first.said)")
            #expect(try world.text("STATUS") == "STARTED\n")
            #expect(!first.said.contains(": canceled"))
            let second = try world.perform(world.resume())
            #expect(second.status == 0, "\(second.said)")
            #expect(try world.submits() == Self.onceEach)
        }
    }

    @Test("a deadline ends a run with 5 and cancels what runs")
    func deadline() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "600")
            let run = try world.perform(world.run(try world.settings("deadline: 1s\n")))
            #expect(run.status == 5, "\(run.said)")
            #expect(run.said.contains("deadline"))
            #expect(run.said.components(separatedBy: ": canceled").count == 4, "\(run.said)")
        }
    }

    @Test("a failure of the builder is tried again by itself")
    func retried() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, ["--failing", "Fedora-IoT-raw/aarch64:loop-device*1"])
            let run = try world.perform(world.run(try world.settings("retry: {first_wait: 1s}\n")))
            #expect(run.status == 0, "\(run.said)")
            #expect(try world.submits()["IoT/Fedora-IoT-raw/iot-raw-xz"] == 2)
            #expect(try world.images().count == 6)
        }
    }

    @Test("what failed for good dooms the compose, until it is asked for again")
    func retryFailed() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, ["--failing", "Fedora-IoT-raw/aarch64*1"])
            let first = try world.perform(world.run(["--keep-going"]))
            #expect(first.status == 1, "\(first.said)")
            #expect(try world.text("STATUS") == "DOOMED\n")
            let again = try world.perform(world.resume(["--retry-failed"]))
            #expect(again.status == 0, "\(again.said)")
            #expect(try world.text("STATUS") == "FINISHED\n")
            #expect(try world.images().count == 6)
        }
    }

    @Test("a failable arch that is missing is built under a new release, and the old images go")
    func newRelease() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, ["--failing", "Fedora-IoT-provisioner/aarch64*1"])
            let first = try world.perform(world.run())
            #expect(first.status == 0, "\(first.said)")
            #expect(try world.text("STATUS") == "FINISHED_INCOMPLETE\n")
            #expect(try world.images().count == 5)
            let without = try world.perform(world.resume(["--retry-failed"]))
            #expect(without.said.contains("--new-release"), "\(without.said)")
            let again = try world.perform(world.resume(["--retry-failed", "--new-release", "20261122.0.1"]))
            #expect(again.status == 0, "\(again.said)")
            #expect(try world.text("STATUS") == "FINISHED\n")
            let images = try world.images()
            #expect(images.count == 6)
            #expect(images.filter { $0.contains("provisioner") }.allSatisfy { $0.contains("-20261122.0.1.") })
            let manifest = try world.text("compose/metadata/images.json")
            #expect(manifest.components(separatedBy: "\"path\"").count == 7, "\(manifest)")
        }
    }

    @Test("one image of a config on one arch, as a scratch build")
    func only() throws {
        try Program.withDirectory { directory in
            let world = try World(directory)
            let run = try world.perform(world.run(["--only", "Fedora-IoT-raw,x86_64", "--scratch"]))
            #expect(run.status == 0, "\(run.said)")
            #expect(try world.submits() == ["IoT/Fedora-IoT-raw/iot-raw-xz": 1])
            #expect(try world.images().count == 1)
            #expect(!FileManager.default.fileExists(atPath: directory.appendingPathComponent("hub/packages").path))
        }
    }

    @Test("an image that is not in the plan is refused with those that are")
    func unknownImage() throws {
        let result = try Program.run(
            ["plan", "--nightly", "--only", "Fedora-IoT-rew", Program.fixture("fedora-iot/fedora-iot.conf")])
        #expect(result.status == 2)
        for name in Self.names { #expect(result.stderr.contains(name)) }
    }

    @Test("a compose whose Pungi died is taken over: its tasks are found by what they asked for")
    func adopted() throws {
        try Program.withDirectory { directory in
            let world = try World(directory, seconds: "1")
            // A Pungi that dies leaves its places and knows nothing of ours.
            try world.perform(world.run(), Self.sending(SIGKILL, at: "iot-installer: task 2"))
            let files = FileManager.default
            let ours = "\(world.compose)/work/phase-runner"
            try files.createDirectory(atPath: "\(world.compose)/work/global", withIntermediateDirectories: true)
            try files.moveItem(
                atPath: "\(ours)/config.json", toPath: "\(world.compose)/logs/global/config-dump.global.log")
            try files.moveItem(atPath: "\(ours)/variants.xml", toPath: "\(world.compose)/work/global/variants.xml")
            try files.removeItem(atPath: ours)
            try files.removeItem(atPath: "\(world.compose)/logs/global/phase-runner")
            try #"""
            {"header": {"type": "productmd.composeinfo", "version": "1.2"}, "payload": {"compose": {"date": "20261122",
            "final": true, "id": "Fedora-IoT-44-20261122.0", "label": "RC-20261122.0", "respin": 0, "type": "production"},
            "release": {"internal": false, "name": "Fedora-IoT", "short": "Fedora-IoT", "type": "ga", "version": "44"},
            "variants": {}}}
            """#.write(
                toFile: "\(world.compose)/work/global/composeinfo-base.json", atomically: false, encoding: .utf8)
            let resumed = try world.perform(world.resume())
            #expect(resumed.status == 5)
            #expect(resumed.said.contains("phase-runner adopt"), "\(resumed.said)")
            let adopted = try world.perform(["adopt"] + world.hubOptions + [world.compose])
            #expect(adopted.status == 0, "\(adopted.said)")
            #expect(try world.images().count == 6)
            #expect(try world.submits().values.reduce(0, +) < 3, "those of the dead run are not submitted again")
            // Pungi's own word on the compose is left alone.
            #expect(try world.text("STATUS") == "STARTED\n")
        }
    }

    @Test(
        "a directory without a run is refused with 5",
        arguments: ["resume", "adopt"])
    func nothingThere(verb: String) throws {
        try Program.withDirectory { directory in
            let result = try Program.run([verb, directory.path])
            #expect(result.status == 5, "\(result.stderr)")
        }
    }
}
