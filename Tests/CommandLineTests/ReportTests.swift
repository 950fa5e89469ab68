import Foundation
import TestSupport
import Testing

@Suite("report", .timeLimit(.minutes(2)))
struct ReportTests {
    static let fixtures = Checkout.fixtures.appendingPathComponent("report")
    static let compose = fixtures.appendingPathComponent("Fedora-IoT-44-20261122.n.0")
    static let earlier = fixtures.appendingPathComponent("Fedora-IoT-44-20261121.n.0")

    static func payload(_ text: String) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(document?["payload"] as? [String: Any])
    }

    /// A copy of the fixture that may be spoilt, with the compose before it beside it.
    static func withCopy<Value>(_ body: (URL) throws -> Value) throws -> Value {
        try Program.withDirectory { directory in
            for url in [compose, earlier] {
                try FileManager.default.copyItem(at: url, to: directory.appendingPathComponent(url.lastPathComponent))
            }
            return try body(directory.appendingPathComponent(compose.lastPathComponent))
        }
    }

    static let goldens: [(name: String, options: [String], status: Int32)] = [
        ("report.txt", ["--format", "text", compose.path], 0),
        ("report.md", ["--format", "markdown", compose.path], 0),
        ("report.json", ["--format", "json", compose.path], 0),
        ("ticket.txt", ["--ticket", "Fedora-IoT-ostree", compose.path], 0),
        ("ticket.md", ["--ticket", "*provisioner*,aarch64", "--format", "markdown", compose.path], 0),
        ("ticket.json", ["--ticket", "ostree", "--format", "json", compose.path], 0),
        ("toolchain.txt", ["--changed-toolchain", earlier.path, compose.path], 1),
        ("toolchain.json", ["--changed-toolchain", "--format", "json", earlier.path, compose.path], 1),
        ("rebuild.sh", ["--rebuild", "Fedora-IoT-raw", compose.path], 0),
        ("rebuild-plan.sh", ["--rebuild", "IoT/Fedora-IoT-ostree/iot-installer,x86_64", compose.path], 0),
        ("rebuild.json", ["--rebuild", "raw,aarch64", "--format", "json", compose.path], 0),
    ]

    @Test("a compose that ended badly is told as reviewed, in every form", arguments: goldens)
    func golden(name: String, options: [String], status: Int32) throws {
        let result = try Program.run(["report"] + options)
        #expect(result.status == status && result.stderr == "", "\(result.stderr)")
        let text = result.stdout.replacing(Self.fixtures.path, with: "/mnt/koji/compose/iot")
            .replacing(#/"made": [0-9.]+/#, with: "\"made\": 1795333333.0")
        let golden = Self.fixtures.appendingPathComponent("expected/\(name)")
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("a script of --rebuild is one that a shell reads")
    func shell() throws {
        for image in ["Fedora-IoT-raw", "ostree"] {
            let script = try Program.run(["report", "--rebuild", image, Self.compose.path])
            let bash = try PythonPeer.run(
                program: URL(fileURLWithPath: "/bin/bash"), ["-n"], input: Data(script.stdout.utf8))
            #expect(bash.status == 0, "\(bash.stderr)")
        }
    }

    /// What is done to a file, and what the report has to say of it.
    static let damages: [(place: String, damage: Damage, says: String)] = [
        ("logs/global/phase-runner/events.jsonl", .gone, "there is no logs/global/phase-runner/events.jsonl"),
        ("logs/global/phase-runner/events.jsonl", .torn, "1 line of logs/global/phase-runner/events.jsonl"),
        ("logs/global/phase-runner/events.jsonl", .directory, "no plain file"),
        ("work/phase-runner/plan.json", .gone, "there is no work/phase-runner/plan.json"),
        ("work/phase-runner/plan.json", .torn, "plan.json"),
        ("work/phase-runner/run.json", .torn, "run.json"),
        ("work/phase-runner/result.json", .gone, "there is no work/phase-runner/result.json"),
        ("work/phase-runner/result.json", .torn, "result.json"),
        ("compose/metadata/images.json", .gone, "there is no compose/metadata/images.json"),
        ("compose/metadata/images.json", .torn, "images.json"),
        ("compose/metadata/images.json", .pipe, "images.json"),
        ("compose/metadata/imagebuilder-provenance.json", .gone, "imagebuilder-provenance.json"),
        ("compose/metadata/imagebuilder-provenance.json", .torn, "imagebuilder-provenance.json"),
        ("logs/global/deliverables.json", .torn, "deliverables.json"),
        ("STATUS", .directory, "STATUS"),
    ]

    enum Damage: String {
        case gone, torn, directory, pipe

        func apply(to file: URL) throws {
            let bytes = try Data(contentsOf: file)
            try FileManager.default.removeItem(at: file)
            switch self {
            case .gone: break
            case .torn:
                // The last line loses its end and keeps its line feed: what follows a crash may have been written on.
                let end = bytes.count > 400 ? 300 : 3
                try (bytes.prefix(bytes.count - end) + Data("\n".utf8)).write(to: file)
            case .directory: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            case .pipe: #expect(mkfifo(file.path, 0o644) == 0)
            }
        }
    }

    @Test("a file that is missing or damaged is named, and all that the others tell is there", arguments: damages)
    func damaged(place: String, damage: Damage, says: String) throws {
        try Self.withCopy { compose in
            try damage.apply(to: compose.appendingPathComponent(place))
            for format in ["text", "html", "markdown"] {
                let result = try Program.run(["report", "--format", format, compose.path])
                #expect(result.status == 0 && result.stderr == "", "\(format): \(result.stderr)")
                let text = result.stdout.replacing("\\_", with: "_").replacing("\\#", with: "#")
                #expect(text.contains(says), "\(format) does not tell of \(place)")
            }
            let payload = try Self.payload(try Program.run(["report", "--format", "json", compose.path]).stdout)
            #expect(payload["compose"] as? String == "Fedora-IoT-44-20261122.n.0")
            #expect((payload["troubles"] as? [String])?.contains { $0.contains(says) } == true)
            #expect((payload["tasks"] as? [Any])?.count == 3)
            #expect((payload["images"] as? [Any])?.count == 3)
            #expect((payload["failures"] as? [Any])?.count == 2)
        }
    }

    @Test("what is no compose is refused, and says what was looked for")
    func noCompose() throws {
        try Program.withDirectory { directory in
            let empty = try Program.run(["report", directory.path])
            #expect(empty.status == 5 && empty.stderr.contains("holds no compose"))
            let none = try Program.run(["report", directory.appendingPathComponent("none").path])
            #expect(none.status == 5 && none.stderr.contains("there is no directory"))
            let file = directory.appendingPathComponent("file")
            try Data().write(to: file)
            let plain = try Program.run(["report", file.path])
            #expect(plain.status == 5 && plain.stderr.contains("no directory"))
            let changed = try Program.run(["report", "--changed-toolchain", file.path, Self.compose.path])
            #expect(changed.status == 5 && changed.stderr.contains("file"))
        }
    }

    static let wrong: [(options: [String], says: String)] = [
        ([], "Give one compose directory"),
        ([compose.path, earlier.path], "Give one compose directory"),
        (["--changed-toolchain", compose.path], "compares two"),
        (["--ticket", "a", "--rebuild", "b", compose.path], "different things"),
        (["--ticket", "a", "--previous", earlier.path, compose.path], "--previous"),
        (["--rebuild", "a", "--format", "html", compose.path], "page"),
        (["--ticket", "nothing", compose.path], "no image of the compose is called nothing"),
        (["--ticket", "Fedora-IoT-ostre", compose.path], "iot-installer"),
        (["--ticket", "Fedora-IoT", compose.path], "may be any of these"),
        (["--ticket", "Fedora-IoT-raw", compose.path], "has not failed"),
        (["--ticket", "Fedora-IoT-ostree,s390x", compose.path], "not built for s390x"),
        (["--previous", "/nonexistent", compose.path], "there is no /nonexistent to compare with"),
        (["--format", "pdf", compose.path], "pdf"),
    ]

    @Test("what cannot be meant is a usage error", arguments: wrong)
    func usage(options: [String], says: String) throws {
        let result = try Program.run(["report"] + options)
        if options == ["--ticket", "Fedora-IoT-ostre", Self.compose.path] {
            // A part of an id that only one has is as good as its name.
            #expect(result.status == 0 && result.stdout.contains(says))
        } else {
            #expect(result.status == 2 && result.stderr.contains(says), "\(result.stderr)")
        }
    }

    @Test("sizes are compared with the compose that is named, or with none where none lies beside")
    func previous() throws {
        try Program.withDirectory { directory in
            let alone = directory.appendingPathComponent(Self.compose.lastPathComponent)
            try FileManager.default.copyItem(at: Self.compose, to: alone)
            let none = try Self.payload(try Program.run(["report", "--format", "json", alone.path]).stdout)
            #expect(none["previous"] is NSNull)
            for named in [Self.earlier.path, Self.earlier.path + "/compose/metadata/images.json"] {
                let result = try Program.run(["report", "--format", "json", "--previous", named, alone.path])
                let payload = try Self.payload(result.stdout)
                let previous = try #require(payload["previous"] as? [String: Any])
                #expect(previous["id"] as? String == "Fedora-IoT-44-20261121.n.0")
                #expect((previous["gone"] as? [String])?.count == 3)
                let images = try #require(payload["images"] as? [[String: Any]])
                #expect(images.allSatisfy { $0["previous_size"] is Int })
            }
            // One that is later, of another type or of another release is none to compare with.
            for name in [
                "Fedora-IoT-44-20261123.n.0", "Fedora-IoT-44-20261122.n.1", "Fedora-IoT-44-20261121.0",
                "Fedora-IoT-43-20261121.n.0", "Fedora-IoT-44-updates-20261121.n.0",
            ] {
                try FileManager.default.copyItem(at: Self.earlier, to: directory.appendingPathComponent(name))
            }
            let still = try Self.payload(try Program.run(["report", "--format", "json", alone.path]).stdout)
            #expect(still["previous"] is NSNull)
            // A damaged one is named, and the one before it taken.
            let damaged = directory.appendingPathComponent("Fedora-IoT-44-20261120.n.1")
            let good = directory.appendingPathComponent("Fedora-IoT-44-20261120.n.0")
            for place in [damaged, good] { try FileManager.default.copyItem(at: Self.earlier, to: place) }
            try Data("{".utf8).write(to: damaged.appendingPathComponent("compose/metadata/images.json"))
            let text = try Program.run(["report", alone.path]).stdout
            #expect(text.contains("sizes beside those of Fedora-IoT-44-20261121.n.0"), "its document names it")
            #expect(text.contains("Fedora-IoT-44-20261120.n.1 is left out"))
        }
    }

    @Test("the form is told from the file's name, and the file is there whole")
    func output() throws {
        try Program.withDirectory { directory in
            for (name, begin) in [
                ("r.html", "<!DOCTYPE html>"), ("r.json", "{"), ("r.md", "## Fedora"), ("r.txt", "Fedora-IoT-44"),
            ] {
                let file = directory.appendingPathComponent(name)
                let result = try Program.run(["report", "-o", name, Self.compose.path], in: directory)
                #expect(result.status == 0 && result.stdout == "" && result.stderr == "")
                #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix(begin))
            }
            let none = try Program.run(["report", "-o", "nowhere/r.html", Self.compose.path], in: directory)
            #expect(none.status == 2 && none.stderr.contains("nowhere"))
        }
    }

    @Test("a rehearsal leaves its report in the logs, and each form says that it is one")
    func rehearsal() throws {
        try Program.withDirectory { directory in
            let compose = try StatusTests.compose(in: directory, ["--failing", "Fedora-IoT-provisioner:dependencies"])
            let left = compose.appendingPathComponent("logs/global/phase-runner/report.html")
            let page = try String(contentsOf: left, encoding: .utf8)
            #expect(page.contains("REHEARSAL") && page.contains("FINISHED_INCOMPLETE"))
            #expect(page.contains("libgone.so.1"), "the cause is there")
            let logs = page.matches(of: #/href="([^":]*watch-task\.log)"/#).map { String($0.output.1) }
            #expect(logs.count == 1)
            for log in logs {
                let file = left.deletingLastPathComponent().appendingPathComponent(log).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: file.path), "\(log) leads nowhere")
            }
            let forms = [
                ["--format", "text"], ["--format", "markdown"], ["--format", "html"],
                ["--ticket", "provisioner"], ["--ticket", "provisioner", "--format", "markdown"],
                ["--rebuild", "raw"],
            ]
            for options in forms {
                let result = try Program.run(["report"] + options + [compose.path])
                #expect(result.status == 0 && result.stdout.contains("REHEARSAL"), "\(options)")
                #expect(!result.stdout.contains("resume"), "there is nothing to take up")
            }
            let payload = try Self.payload(try Program.run(["report", "--format", "json", compose.path]).stdout)
            #expect(payload["rehearsal"] as? Bool == true && payload["stage"] as? String == "ended")
            #expect((payload["troubles"] as? [String]) == [])
        }
    }

    @Test("a run that cannot write its report ends as it would have ended")
    func unwritable() throws {
        try Program.withDirectory { directory in
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.n.0")
            // The page's name is taken by a directory that is not empty.
            let taken = compose.appendingPathComponent("logs/global/phase-runner/report.html/x")
            try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
            try Data("rehearsal\n".utf8).write(to: compose.appendingPathComponent("REHEARSAL"))
            let result = try Program.run([
                "run", "--rehearse", "--task-seconds", "0.1", "--nightly", "--date", "20261122", "--compose-dir",
                compose.path, StatusTests.config,
            ])
            #expect(result.stderr.contains("there is no report of this run"), "\(result.stderr)")
            #expect(result.status == 0, "\(result.stderr)")
        }
    }

    @Test("names of a hub cannot move a terminal's cursor")
    func hostileTerminal() throws {
        try Self.withCopy { compose in
            try ReportPageTests.makeHostile(compose)
            for options in [
                ["--format", "text"], ["--ticket", "ostree"], ["--format", "markdown"], ["--rebuild", "raw"],
            ] {
                let result = try Program.run(["report"] + options + [compose.path])
                #expect(result.status == 0, "\(result.stderr)")
                let isClean = result.stdout.unicodeScalars.allSatisfy {
                    $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{202E}")
                }
                #expect(isClean, "\(options)")
            }
        }
    }
}
