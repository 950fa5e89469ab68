import Foundation
import TestSupport
import Testing

@Suite("reviewed plans")
struct ReviewedPlanTests {
    /// A copy of the fixtures' Fedora Minimal that may be changed.
    private func config(in directory: URL) throws -> URL {
        let configs = directory.appendingPathComponent("configs")
        try FileManager.default.copyItem(at: Checkout.fixtures.appendingPathComponent("pungi-configs"), to: configs)
        return configs.appendingPathComponent("fedora-minimal/fedora.conf")
    }

    @Test("run takes a plan in YAML, whatever its file is called")
    func yaml() throws {
        try Program.withDirectory { directory in
            let config = try config(in: directory).path
            let options = ["--rehearse", "--nightly", "--date", "20261122", "--target-dir", directory.path]
            let plan = try Program.run(["plan", "--format", "yaml"] + options + [config])
            let file = directory.appendingPathComponent("plan.json")
            try plan.stdout.replacingOccurrences(of: "Fedora-Minimal", with: "Fedora-Reviewed")
                .write(to: file, atomically: false, encoding: .utf8)
            let result = try Program.run(
                ["run", "--task-seconds", "0.1", "--poll-interval", "0.1", "--plan", file.path] + options + [config])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stdout.contains("Fedora-Reviewed-44-20261122.n.0.aarch64.raw.xz"))
            // What is kept in the compose is the plan as reviewed, in JSON.
            let json = try Program.run(["plan", "--format", "json"] + options + [config]).stdout
            let kept = directory.appendingPathComponent("Fedora-44-20261122.n.0/work/phase-runner/plan.json")
            #expect(
                try String(contentsOf: kept, encoding: .utf8) + "\n"
                    == json.replacingOccurrences(of: "Fedora-Minimal", with: "Fedora-Reviewed"))
        }
    }

    @Test("run refuses a plan whose files changed, names them, and does it when it is told to")
    func changed() throws {
        try Program.withDirectory { directory in
            let config = try config(in: directory)
            let options = ["--rehearse", "--nightly", "--date", "20261122", "--target-dir", directory.path]
            let file = directory.appendingPathComponent("plan.json")
            try Program.run(["plan", "--format", "json"] + options + [config.path]).stdout
                .write(to: file, atomically: false, encoding: .utf8)
            for (name, text) in [("../shared/general.conf", "\n# a remark\n"), ("variants.xml", "<!-- a remark -->\n")]
            {
                let handle = try FileHandle(
                    forWritingTo: config.deletingLastPathComponent().appendingPathComponent(name))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(text.utf8))
                try handle.close()
            }
            let run = ["run", "--task-seconds", "0.1", "--poll-interval", "0.1", "--plan", file.path] + options
            let refused = try Program.run(run + [config.path])
            #expect(refused.status == 2)
            for line in [
                "  ../shared/general.conf has changed", "  variants.xml has changed", "--allow-changed-config",
            ] {
                #expect(refused.stderr.contains(line), "\(refused.stderr)")
            }
            #expect(!refused.stderr.contains("media.conf"))
            let allowed = try Program.run(run + ["--allow-changed-config", config.path])
            #expect(allowed.status == 0, "\(allowed.stderr)")
            #expect(allowed.stderr.contains("warning: the plan \(file.path) is done as it is"))
            #expect(allowed.stderr.contains("  variants.xml has changed"))
        }
    }

    @Test("a plan that does not say what it was made of is taken, with a warning")
    func older() throws {
        try Program.withDirectory { directory in
            let config = Program.fixture("fedora-minimal/fedora.conf")
            let options = ["--rehearse", "--nightly", "--date", "20261122", "--target-dir", directory.path]
            let plan = try Program.run(["plan", "--format", "json"] + options + [config]).stdout
            var document = try #require(
                try JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [String: [String: Any]])
            document["payload"]?["sources"] = nil
            let file = directory.appendingPathComponent("plan.json")
            try JSONSerialization.data(withJSONObject: document).write(to: file)
            let result = try Program.run(
                ["run", "--task-seconds", "0.1", "--poll-interval", "0.1", "--plan", file.path] + options + [config])
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stderr.contains("does not say which files it was made of"))
        }
    }

    static let broken = [
        ("a: 1\na: 2\n", "2:1: the key a stands here again"), ("{\"header\": 1}", "plan.header is not an object"),
        ("- 1", "plan is not an object"),
    ]

    @Test("what is no plan is refused with the place", arguments: broken)
    func refused(text: String, expected: String) throws {
        try Program.withDirectory { directory in
            let file = directory.appendingPathComponent("plan.yaml")
            try text.write(to: file, atomically: false, encoding: .utf8)
            let result = try Program.run([
                "run", "--rehearse", "--nightly", "--target-dir", directory.path, "--plan", file.path,
                Program.fixture("fedora-minimal/fedora.conf"),
            ])
            #expect(result.status == 2)
            #expect(result.stderr.contains("\(file.path)") && result.stderr.contains(expected), "\(result.stderr)")
        }
    }
}
