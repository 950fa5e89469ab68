import Foundation
import TestSupport
import Testing

@Suite("diff")
struct DiffTests {
    static let fixtures = Checkout.fixtures.appendingPathComponent("diff")
    static let compose = ["--nightly", "--date", "20261122", "--target-dir", "/mnt/koji/compose"]

    static let goldens = [("text", "diff.txt"), ("markdown", "diff.md"), ("json", "diff.json")]

    @Test("what changes is told as reviewed, in every format", arguments: goldens)
    func golden(format: String, name: String) throws {
        let result = try Program.run(
            ["diff", "--format", format] + Self.compose + ["old.conf", "new.conf"], in: Self.fixtures)
        #expect(result.status == 1, "\(result.stderr)")
        #expect(result.stderr == "")
        let golden = Self.fixtures.appendingPathComponent("expected/\(name)")
        if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try result.stdout.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(result.stdout == (try String(contentsOf: golden, encoding: .utf8)))
        #expect(!result.stdout.contains("$6$"), "a password's hash is not for a pull request")
    }

    @Test("YAML says what JSON says", .needsPeers)
    func yaml() throws {
        let json = try Program.run(
            ["diff", "--format", "json"] + Self.compose + ["old.conf", "new.conf"], in: Self.fixtures)
        let yaml = try Program.run(
            ["diff", "--format", "yaml"] + Self.compose + ["old.conf", "new.conf"], in: Self.fixtures)
        let script = "import json,sys,yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
        let read = try PythonPeer.run(program: PythonPeer.python, ["-c", script], input: Data(yaml.stdout.utf8))
        let left = try JSONSerialization.jsonObject(with: read.stdout) as? NSDictionary
        let right = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? NSDictionary
        #expect(left != nil && left == right)
    }

    @Test("configs and plans in JSON and YAML go together; what comes of the date is no change")
    func documents() throws {
        try Program.withDirectory { directory in
            for (name, format, date) in [
                ("a.json", "json", "20261120"), ("b.yaml", "yaml", "20261121"), ("c.plan", "yaml", "20261122"),
            ] {
                let plan = try Program.run(
                    [
                        "plan", "--nightly", "--date", date, "--target-dir", "/mnt/koji/compose", "--format", format,
                        "old.conf",
                    ],
                    in: Self.fixtures)
                #expect(plan.status == 0, "\(plan.stderr)")
                try plan.stdout.write(to: directory.appendingPathComponent(name), atomically: false, encoding: .utf8)
            }
            func diff(_ old: String, _ new: String, _ options: [String] = []) throws -> Program.Result {
                try Program.run(
                    ["diff"] + options + [old, new].map { $0.hasSuffix(".conf") ? Self.fixtures.path + "/" + $0 : $0 },
                    in: directory)
            }
            for (old, new) in [("a.json", "b.yaml"), ("c.plan", "a.json"), ("b.yaml", "b.yaml")] {
                let result = try diff(old, new)
                #expect(result.status == 0, "\(old) \(new): \(result.stdout)\(result.stderr)")
                #expect(result.stdout.hasPrefix("the same is built: 4 image tasks\n"))
                #expect(result.stdout.contains("date, respin, type and label") == (old != new))
            }
            // A configuration is planned for the plan's compose, and without --target-dir wherever it lies.
            for (old, new) in [("a.json", "old.conf"), ("old.conf", "b.yaml")] {
                let result = try diff(old, new)
                #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
                #expect(result.stdout.contains("where the composes lie is not compared"))
            }
            let placed = try diff("a.json", "old.conf", ["--target-dir", "/mnt/koji/compose"])
            #expect(placed.status == 0 && placed.stdout == "the same is built: 4 image tasks\n", "\(placed.stdout)")
            let changed = try diff("a.json", "new.conf")
            #expect(changed.status == 1)
            #expect(changed.stdout.contains("1 image task added, 1 gone, 3 changed"), "\(changed.stdout)")
            #expect(changed.stderr == "")
        }
    }

    static let mistakes: [([String], String)] = [
        (["old.conf"], "diff compares two"), (["a", "b", "c"], "diff compares two"),
        (["--rev", "HEAD", "old.conf", "new.conf"], "With --rev give one config"),
        (["--rev", "a", "--rev", "b", "--rev", "c", "old.conf"], "--rev stands once or twice"),
        (["old.conf", "nothing.conf"], "cannot read nothing.conf: No such file or directory"),
        (["old.conf", "nothing.json"], "cannot read nothing.json: No such file or directory"),
        (["../language/broken.conf", "nothing.conf"], "undefined variable `relase_name`"),
        (["--rev=-x", "old.conf"], "'-x' is no revision of git"),
        (["--rev", "no-such-branch", "old.conf"], "no-such-branch is no revision of the git repository"),
        (["--label", "Foo-1", "old.conf", "new.conf"], "label in unknown format"),
    ]

    @Test("what cannot be compared ends with 2 and says why", arguments: mistakes)
    func refused(arguments: [String], expected: String) throws {
        let result = try Program.run(["diff"] + arguments, in: Self.fixtures)
        #expect(result.status == 2)
        #expect(result.stderr.contains(expected), "\(result.stderr)")
        #expect(result.stdout == "")
    }

    @Test("a new plan that cannot be run ends with 2, after what changes was told")
    func notRunnable() throws {
        try Program.withDirectory { directory in
            for name in ["branch-old.conf", "old.conf", "variants.xml"] {
                try FileManager.default.copyItem(
                    at: Self.fixtures.appendingPathComponent(name), to: directory.appendingPathComponent(name))
            }
            let text = try String(contentsOf: directory.appendingPathComponent("old.conf"), encoding: .utf8)
            try text.replacingOccurrences(of: "\"subvariant\": \"Kitten\",", with: "")
                .write(to: directory.appendingPathComponent("new.conf"), atomically: false, encoding: .utf8)
            let result = try Program.run(["diff", "old.conf", "new.conf"], in: directory)
            #expect(result.status == 2)
            #expect(result.stdout.contains("subvariant  Kitten → Minimal"), "\(result.stdout)")
            #expect(result.stdout.contains("new error: Minimal/Fedora-Minimal/minimal-raw"))
            #expect(result.stderr.contains("new.conf cannot be run"))
            // Mending it is no error of the old one.
            #expect(try Program.run(["diff", "new.conf", "old.conf"], in: directory).status == 1)
        }
    }
}

@Suite("diff of git revisions")
struct RevisionDiffTests {
    /// A repository whose first commit has the old configuration, and its second the new one.
    struct Repository {
        let top: URL

        init(in directory: URL) throws {
            top = directory.appendingPathComponent("repository")
            let configs = top.appendingPathComponent("configs")
            try FileManager.default.createDirectory(at: configs, withIntermediateDirectories: true)
            try git("init", "--quiet", "--initial-branch", "main")
            for (state, tag) in [("old", "v1"), ("new", "v2")] {
                for (from, to) in [
                    ("\(state).conf", "fedora.conf"), ("branch-\(state).conf", "branch-\(state).conf"),
                    ("variants.xml", "variants.xml"),
                ] {
                    let target = configs.appendingPathComponent(to)
                    try? FileManager.default.removeItem(at: target)
                    try FileManager.default.copyItem(at: DiffTests.fixtures.appendingPathComponent(from), to: target)
                }
                try git("add", "--all")
                try git("commit", "--quiet", "--message", state)
                try git("tag", tag)
                // Of another revision only what is in it counts.
                try? FileManager.default.removeItem(at: configs.appendingPathComponent("branch-old.conf"))
            }
        }

        @discardableResult
        func git(_ arguments: String...) throws -> String {
            let result = try PythonPeer.run(
                program: URL(fileURLWithPath: "/usr/bin/env"), ["git"] + arguments,
                environment: [
                    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
                    "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null",
                    "GIT_CONFIG_SYSTEM": "/dev/null",
                ], directory: top)
            #expect(result.status == 0, "\(arguments): \(result.stderr)")
            return String(decoding: result.stdout, as: UTF8.self)
        }

        /// Runs diff with a temporary directory of its own, which must be empty afterwards.
        func diff(_ arguments: [String], in place: String = "", _ environment: [String: String] = [:]) throws
            -> Program.Result
        {
            let scratch = top.deletingLastPathComponent().appendingPathComponent("scratch")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            let result = try Program.run(
                ["diff"] + DiffTests.compose + arguments, in: top.appendingPathComponent(place),
                environment: ["TMPDIR": scratch.path].merging(environment) { $1 })
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
            return result
        }
    }

    @Test("a revision beside the working tree, and two revisions; nothing in the repository changes")
    func revisions() throws {
        try Program.withDirectory { directory in
            let repository = try Repository(in: directory)
            let expected = try String(
                contentsOf: DiffTests.fixtures.appendingPathComponent("expected/diff.txt"), encoding: .utf8)
            let before = try repository.git("status", "--porcelain") + repository.git("rev-parse", "HEAD")
            let index = try Data(contentsOf: repository.top.appendingPathComponent(".git/index"))
            for (arguments, place) in [
                (["--rev", "v1", "configs/fedora.conf"], ""), (["--rev", "v1", "fedora.conf"], "configs"),
                (["--rev", "HEAD^", "--rev", "HEAD", "configs/fedora.conf"], ""),
                (["--rev", "v1", "--rev", "main", "../configs/fedora.conf"], "configs"),
            ] {
                let result = try repository.diff(arguments, in: place)
                #expect(result.status == 1, "\(result.stderr)")
                #expect(result.stdout == expected)
            }
            let same = try repository.diff(["--rev", "HEAD", "configs/fedora.conf"])
            #expect(same.status == 0)
            #expect(same.stdout == "the same is built: 4 image tasks\n")
            #expect(try repository.git("status", "--porcelain") + repository.git("rev-parse", "HEAD") == before)
            #expect(try Data(contentsOf: repository.top.appendingPathComponent(".git/index")) == index)
        }
    }

    @Test("in a hook of git its variables do not lead astray")
    func hook() throws {
        try Program.withDirectory { directory in
            let repository = try Repository(in: directory)
            let result = try repository.diff(
                ["--rev", "v1", "fedora.conf"], in: "configs",
                ["GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/nothing", "GIT_WORK_TREE": "/", "GIT_PREFIX": "x/"])
            #expect(result.status == 1, "\(result.stderr)")
        }
    }

    @Test("complaints name the file by its revision, with the line and the caret")
    func complaints() throws {
        try Program.withDirectory { directory in
            let repository = try Repository(in: directory)
            let config = repository.top.appendingPathComponent("configs/fedora.conf")
            let text = try String(contentsOf: config, encoding: .utf8)
            try ("mistake = [1, 2\n" + text).write(to: config, atomically: false, encoding: .utf8)
            try repository.git("commit", "--quiet", "--all", "--message", "broken")
            try text.write(to: config, atomically: false, encoding: .utf8)
            let broken = try repository.diff(["--rev", "HEAD", "configs/fedora.conf"])
            #expect(broken.status == 2)
            #expect(broken.stderr.contains("HEAD:configs/fedora.conf:"), "\(broken.stderr)")
            #expect(!broken.stderr.contains("scratch"))
            try text.replacingOccurrences(of: "variants_file = \"variants.xml\"", with: "variants_file = \"none.xml\"")
                .write(to: config, atomically: false, encoding: .utf8)
            try repository.git("commit", "--quiet", "--all", "--message", "no variants")
            let missing = try repository.diff(["--rev", "v1", "--rev", "main", "configs/fedora.conf"])
            #expect(missing.status == 2)
            #expect(
                missing.stderr.contains("there is no variants file main:configs/none.xml")
                    && missing.stderr.contains("    variants_file = \"none.xml\"\n"), "\(missing.stderr)")
            let gone = try repository.diff(["--rev", "v1", "--rev", "v2", "elsewhere/not/there.conf"])
            #expect(gone.stderr.contains("cannot read v1:elsewhere/not/there.conf"), "\(gone.stderr)")
        }
    }

    @Test("a repository that is none, and a program git that is none, are told")
    func noGit() throws {
        try Program.withDirectory { directory in
            let environment = [
                "GIT_CEILING_DIRECTORIES": directory.deletingLastPathComponent().path, "TMPDIR": directory.path,
            ]
            let none = try Program.run(["diff", "--rev", "HEAD", "x.conf"], in: directory, environment: environment)
            #expect(none.status == 2)
            #expect(none.stderr.contains("not a git repository"), "\(none.stderr)")
            let missing = try Program.run(
                ["diff", "--rev", "HEAD", "x.conf"], in: directory, environment: ["PATH": directory.path])
            #expect(missing.status == 2)
            #expect(missing.stderr.contains("git cannot be run, which --rev needs"), "\(missing.stderr)")
        }
    }
}
