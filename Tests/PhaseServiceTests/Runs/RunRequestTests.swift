import Foundation
import ProductMD
import Testing

@testable import PhaseService

@Suite("What a client may say of a run")
struct RunRequestTests {
    /// Settings with one configuration and one plan below the root.
    static func withSettings(_ body: (ServiceSettings) throws -> Void) throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("request-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        try FileManager.default.createDirectory(at: top, withIntermediateDirectories: true)
        for name in ["iot.conf", "plan.json", "run.yaml"] { try Data().write(to: top.appendingPathComponent(name)) }
        var settings = ServiceSettings(stateDirectory: "/nowhere", workingDirectory: top.path)
        settings.targets = ["iot": .init(directory: "/composes/iot"), "test": .init(directory: "/composes/test")]
        settings.profiles = ["koji", "stg"]
        settings.kojiConfig = "/etc/koji.conf"
        try body(settings)
    }

    @Test("becomes a command line in which nothing is taken for an option")
    func arguments() throws {
        try Self.withSettings { settings in
            let body: JSONValue = [
                "config": "iot.conf", "target": "iot", "type": "production", "label": "RC-1.2", "date": "20261123",
                "respin": 2, "only": .array(["--help", "IoT,x86_64"]), "koji_profile": "stg", "keep_going": true,
                "fail_on_incomplete": true, "settings": "run.yaml",
            ]
            let request = try RunRequest(body, settings)
            #expect(
                request.composeArguments(settings) == [
                    "--production", "--label=RC-1.2", "--date=20261123", "--respin=2", "--target-dir=/composes/iot",
                ])
            #expect(request.selectionArguments == ["--only=--help", "--only=IoT,x86_64"])
            #expect(request.hubArguments(settings) == ["--koji-profile=stg", "--koji-config=/etc/koji.conf"])
            #expect(request.runArguments(settings).first == "--on-term=leave")
            #expect(request.runArguments(settings).suffix(2) == ["--keep-going", "--fail-on-incomplete"])
            #expect(request.config.hasPrefix("/"))
            // What is kept is what was asked for.
            #expect(RunRequest(kept: request.json) == request)
            let kept = try JSONReader.read(Array(request.stored.utf8), name: "kept")
            #expect(RunRequest(kept: kept) == request)
        }
    }

    @Test(
        "is refused with everything that is wrong",
        arguments: [
            ("null", ["": "must be an object"]), ("[]", ["": "must be an object"]),
            ("{}", ["/config": "is missing", "/target": "is missing"]),
            (#"{"config": 1, "target": []}"#, ["/config": "must be a text", "/target": "must be a text"]),
            (
                #"{"config": "../x.conf", "target": "x"}"#,
                ["/config": "names no file below", "/target": "one of: iot, test"]
            ),
            (#"{"config": "iot.conf", "target": "iot", "exec": "rm"}"#, ["/exec": "is not known"]),
            (#"{"config": "iot.conf", "target": "iot", "type": "Nightly"}"#, ["/type": "must be one of"]),
            (#"{"config": "iot.conf", "target": "iot", "label": "RC"}"#, ["/label": "is no label"]),
            (
                #"{"config": "iot.conf", "target": "iot", "label": "RC-1.2", "no_label": true}"#,
                ["/no_label": "goes with no label"]
            ),
            (#"{"config": "iot.conf", "target": "iot", "date": "2026-1-1"}"#, ["/date": "is no date"]),
            (#"{"config": "iot.conf", "target": "iot", "respin": -1}"#, ["/respin": "whole number from 0"]),
            (#"{"config": "iot.conf", "target": "iot", "respin": 1.5}"#, ["/respin": "whole number from 0"]),
            (#"{"config": "iot.conf", "target": "iot", "only": "x"}"#, ["/only": "must be a list"]),
            (
                #"{"config": "iot.conf", "target": "iot", "only": ["", 1]}"#,
                ["/only/0": "must be a text", "/only/1": "must be a text"]
            ),
            (#"{"config": "iot.conf", "target": "iot", "scratch": "yes"}"#, ["/scratch": "must be true or false"]),
            (
                #"{"config": "iot.conf", "target": "iot", "plan": "plan.json", "scratch": true}"#,
                ["/plan": "goes with no"]
            ),
            (
                #"{"config": "iot.conf", "target": "iot", "koji_profile": "prod"}"#,
                ["/koji_profile": "one of: koji, stg"]
            ),
            (#"{"config": "iot.conf", "target": "iot", "settings": "/etc/passwd"}"#, ["/settings": "names no file"]),
            ("{\"config\": \"iot.conf\\u0000\", \"target\": \"iot\"}", ["/config": "control characters"]),
        ] as [(String, [String: String])])
    func refused(_ body: String, _ expected: [String: String]) throws {
        try Self.withSettings { settings in
            let value = try JSONReader.read(Array(body.utf8), name: "body")
            let problem = #expect(throws: Problem.self) { try RunRequest(value, settings) }
            #expect(problem?.status == 422)
            let found = Dictionary(uniqueKeysWithValues: (problem?.complaints ?? []).map { ($0.place, $0.detail) })
            #expect(found.keys.sorted() == expected.keys.sorted())
            for (place, words) in expected { #expect(found[place]?.contains(words) == true, "\(place)") }
        }
    }

    @Test("needs no target where there is one")
    func oneTarget() throws {
        try Self.withSettings { settings in
            var settings = settings
            settings.targets = ["iot": .init(directory: "/composes/iot")]
            let request = try RunRequest(["config": "iot.conf"], settings)
            #expect(request.target == "iot")
        }
    }
}
