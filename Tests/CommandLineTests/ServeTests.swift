import Foundation
import TestSupport
import Testing

/// The service as its users meet it, seen from outside by `Tests/Peers/service_api_peer.py`: real processes, a rehearsal
/// hub, HTTP.
@Suite("serve", .timeLimit(.minutes(5)))
struct ServeTests {
    private struct Check: Decodable {
        let name: String
        let trouble: String?
    }

    @Test(
        "holds from outside", .needsPeers,
        arguments: [
            "roles", "bodies", "foreign_pages", "idempotency", "cancel_and_retry", "broken_clients", "schedules",
            "supervisor", "unix_socket", "full_disk",
            "survive", "survive_all", "survive_term", "schemathesis",
        ])
    func check(_ name: String) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("serve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let output = try PythonPeer.run(
            "service_api_peer.py", [Program.executable.path, directory.path, name])
        let checks = try JSONDecoder().decode([Check].self, from: output)
        #expect(checks.map(\.name) == [name])
        for check in checks { #expect(check.trouble == nil, "\(check.trouble ?? "")") }
        // What a token is must stand nowhere but in the files of the tests themselves.
        #expect(Secrets.leaked(below: directory, except: ["koji.conf", "hub"]) == nil)
    }

    @Test("settings are looked at, a taken state is not shared, a copy is made while the service is away")
    func startingUp() throws {
        try Program.withDirectory { directory in
            let settings = directory.appendingPathComponent("service.yaml")
            func run(_ text: String, _ more: [String]) throws -> Program.Result {
                try text.write(to: settings, atomically: false, encoding: .utf8)
                return try Program.run(["serve", "--settings", settings.path] + more, in: directory)
            }
            let bad = try run("listen: {port: 99999}\nruns: {at_once: 0}\nschedules: [{name: a}]", ["--check-settings"])
            #expect(bad.status == 2)
            for place in ["service.yaml:1:16", "service.yaml:2:17", "service.yaml:3:13"] {
                #expect(bad.stderr.contains(place), "\(bad.stderr)")
            }
            let good = "state_dir: state\nlisten: {port: 0}\n"
            #expect(try run(good, ["--check-settings"]).status == 0)
            let copy = directory.appendingPathComponent("copy.sqlite").path
            #expect(try run(good, ["--back-up-to", copy]).status == 0)
            #expect(try run(good, ["--back-up-to", copy]).status == 5)
            #expect(try Program.run(["serve", "--settings", "/nowhere.yaml"], in: directory).status == 2)
            // Somebody else holds the state.
            let path = directory.appendingPathComponent("state/lock").path
            let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
            defer { close(descriptor) }
            #expect(flock(descriptor, LOCK_EX) == 0)
            let second = try run(good, [])
            #expect(second.status == 5)
            #expect(second.stderr.contains("another service works on it"))
        }
    }

    @Test("tokens are made, listed without what lets in, and revoked")
    func tokens() throws {
        try Program.withDirectory { directory in
            let settings = directory.appendingPathComponent("service.yaml")
            try "state_dir: state".write(to: settings, atomically: false, encoding: .utf8)
            func run(_ arguments: [String]) throws -> Program.Result {
                try Program.run(["token"] + arguments + ["--settings", settings.path], in: directory)
            }
            let made = try run(["create", "kevin", "--role", "admin", "--days", "3"])
            let token = made.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(made.status == 0 && token.hasPrefix("prt_") && token.count == 68)
            #expect(try run(["create", "kevin"]).status == 5)
            #expect(try run(["create", "two words"]).status == 2)
            let list = try run(["list"])
            #expect(list.stdout.contains("kevin  admin") && list.stdout.contains("expires"))
            #expect(!list.stdout.contains(token))
            let database = try Data(contentsOf: directory.appendingPathComponent("state/service.sqlite"))
            #expect(database.range(of: Data(token.utf8)) == nil)
            #expect(try run(["revoke", "kevin"]).status == 0)
            #expect(try run(["revoke", "kevin"]).status == 2)
            let mode =
                try FileManager.default.attributesOfItem(
                    atPath: directory.appendingPathComponent("state").path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }
}
