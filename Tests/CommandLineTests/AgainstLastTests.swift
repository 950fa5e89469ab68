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

    /// What a rehearsed compose leaves that counts here.
    @discardableResult
    private static func leave(_ directory: URL, _ date: String, _ config: String) throws -> URL {
        let plan = try Program.run(
            ["plan", "--format", "json"] + options(directory, date) + [config], in: DiffTests.fixtures)
        let compose = directory.appendingPathComponent("Fedora-44-\(date).n.0")
        let work = compose.appendingPathComponent("work/phase-runner")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        try Data().write(to: compose.appendingPathComponent("REHEARSAL"))
        let file = work.appendingPathComponent("plan.json")
        try plan.stdout.write(to: file, atomically: false, encoding: .utf8)
        return file
    }

    private static func log(_ directory: URL, _ date: String) throws -> String {
        try String(
            contentsOf: directory.appendingPathComponent("Fedora-44-\(date).n.0/logs/global/pungi.global.log"),
            encoding: .utf8)
    }

    private static func plan(_ directory: URL, _ config: String, _ format: String = "text") throws -> Program.Result {
        try Program.run(
            ["plan", "--against-last", "--format", format] + options(directory, "20261122") + [config],
            in: DiffTests.fixtures)
    }

    @Test("plan tells what changes since the last compose")
    func plan() throws {
        try Program.withDirectory { directory in
            let first = try Self.plan(directory, "old.conf")
            #expect(first.status == 0)
            #expect(
                first.stdout.hasSuffix(
                    "\n\nno earlier rehearsed nightly compose of Fedora 44 with a plan lies beside this one: nothing to"
                        + " compare with\n"), "\(first.stdout)")
            try Self.leave(directory, "20261120", "new.conf")
            try Self.leave(directory, "20261121", "old.conf")
            let text = try Self.plan(directory, "new.conf")
            #expect(text.status == 0)
            #expect(
                text.stdout.contains(
                    "4 tasks, 8 images\n\nsince Fedora-44-20261121.n.0: 1 image task added, 1 gone, 3 changed\n\nadded\n"
                ))
            let json = try Self.plan(directory, "new.conf", "json")
            let document = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: [String: Any]]
            #expect(document?["header"]?["type"] as? String == "phase-runner.plan-comparison")
            #expect(document?["payload"]?["same"] as? Bool == false)
        }
    }

    @Test("run tells it first, on the terminal and in the log")
    func run() throws {
        try Program.withDirectory { directory in
            try Self.leave(directory, "20261121", "old.conf")
            let result = try Self.run(directory, "20261122", "new.conf")
            #expect(result.status == 0)
            let lines = [
                "since Fedora-44-20261121.n.0: 1 image task added, 1 gone, 3 changed",
                "    target  f44-image-builder → f45-image-builder",
            ]
            for line in lines {
                #expect(result.stderr.contains(line + "\n"), "\(result.stderr)")
                #expect(try Self.log(directory, "20261122").contains("[INFO    ] \(line)\n"))
            }
            let place = try #require(result.stderr.firstRange(of: "since Fedora-44")?.lowerBound)
            let submit = try #require(result.stderr.firstRange(of: "to submit")?.lowerBound)
            #expect(place < submit)
        }
    }

    @Test("what was chosen by --only is compared with the same images")
    func only() throws {
        try Program.withDirectory { directory in
            try Self.leave(directory, "20261120", "old.conf")
            let result = try Self.run(directory, "20261121", "old.conf", ["--only", "Fedora-IoT-raw"])
            let same = "since Fedora-44-20261120.n.0 nothing has changed in what is built (1 image task)"
            #expect(result.stderr.contains(same + "\n"), "\(result.stderr)")
            #expect(try Self.log(directory, "20261121").contains("[INFO    ] \(same)\n"))
        }
    }

    @Test("a last compose that cannot be read holds nothing up, and a real compose is not compared with a rehearsal")
    func damaged() throws {
        try Program.withDirectory { directory in
            let plan = try Self.leave(directory, "20261120", "old.conf")
            let real = try Program.run(
                ["plan", "--against-last", "--format", "json"] + Self.options(directory, "20261121", rehearsed: false)
                    + ["old.conf"], in: DiffTests.fixtures)
            #expect(real.status == 0)
            #expect(real.stdout == "")
            #expect(real.stderr.contains("no earlier nightly compose of Fedora 44"))
            try "{\"header\": 1}".write(to: plan, atomically: false, encoding: .utf8)
            let result = try Self.run(directory, "20261121", "old.conf")
            #expect(result.status == 0)
            #expect(result.stderr.contains("the plan of the last compose cannot be read"), "\(result.stderr)")
            #expect(result.stderr.contains("\(plan.path): plan.header is not an object"))
        }
    }
}
