import Foundation
import Koji
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Parts of a report")
struct ReportPartsTests {
    // MARK: Times

    @Test("moments are those that Foundation names")
    func moments() {
        let seed: UInt64 = 6
        var random = SeededGenerator(seed: seed)
        let formatter = ISO8601DateFormatter()
        let edges = [0.0, 951_782_399, 951_782_400, 4_107_542_399, 1_709_164_800, 253_402_300_799]
        for seconds in edges
            + (0..<2000).map({ _ in Double.random(in: 0..<253_402_300_799, using: &random).rounded(.down) })
        {
            let expected = formatter.string(from: Date(timeIntervalSince1970: seconds))
                .replacing("T", with: " ").replacing("Z", with: " UTC")
            #expect(UTCText.moment(seconds) == expected, "seed \(seed)")
        }
        for none in [-1.0, .nan, .infinity, 1e300] { #expect(UTCText.moment(none) == "an unknown time") }
    }

    @Test("a timeline holds whatever times a hub names")
    func timeline() throws {
        var facts = ComposeReportTests.facts()
        let report = ComposeReport(facts, at: Instant(seconds: 1200))
        let scale = try #require(TimelineScale(report))
        #expect(scale.began == 999 && scale.length == 201 && scale.step == 60)
        #expect(scale.marks == [0, 60, 120, 180])
        #expect(scale.place(999) == 0 && scale.place(1200) == 1 && scale.place(5) == 0 && scale.place(.nan) == 0)
        for task in report.tasks {
            for var arch in task.arches {
                for (started, ended) in [(arch.started, arch.ended), (.nan, -.infinity), (1e300, 2), (5, 1e18)] {
                    arch.started = started
                    arch.ended = ended
                    for bar in scale.bars(arch, of: task, now: 1200) {
                        #expect((0...1).contains(bar.from) && (bar.from...1).contains(bar.to))
                    }
                }
            }
        }
        facts.record = FollowedRun()
        #expect(TimelineScale(ComposeReport(facts, at: Instant(seconds: 1))) == nil)
    }

    // MARK: Links

    static let addresses: [(text: String, isLink: Bool)] = [
        ("https://koji.example.org/koji", true), ("http://127.0.0.1:8080/koji", true),
        ("javascript:alert(1)", false), ("data:text/html,x", false), ("file:///etc/passwd", false), ("", false),
        ("HTTPS://x", false), ("https://a b", false), ("https://a\"b", false), ("https://a\nb", false),
        ("https://ä", false),
    ]

    @Test("only pages of the web are led to", arguments: addresses)
    func pages(text: String, isLink: Bool) {
        #expect((KojiPages.link(text) != nil) == isLink)
        #expect((KojiPages.task(5, at: text) != nil) == isLink)
        #expect(KojiPages.task(nil, at: text) == nil)
    }

    @Test("files of the compose are led to from where the page lies, whatever they are called")
    func files() {
        let place = "logs/a b/#?%\u{202E}'\"<.log"
        let encoded = "logs/a%20b/%23%3F%25%E2%80%AE%27%22%3C.log"
        func address(_ page: String?) -> String {
            ReportLinks(compose: "/mnt/compose/X", page: page).address(of: place)
        }
        #expect(address("/mnt/compose/X") == encoded)
        #expect(address("/mnt/compose/X/work/x") == "../../" + encoded)
        #expect(address("/mnt/other") == "../compose/X/" + encoded)
        #expect(address("/home/me") == "file:///mnt/compose/X/" + encoded)
        #expect(address(nil) == "file:///mnt/compose/X/" + encoded)
        let scheme = ReportLinks(compose: "/mnt/X", page: "/mnt/X").address(of: "javascript:alert(1)")
        #expect(scheme == "javascript%3Aalert%281%29")
    }

    // MARK: Which image

    static let known: [(task: ImageTaskID, arches: [String])] = [
        (ImageTaskID("IoT/Fedora-IoT/raw-xz"), ["aarch64", "x86_64"]),
        (ImageTaskID("IoT/Fedora-IoT/raw-xz-2"), ["x86_64"]),
        (ImageTaskID("Spins/Fedora-Minimal/raw"), ["x86_64"]), (ImageTaskID("Spins/a,b/raw"), ["x86_64"]),
    ]

    static let subjects: [(text: String, task: String, arch: String?)] = [
        ("IoT/Fedora-IoT/raw-xz", "IoT/Fedora-IoT/raw-xz", nil),
        ("IoT/Fedora-IoT/raw-xz,x86_64", "IoT/Fedora-IoT/raw-xz", "x86_64"),
        ("IoT/Fedora-IoT/raw-xz,", "IoT/Fedora-IoT/raw-xz", nil),
        ("Fedora-Minimal", "Spins/Fedora-Minimal/raw", nil), ("*Minimal*,x86_64", "Spins/Fedora-Minimal/raw", "x86_64"),
        ("xz-2", "IoT/Fedora-IoT/raw-xz-2", nil), ("Spins/a,b/raw", "Spins/a,b/raw", nil),
        ("Spins/a,b/raw,x86_64", "Spins/a,b/raw", "x86_64"),
    ]

    @Test("an image is meant by id, name, pattern or part", arguments: subjects)
    func subject(text: String, task: String, arch: String?) throws {
        let subject = try ReportSubject(text, among: Self.known)
        #expect(subject.task.text == task && subject.arch == arch)
    }

    @Test(
        "what may be several images, or none, is asked back",
        arguments: [
            ("Fedora-IoT", "may be any of these"), ("raw", "may be any"), ("", "no image"),
            ("Fedora-Minimum", "did you mean Fedora-Minimal?"),
            ("Fedora-Minimal,s390x", "is not built for s390x, but for x86_64"),
        ])
    func noSubject(text: String, says: String) {
        do {
            _ = try ReportSubject(text, among: Self.known)
            Issue.record("\(text) was taken for an image")
        } catch {
            #expect(error.description.contains(says), "\(error)")
        }
    }

    // MARK: Manifests

    @Test("the image of a manifest is the pipeline that no other is made of")
    func exports() throws {
        func read(_ text: String) throws -> ManifestExports {
            ManifestExports(try JSONReader.read(Array(text.utf8), name: "manifest"))
        }
        let chain = try read(
            #"""
            {"version": "2", "pipelines": [
              {"name": "build"}, {"name": "xz", "build": "name:build", "stages": [
                {"inputs": {"file": {"references": {"name:image": {"file": "disk.img"}}}}}]},
              {"name": "image", "build": "name:build", "stages": [{"inputs": {"tree": {"references": ["name:os"]}}}]},
              {"name": "os", "build": "name:build"}]}
            """#)
        #expect(chain.export == "xz" && chain.ends == ["xz"], "whatever their order is")
        let two = try read(#"{"version": "2", "pipelines": [{"name": "a"}, {"name": "b"}]}"#)
        #expect(two.export == "b" && two.ends == ["a", "b"])
        let ring = try read(
            #"{"version": "2", "pipelines": [{"name": "a", "build": "name:b"}, {"name": "b", "build": "name:a"}]}"#)
        #expect(ring.export == "b" && ring.ends.isEmpty)
        for none in ["{}", "[]", "null", #"{"version": "1", "pipeline": {}}"#, #"{"version": "2", "pipelines": 5}"#] {
            #expect(try read(none).export == nil)
        }
    }

    // MARK: Toolchains

    static func provenance(
        _ images: [(path: String, task: String, toolchain: [String: String]?)], type: String = "raw-xz"
    ) throws -> ProvenanceDocument {
        let entries = images.map { image -> (String, JSONValue) in
            (
                image.path,
                [
                    "task": 1, "arch_task": 2, "nvr": "n-1-1", "plan_task": .string(image.task), "type": .string(type),
                    "format": .string(type.isEmpty ? "" : "raw.xz"), "arch": "x86_64",
                    "origin": image.toolchain.map {
                        ["toolchain": .object($0.mapValues { .string($0) })]
                    } ?? .null,
                ]
            )
        }
        let document: JSONValue = [
            "header": ["type": "phase-runner.imagebuilder-provenance", "version": "1.1"],
            "payload": ["compose": ["id": "C"], "images": .object(Dictionary(entries) { first, _ in first })],
        ]
        return try ProvenanceDocument(JSONWriter.line(document), name: "provenance")
    }

    @Test("images are known by task and arch, and tools by package")
    func toolchains() throws {
        let old = try Self.provenance([
            ("V/x86_64/images/a-1.raw.xz", "V/a/raw", ["osbuild": "osbuild-1-1", "image-builder": "ib-1-1"]),
            ("V/x86_64/images/b-1.raw.xz", "V/b/raw", ["osbuild": "osbuild-1-1"]),
            ("V/x86_64/images/c-1.raw.xz", "V/c/raw", nil), ("V/x86_64/images/d-1.raw.xz", "V/d/raw", ["osbuild": "o"]),
        ])
        let new = try Self.provenance([
            ("V/x86_64/images/a-2.raw.xz", "V/a/raw", ["osbuild": "osbuild-2-1", "image-builder": "ib-1-1"]),
            ("V/x86_64/images/b-2.raw.xz", "V/b/raw", ["osbuild": "osbuild-1-1"]),
            ("V/x86_64/images/c-2.raw.xz", "V/c/raw", ["osbuild": "osbuild-1-1"]),
            ("V/x86_64/images/e-2.raw.xz", "V/e/raw", ["osbuild": "o"]),
        ])
        let comparison = ToolchainComparison(old, new)
        #expect(comparison.changed.map(\.pair.new) == ["V/x86_64/images/a-2.raw.xz"])
        #expect(comparison.changed[0].packages.map(\.name) == ["osbuild"])
        #expect(comparison.same.map(\.old) == ["V/x86_64/images/b-1.raw.xz"])
        #expect(comparison.unknown.map(\.old) == ["V/x86_64/images/c-1.raw.xz"])
        #expect(comparison.onlyOld == ["V/x86_64/images/d-1.raw.xz"])
        #expect(comparison.onlyNew == ["V/x86_64/images/e-2.raw.xz"])
        #expect(!comparison.isSame)
        let known = try Self.provenance([("V/x86_64/images/b-1.raw.xz", "V/b/raw", ["osbuild": "osbuild-1-1"])])
        #expect(ToolchainComparison(known, known).isSame)
        // What cannot be told is no agreement.
        let unknown = try Self.provenance([("V/x86_64/images/b-1.raw.xz", "V/b/raw", nil)])
        #expect(!ToolchainComparison(known, unknown).isSame)
    }

    @Test("documents without types are compared by the ends of names, with those that have them")
    func oldDocuments() throws {
        let tools = ["osbuild": "osbuild-1-1"]
        let old = try Self.provenance(
            [("V/x86_64/images/a-1.0.raw.xz", "V/a/raw", tools), ("V/x86_64/iso/a-1.0.iso", "V/a/raw", tools)], type: ""
        )
        let new = try Self.provenance(
            [("V/x86_64/images/a-2.1.raw.xz", "V/a/raw", tools), ("V/x86_64/iso/a-2.1.iso", "V/a/raw", tools)])
        let comparison = ToolchainComparison(old, new)
        #expect(comparison.isSame && comparison.same.count == 2 && comparison.onlyOld.isEmpty)
        #expect(comparison.same.allSatisfy { $0.old.hasSuffix("iso") == $0.new.hasSuffix("iso") })
    }

    // MARK: Earlier composes

    @Test("the last good compose is the newest in which the image, or that arch of it, is there")
    func lastGood() throws {
        let top = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("earlier-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let task = ImageTaskID("V/a/raw")
        func make(_ id: String, arches: [String]) throws {
            let metadata = top.appendingPathComponent("\(id)/compose/metadata")
            try FileManager.default.createDirectory(at: metadata, withIntermediateDirectories: true)
            let images = arches.map { arch -> (String, JSONValue) in
                ("V/\(arch)/a", ["plan_task": "V/a/raw", "arch": .string(arch), "task": 9, "nvr": .string("a-\(id)")])
            }
            let document: JSONValue = [
                "header": ["type": "phase-runner.imagebuilder-provenance", "version": "1.1"],
                "payload": [
                    "compose": ["id": .string(id)], "images": .object(Dictionary(images) { first, _ in first }),
                ],
            ]
            try Data(JSONWriter.line(document)).write(
                to: metadata.appendingPathComponent("imagebuilder-provenance.json"))
        }
        try make("F-44-20261118.n.0", arches: ["x86_64", "aarch64"])
        try make("F-44-20261119.n.9", arches: ["x86_64"])
        try make("F-44-20261119.n.10", arches: [])
        try make("F-44-20261121.n.0", arches: ["x86_64", "aarch64"])
        try Data("{".utf8).write(
            to: top.appendingPathComponent("F-44-20261118.n.0/../F-44-20261119.n.10/compose/metadata/other"))
        func search(_ arch: String?, before id: String = "F-44-20261120.n.0") -> EarlierComposes.Search {
            EarlierComposes.lastGood(
                task, arch: arch, before: id, beside: top.appendingPathComponent(id).path, isRehearsal: false)
        }
        guard case .found(let x86) = search("x86_64"), case .found(let arm) = search("aarch64") else {
            Issue.record("nothing was found")
            return
        }
        #expect(x86.compose == "F-44-20261119.n.9" && x86.nvr == "a-F-44-20261119.n.9" && x86.hubTask == 9)
        #expect(arm.compose == "F-44-20261118.n.0")
        #expect(search("s390x") == .none(looked: 3))
        #expect(search("x86_64", before: "F-44-20261117.n.0") == .none(looked: 0))
        // Of a whole image an arch may be missing, by that compose's result.
        let work = top.appendingPathComponent("F-44-20261119.n.9/work/phase-runner")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        let own: JSONValue = ["id": "V/a/raw", "state": "done", "missing": ["aarch64": "failed"]]
        let result: JSONValue = ["payload": ["tasks": .array([own])]]
        try Data(JSONWriter.line(result)).write(to: work.appendingPathComponent("result.json"))
        guard case .found(let whole) = search(nil) else {
            Issue.record("nothing was found")
            return
        }
        #expect(whole.compose == "F-44-20261118.n.0")
    }

    @Test("the end of a log is its last lines, however long it is")
    func tail() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tail-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(ReportFiles.tail(of: file.path, lines: 3).isEmpty)
        try Data("one\ntwo\n\n\n".utf8).write(to: file)
        #expect(ReportFiles.tail(of: file.path, lines: 3) == ["one", "two"])
        let long = (0..<100_000).map { "line \($0)" }.joined(separator: "\n")
        try Data(long.utf8).write(to: file)
        #expect(ReportFiles.tail(of: file.path, lines: 2) == ["line 99998", "line 99999"])
        try Data(repeating: 0x41, count: 1 << 20).write(to: file)
        #expect(ReportFiles.tail(of: file.path, lines: 2).joined().utf8.count <= 1 << 16)
    }
}
