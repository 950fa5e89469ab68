import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import Testing

@Suite("Plan documents")
struct PlanDocumentTests {
    @Test("a plan is read back from JSON and from YAML as it was written, byte for byte", arguments: 0..<8)
    func roundTrip(part: UInt64) throws {
        for seed in part * 1000..<part * 1000 + 50 {
            var random = RandomPlan(seed: seed)
            let plan = random.plan()
            let json = JSONWriter.pretty(PlanDocument.encode(plan))
            let yaml = try DocumentText.yaml(PlanDocument.encode(plan))
            for text in [json, yaml] {
                let read = try PlanDocument.read(text, name: "seed \(seed)")
                // Of the bytes: two strings are equal that only look the same, and no number is NaN or -0.
                #expect(JSONWriter.pretty(PlanDocument.encode(read)) == json, "seed \(seed)")
                #expect(read.tasks == plan.tasks && read.diagnostics == plan.diagnostics, "seed \(seed)")
                #expect(read.sources == plan.sources && read.compose == plan.compose, "seed \(seed)")
            }
        }
    }

    @Test(
        "what is no plan is told as that",
        arguments: [
            ("", "not an object"),
            ("{", "not a JSON document"),
            ("[]", "plan is not an object"),
            ("{}", "plan.header is missing"),
            ("header: {type: other, version: \"1.0\"}", "header's type is not phase-runner.plan"),
            ("{header: {type: phase-runner.plan, version: \"1.0\"}}", "plan.payload is missing"),
            ("header: {type: phase-runner.plan, version: 1.0}", "plan.header.version is not a string"),
            ("a: 1\na: 2", "p:2:1"),
            ("a: &x 1", "anchors"),
            ("\u{0}", "p"),
        ])
    func notAPlan(text: String, expected: String) {
        let failure = #expect(throws: PlanDocument.Failure.self) { try PlanDocument.read(Array(text.utf8), name: "p") }
        #expect(failure?.description.contains(expected) == true, "\(failure?.description ?? "")")
    }

    @Test("files that changed, came or went are named one by one")
    func changes() {
        let planned = [("a.conf", "1"), ("b.conf", "2"), ("c.conf", "3")].map { PlanSource(path: $0.0, sha256: $0.1) }
        let now = [("a.conf", "1"), ("b.conf", "9"), ("d.conf", "3")].map { PlanSource(path: $0.0, sha256: $0.1) }
        #expect(PlanSource.changes(planned: planned, now: planned.reversed()).isEmpty)
        #expect(
            PlanSource.changes(planned: planned, now: now) == [
                "b.conf has changed", "c.conf is not part of the configuration any more",
                "d.conf is new in the configuration",
            ])
    }

    @Test("files are named as seen from the main config, and by the digest of their bytes")
    func sources() throws {
        let top = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("sources-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        for (path, text) in [("a/main.conf", "x = 1"), ("a/b/near.conf", ""), ("shared/far.conf", "abc")] {
            let file = top.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        let files = RememberedFiles()
        for path in ["a/main.conf", "a/b/near.conf", "a/../shared/far.conf", "a/main.conf"] {
            _ = try files.read(path: "\(top.path)/\(path)", limit: 100)
        }
        files.remember("/elsewhere/variants.xml", Array("abc".utf8))
        #expect(
            files.sources().map(\.path) == [
                "main.conf", "b/near.conf", "../shared/far.conf", "/elsewhere/variants.xml",
            ])
        #expect(
            files.sources()[1].sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            files.sources()[2].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(files.sources()[2].sha256 == files.sources()[3].sha256)
    }

    @Test("a plan of an older version says no sources, no notes and no fix, and is read")
    func older() throws {
        let plan = try PlanWorld(#"imagebuilder = {"^Nothing$": []}"#).plan()
        var document = PlanDocument.encode(plan)
        guard case .object(var top) = document, case .object(var payload)? = top["payload"],
            case .array(let diagnostics)? = payload["diagnostics"], !diagnostics.isEmpty
        else {
            Issue.record("no payload")
            return
        }
        payload["diagnostics"] = .array(
            diagnostics.map { .object(($0.object ?? [:]).filter { $0.key != "notes" && $0.key != "fix" }) })
        top["payload"] = .object(payload)
        document = .object(top)
        let read = try PlanDocument.decode(document)
        #expect(read.sources == nil)
        #expect(read.diagnostics.map(\.message) == plan.diagnostics.map(\.message))
    }

    @Test("a number that is none cannot be sent", arguments: ["", "-"])
    func infinite(sign: String) throws {
        let number = "\(sign)1\(String(repeating: "0", count: 400)).0"
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["b"], "blueprint": {"x": \#(number)}}]}"#
        ).plan()
        #expect(PlanWorld.codes(plan, .error) == ["plan.unsendable"])
    }

    @Test("a damaged document is read or refused, and what is read is written again the same", arguments: 0..<4)
    func damaged(part: UInt64) throws {
        for seed in part * 1000..<part * 1000 + 100 {
            var random = RandomPlan(seed: seed)
            let document = PlanDocument.encode(random.plan())
            for text in [JSONWriter.pretty(document), try DocumentText.yaml(document)] {
                guard let read = try? PlanDocument.read(random.damaged(text), name: "seed \(seed)") else { continue }
                let again = try PlanDocument.read(
                    try DocumentText.yaml(PlanDocument.encode(read)), name: "seed \(seed)")
                #expect(
                    JSONWriter.pretty(PlanDocument.encode(again)) == JSONWriter.pretty(PlanDocument.encode(read)),
                    "seed \(seed)")
            }
        }
    }
}
