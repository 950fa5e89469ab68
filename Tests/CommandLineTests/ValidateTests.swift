import Foundation
import TestSupport
import Testing

@Suite("validate and dump")
struct ValidateTests {
    private static let good = Checkout.fixtures.appendingPathComponent("pungi-configs/fedora-minimal/fedora.conf").path

    @Test("a good configuration ends with 0, a bad one with 2 and its place")
    func oneConfig() throws {
        let good = try Program.run(["validate", Self.good])
        #expect(good.status == 0, "\(good.stdout)\(good.stderr)")
        try Program.withDirectory { directory in
            let bad = directory.appendingPathComponent("bad.conf")
            try "release_name = 1\n".write(to: bad, atomically: false, encoding: .utf8)
            let result = try Program.run(["validate", bad.path])
            #expect(result.status == 2)
            #expect(result.stdout.contains("\(bad.path):1:16: error: release_name is the integer 1"))
            #expect(result.stdout.contains("               ^") && result.stdout.contains("fix: quote it: \"1\""))
            #expect(result.stderr.isEmpty)
        }
    }

    @Test("several configurations have one summary, in the order of the command line")
    func several() throws {
        let result = try Program.run(["validate", Self.good, "no such.conf", Self.good])
        #expect(result.status == 2)
        #expect(result.stdout.hasSuffix("3 configurations: 2 good, 1 not; 1 error, 2 warnings\n"), "\(result.stdout)")
    }

    @Test("--strict counts warnings, and a warning can be left out")
    func strict() throws {
        #expect(try Program.run(["validate", "--strict", Self.good]).status == 2)
        #expect(try Program.run(["validate", "--strict", "--ignore", "config.unknown-option", Self.good]).status == 0)
    }

    @Test("wrong options end with 2 and say what may be meant")
    func usage() throws {
        let wrong = try Program.run(["validate", "--ignore", "config.unknown-opton", Self.good])
        #expect(wrong.status == 2 && wrong.stderr.contains("did you mean 'config.unknown-option'"))
        #expect(try Program.run(["validate"]).status == 2)
        #expect(try Program.run(["validate", "--define", "X=1", Self.good]).status == 2)
    }

    @Test("--explain prints the page of a code")
    func explain() throws {
        let page = try Program.run(["validate", "--explain", "plan.duplicate-image"])
        #expect(page.status == 0 && page.stdout.hasPrefix("## `plan.duplicate-image`"))
        #expect(try Program.run(["validate", "--explain", "plan.duplicat-image"]).status == 2)
    }

    @Test("JSON and SARIF are documents")
    func formats() throws {
        for format in ["json", "sarif"] {
            let result = try Program.run(["validate", "--format", format, Self.good])
            #expect(result.status == 0)
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) }
        }
    }

    @Test("dump prints the configuration with Pungi's defaults, and several sources are merged")
    func dump() throws {
        let result = try Program.run(["dump", Self.good, "-e", "release_version=99", "-e", "other=x"])
        #expect(result.status == 0)
        let values = try #require(try JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
        #expect(values["release_version"] as? String == "99" && values["other"] == nil)
        #expect(values["link_type"] as? String == "hardlink-or-copy" && values["iso_size"] as? Int == 4_700_000_000)
        #expect(!result.stdout.hasSuffix("\n"))
        try Program.withDirectory { directory in
            let more = directory.appendingPathComponent("more.json")
            try #"{"release_version": "100", "link_type": "copy"}"#.write(to: more, atomically: false, encoding: .utf8)
            let merged = try Program.run(["dump", "--just-dump", Self.good, more.path])
            #expect(
                merged.stdout.contains("\"link_type\": \"copy\"")
                    && merged.stdout.contains("\"release_version\": \"100\""))
            #expect(!merged.stdout.contains("iso_size"))
        }
    }
}

/// Where the real command lines of Pungi were run, ours end alike.
@Suite("validate and dump beside Pungi's tools", .needsShared)
struct PungiToolsTests {
    struct Run: Decodable {
        let name: String
        let command: [String]
        let rc: Int
        let stdout: [String]
    }

    private static func runs(_ tool: String) throws -> [Run] {
        let all = try JSONDecoder().decode(
            [Run].self, from: Checkout.sharedData("pungi-cases/_cli/expected-cli.json"))
        return all.filter { run in
            run.command.first == tool && !run.command.contains { $0.hasPrefix("run/") || $0 == "--freeze-event" }
                && run.command.allSatisfy { !$0.hasPrefix("cases/") || exists($0) }
        }
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Checkout.shared.appendingPathComponent(path.inShared).path)
    }

    /// Where we find what pungi-config-validate does not look for: rows of docs/differences.md.
    static let stricter: Set<String> = ["bad-regex", "bad-variants-file", "arches-none"]

    @Test("--strict ends as pungi-config-validate, but where more is found")
    func validate() throws {
        let runs = try Self.runs("pungi-config-validate")
        #expect(runs.count > 15)
        let differences = try String(
            contentsOf: Checkout.root.appendingPathComponent("docs/differences.md"), encoding: .utf8)
        for run in runs {
            let options = run.command.dropFirst().filter { $0 != "--offline" }.map(\.inShared)
            let result = try Program.run(["validate", "--strict"] + options, in: Checkout.shared)
            guard (run.rc == 0) != (result.status == 0) else { continue }
            let name = run.name.replacing("validate-", with: "")
            #expect(Self.stricter.contains(name), "\(run.name): \(result.stdout)\(result.stderr)")
            #expect(run.rc == 0 && differences.contains("`\(name)`"))
        }
    }

    @Test("dump prints what pungi-config-dump prints")
    func dump() throws {
        let runs = try Self.runs("pungi-config-dump")
        #expect(runs.count > 10)
        for run in runs {
            let options = run.command.dropFirst().filter { $0 != "--offline" }.map(\.inShared)
            let result = try Program.run(["dump"] + options, in: Checkout.shared)
            #expect((run.rc == 0) == (result.status == 0), "\(run.name): \(result.stderr)")
            guard run.rc == 0 else {
                #expect(result.stdout.isEmpty && result.status == 2)
                continue
            }
            // The recording has the end of the output.
            let lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(Array(lines.suffix(run.stdout.count)) == run.stdout, "\(run.name)")
        }
    }
}

extension String {
    /// A path of the recorded runs, seen from the shared data.
    fileprivate var inShared: String { hasPrefix("cases/") ? "pungi-" + self : self }
}
