import Foundation
import TestSupport
import Testing

@Suite("branch")
struct BranchTests {
    private static let fixture = Checkout.fixtures.appendingPathComponent("branch")
    private static let files = ["rawhide.conf", "shared/common.conf"]

    /// The fixture in a directory that may be written.
    private static func withConfig<Value>(_ body: (URL) throws -> Value) throws -> Value {
        try Program.withDirectory { directory in
            let copy = directory.appendingPathComponent("conf")
            try FileManager.default.copyItem(at: fixture, to: copy)
            return try body(copy)
        }
    }

    private static func texts(_ directory: URL) throws -> [String] {
        try files.map { try String(contentsOf: directory.appendingPathComponent($0), encoding: .utf8) }
    }

    private static func branch(_ arguments: [String], in directory: URL) throws -> Program.Result {
        try Program.run(["branch", "--from", "rawhide", "--to", "f45"] + arguments, in: directory)
    }

    private static func patch(_ text: String, in directory: URL) throws -> Int32 {
        try Data(text.utf8).write(to: directory.appendingPathComponent("the.patch"))
        return try PythonPeer.run(
            program: URL(fileURLWithPath: "/usr/bin/patch"), ["-p1", "--fuzz=0", "-i", "the.patch"],
            directory: directory
        ).status
    }

    @Test("the patch makes what -w writes, and afterwards there is nothing to do")
    func patch() throws {
        try Self.withConfig { directory in
            let before = try Self.texts(directory)
            let proposed = try Self.branch(["rawhide.conf"], in: directory)
            #expect(proposed.status == 0, "\(proposed.stderr)")
            #expect(try Self.texts(directory) == before)
            let written = try Self.withConfig { other in
                let result = try Self.branch(["-w", "rawhide.conf"], in: other)
                #expect(result.status == 0 && result.stdout == proposed.stdout)
                #expect(result.stderr.hasSuffix("10 changes in 2 files, 4 notes, written\n"), "\(result.stderr)")
                return try Self.texts(other)
            }
            #expect(try Self.patch(proposed.stdout, in: directory) == 0)
            #expect(try Self.texts(directory) == written)
            #expect(
                written[0].contains(
                    "# Written for phase-runner: what branching day finds. Comments keep their rawhide."))

            let again = try Self.branch(["rawhide.conf"], in: directory)
            #expect(again.status == 0 && again.stdout.isEmpty)
            #expect(again.stderr.contains("nothing to do: nothing of rawhide.conf that could be changed names rawhide"))
        }
    }

    /// `PHASE_UPDATE_GOLDENS=1` writes them anew, to be looked at before they are committed.
    @Test("the proposal is as reviewed", arguments: [("proposal.patch", "text"), ("proposal.json", "json")])
    func golden(_ file: String, _ format: String) throws {
        let result = try Self.branch(["--format", format, "rawhide.conf"], in: Self.fixture)
        #expect(result.status == 0)
        var pairs = [(file, result.stdout)]
        if format == "text" { pairs.append(("proposal.txt", result.stderr)) } else { #expect(result.stderr.isEmpty) }
        for (name, text) in pairs {
            let golden = Self.fixture.appendingPathComponent("expected/\(name)")
            if ProcessInfo.processInfo.environment["PHASE_UPDATE_GOLDENS"] == "1" {
                try Data(text.utf8).write(to: golden)
            }
            #expect(try String(contentsOf: golden, encoding: .utf8) == text)
        }
    }

    @Test("from elsewhere the patch is for the directory that has all the files")
    func elsewhere() throws {
        try Self.withConfig { directory in
            let here = directory.appendingPathComponent("shared")
            let result = try Self.branch(["../rawhide.conf"], in: here)
            #expect(result.status == 0, "\(result.stderr)")
            #expect(result.stderr.contains("the patch is for patch -p1 in "))
            #expect(try Self.patch(result.stdout, in: directory) == 0)
            #expect(try Self.texts(directory)[1].contains("branch = \"f45\""))
        }
    }

    @Test("if one file cannot be written, none is")
    func unwritable() throws {
        try Self.withConfig { directory in
            let before = try Self.texts(directory)
            try FileManager.default.createDirectory(
                at: directory.appendingPathComponent("shared/common.conf.tmp"), withIntermediateDirectories: false)
            let result = try Self.branch(["-w", "rawhide.conf"], in: directory)
            #expect(result.status == 2 && result.stdout.isEmpty)
            #expect(
                result.stderr.contains("shared/common.conf.tmp: Is a directory; nothing is changed"), "\(result.stderr)"
            )
            #expect(try Self.texts(directory) == before)
        }
    }

    @Test("changes that would break the config are refused and not written")
    func breaking() throws {
        try Self.withConfig { directory in
            let path = directory.appendingPathComponent("rawhide.conf")
            // `%r` swallows the first letter of rawhide, `%f` wants a number.
            let text = try Self.texts(directory)[0] + "\nglobal_target = '%rawhide-x' % 'y'\n"
            try Data(text.utf8).write(to: path)
            let result = try Self.branch(["-w", "rawhide.conf"], in: directory)
            #expect(result.status == 2 && result.stdout.isEmpty)
            #expect(result.stderr.contains("cannot format this string"), "\(result.stderr)")
            #expect(result.stderr.contains("could not be planned any more"))
            #expect(try Self.texts(directory)[0] == text)
        }
    }

    @Test(
        "what is not understood is a usage error",
        arguments: [
            (["--from", "rawhide", "--to", "rawhide", "a.conf"], "are the same branch"),
            (["--from", "main", "--to", "f45", "a.conf"], "'main' is invalid"),
            (["--from", "rawhide", "--to", "f45", "--ref", "a'b", "a.conf"], "--ref is letters"),
            (["--from", "rawhide", "--to", "f45", "a.json"], "is JSON"),
            (["--from", "rawhide", "--to", "f45", "none.conf"], "cannot read none.conf"),
        ])
    func usage(_ arguments: [String], _ message: String) throws {
        let result = try Program.run(["branch"] + arguments)
        #expect(result.status == 2 && result.stdout.isEmpty)
        #expect(result.stderr.contains(message), "\(result.stderr)")
    }
}
