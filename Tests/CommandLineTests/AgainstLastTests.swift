import Foundation
import TestSupport
import Testing

@Suite("against the last compose")
struct AgainstLastTests {
    private static func options(_ directory: URL, _ date: String, rehearsed: Bool = true) -> [String] {
        (rehearsed ? ["--rehearse"] : []) + ["--nightly", "--date", date, "--target-dir", directory.path]
    }

    private static func run(_ directory: URL, _ date: String, _ config: String, _ more: [String] = []) throws
        -> Program.Result
    {
        try Program.run(
            ["run", "--task-seconds", "0.1", "--poll-interval", "0.1"] + options(directory, date) + more + [config],
            in: DiffTests.fixtures)
    }

    private static func log(_ directory: URL, _ date: String) throws -> String {
        try String(
            contentsOf: directory.appendingPathComponent("Fedora-44-\(date).n.0/logs/global/pungi.global.log"),
            encoding: .utf8)
    }

    @Test("run and plan tell what changes since the last compose, on the terminal and in the log")
    func changes() throws {
        try Program.withDirectory { directory in
            let first = try Self.run(directory, "20261120", "old.conf")
            #expect(first.status == 0, "\(first.stderr)")
            #expect(first.stderr.contains("no earlier rehearsed nightly compose of Fedora 44"))
            let second = try Self.run(directory, "20261121", "old.conf")
            let same = "since Fedora-44-20261120.n.0 nothing has changed in what is built (4 image tasks)"
            #expect(second.stderr.contains(same + "\n"), "\(second.stderr)")
            #expect(try Self.log(directory, "20261121").contains("[INFO    ] \(same)\n"))
            let plan = ["plan", "--against-last"]
            let text = try Program.run(
                plan + Self.options(directory, "20261122") + ["new.conf"], in: DiffTests.fixtures)
            #expect(text.status == 0)
            #expect(
                text.stdout.contains(
                    "4 tasks, 8 images\n\nsince Fedora-44-20261121.n.0: 1 image task added, 1 gone, 3 changed\n"))
            let json = try Program.run(
                plan + ["--format", "json"] + Self.options(directory, "20261122") + ["new.conf"], in: DiffTests.fixtures
            )
            let document = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: [String: Any]]
            #expect(document?["header"]?["type"] as? String == "phase-runner.plan-comparison")
            #expect(document?["payload"]?["same"] as? Bool == false)
            let third = try Self.run(directory, "20261122", "new.conf")
            #expect(third.status == 0)
            let lines = [
                "since Fedora-44-20261121.n.0: 1 image task added, 1 gone, 3 changed",
                "    target  f44-image-builder → f45-image-builder",
            ]
            for line in lines {
                #expect(third.stderr.contains(line + "\n"), "\(third.stderr)")
                #expect(try Self.log(directory, "20261122").contains("[INFO    ] \(line)\n"))
            }
            let place = try #require(third.stderr.firstRange(of: "since Fedora-44")?.lowerBound)
            let submit = try #require(third.stderr.firstRange(of: "to submit")?.lowerBound)
            #expect(place < submit)
        }
    }

    @Test("what was chosen by --only is compared with the same images")
    func only() throws {
        try Program.withDirectory { directory in
            _ = try Self.run(directory, "20261120", "old.conf")
            let result = try Self.run(directory, "20261121", "old.conf", ["--only", "Fedora-IoT-raw"])
            #expect(result.stderr.contains("nothing has changed in what is built (1 image task)"), "\(result.stderr)")
        }
    }

    @Test("a last compose that cannot be read holds nothing up, and a real compose is not compared with a rehearsal")
    func damaged() throws {
        try Program.withDirectory { directory in
            _ = try Self.run(directory, "20261120", "old.conf")
            let real = try Program.run(
                ["plan", "--against-last", "--format", "json"] + Self.options(directory, "20261121", rehearsed: false)
                    + ["old.conf"], in: DiffTests.fixtures)
            #expect(real.status == 0)
            #expect(real.stdout == "")
            #expect(real.stderr.contains("no earlier nightly compose of Fedora 44"))
            let plan = directory.appendingPathComponent("Fedora-44-20261120.n.0/work/phase-runner/plan.json")
            try "{\"header\": 1}".write(to: plan, atomically: false, encoding: .utf8)
            let result = try Self.run(directory, "20261121", "old.conf")
            #expect(result.status == 0)
            #expect(result.stderr.contains("the plan of the last compose cannot be read"), "\(result.stderr)")
            #expect(result.stderr.contains("\(plan.path): plan.header is not an object"))
        }
    }
}
