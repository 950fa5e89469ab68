import Foundation
import Koji
import TestSupport
import Testing

@testable import RehearsalHub

/// The real `koji` program from PyPI as the client of the rehearsal hub.
@Suite("The real koji program", .needsPeers)
struct KojiProgramTests {
    struct Outcome: Sendable {
        let status: Int32
        let out: String
        let err: String
        var lines: [String] { out.split(separator: "\n").map(String.init) }
    }

    /// Runs `koji` with a configuration file that names the hub.
    private func koji(_ hub: RunningHub, _ directory: String, _ arguments: String...) async throws -> Outcome {
        let config = "\(directory)/koji.conf"
        try Data(hub.profile(named: "rehearsal").utf8).write(to: URL(fileURLWithPath: config))
        let program = Checkout.root.appendingPathComponent(".venv/bin/koji")
        let options = ["-c", config, "-p", "rehearsal", "--user", hub.user, "--password", hub.password]
        let environment = ["HOME": directory, "TZ": "UTC", "LC_ALL": "C.UTF-8"]
        let result = try await offThread {
            try PythonPeer.run(program: program, options + arguments, environment: environment)
        }
        return Outcome(status: result.status, out: String(decoding: result.stdout, as: UTF8.self), err: result.stderr)
    }

    /// Submits a build through `koji call`; the id is what it prints.
    private func submit(_ hub: RunningHub, _ directory: String, _ opts: String) async throws -> String {
        let call = try await koji(
            hub, directory, "call", "--python", "imageBuilderBuild", "'f43'", "['x86_64', 'aarch64']",
            "['minimal-raw-xz']", "'Fedora-Minimal'", "'43'", opts)
        #expect(call.status == 0, "\(call.err)")
        return call.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("hello and list-targets")
    func greetings() async throws {
        try await withDirectory { directory in
            let settings = quickSettings("\(directory)/tree") {
                $0.targets = [RehearsalTarget(name: "f43-iot", destTag: "f43", arches: ["x86_64"])]
            }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let hello = try await koji(hub, directory, "hello")
                #expect(hello.status == 0, "\(hello.err)")
                #expect(hello.lines.first?.hasSuffix(", rehearsal!") == true)
                #expect(hello.lines.contains("You are using the hub at \(hub.server) (Koji 1.35.3)"))
                #expect(hello.lines.contains("Authenticated via password"))
                let targets = try await koji(hub, directory, "list-targets")
                #expect(targets.status == 0, "\(targets.err)")
                let row = try #require(targets.lines.last?.split(separator: " ").map(String.init))
                #expect(row == ["f43-iot", "f43-iot-build", "f43"])
            }
        }
    }

    @Test("call imageBuilderBuild, watch-task to its end, taskinfo -r")
    func build() async throws {
        try await withDirectory { directory in
            let settings = quickSettings("\(directory)/tree") { $0.times = TaskTimes(all: .milliseconds(300)) }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let id = try await submit(hub, directory, "{'release': '1'}")
                #expect(id == "1")
                let watch = try await koji(hub, directory, "watch-task", id)
                #expect(watch.status == 0, "\(watch.err)")
                #expect(watch.lines.last == "1 imageBuilderBuild (noarch) completed successfully")
                #expect(watch.lines.contains { $0.hasPrefix("  2 imageBuilderBuildArch (x86_64)") })
                #expect(watch.lines.contains { $0.hasPrefix("  4 tagBuild (noarch)") })
                let info = try await koji(hub, directory, "taskinfo", "-r", id)
                #expect(info.status == 0, "\(info.err)")
                for line in [
                    "Task: 1", "Type: imageBuilderBuild", "Owner: rehearsal", "State: closed",
                    "Build: Fedora-Minimal-43-1 (1)", "Host: rehearsal-builder-1.invalid", "  Task: 2", "  Task: 3",
                    "  Type: tagBuild",
                    "    \(hub.topdir)/work/tasks/2/2/Fedora-Minimal-43-1.x86_64.raw.xz",
                ] {
                    #expect(info.lines.contains(line), "\(line) is not in:\n\(info.out)")
                }
            }
        }
    }

    @Test("watch-task of a build that fails: status 1, the fault and the logs")
    func failure() async throws {
        try await withDirectory { directory in
            let settings = quickSettings("\(directory)/tree") { $0.failures = [FailureRule(arch: "aarch64")] }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let id = try await submit(hub, directory, "{'scratch': True}")
                let watch = try await koji(hub, directory, "watch-task", id)
                #expect(watch.status == 1)
                #expect(watch.lines.last == "1 imageBuilderBuild (noarch) failed")
                #expect(watch.out.contains("FAILED: GenericError: `image-builder` failed"))
                #expect(watch.out.contains("  \(hub.topurl)/work/tasks/3/3/build.log\n"))
                let unknown = try await koji(hub, directory, "watch-task", "99")
                #expect(unknown.status == 1 && unknown.out.contains("No such task id: 99"))
            }
        }
    }

    @Test("list-tasks and cancel")
    func cancel() async throws {
        try await withDirectory { directory in
            let settings = quickSettings("\(directory)/tree") { $0.times = TaskTimes(all: .seconds(300)) }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let none = try await koji(hub, directory, "list-tasks", "--mine")
                #expect(none.status == 0 && none.lines == ["(no tasks)"], "\(none)")
                let id = try await submit(hub, directory, "{'scratch': True}")
                let list = try await koji(hub, directory, "list-tasks", "--mine", "--method", "imageBuilderBuild")
                #expect(list.status == 0, "\(list.err)")
                let row = try #require(list.lines.last?.split(separator: " ").map(String.init))
                #expect(row.contains("rehearsal") && row.contains("FREE") && row.first == id, "\(list.out)")
                let cancel = try await koji(hub, directory, "cancel", id, "99")
                #expect(cancel.status == 1 && cancel.err.contains("No such task: 99"), "\(cancel)")
                let again = try await koji(hub, directory, "cancel", id)
                #expect(again.status == 0, "\(again.err)")
                let watch = try await koji(hub, directory, "watch-task", id)
                #expect(watch.status == 1 && watch.lines.last == "1 imageBuilderBuild (noarch) was canceled")
            }
        }
    }

    @Test("a refused submit is the hub's fault on stderr")
    func refused() async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings("\(directory)/tree")) { hub in
                let call = try await koji(
                    hub, directory, "call", "--python", "imageBuilderBuild", "'f43'", "[]", "['x']", "'n'", "'1'",
                    "{'nosuch': 1}")
                #expect(call.status == 1)
                #expect(call.err.contains("Additional properties are not allowed ('nosuch' was unexpected)"))
            }
        }
    }
}
