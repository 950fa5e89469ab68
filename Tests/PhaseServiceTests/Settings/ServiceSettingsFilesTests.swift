import ComposePhase
import Foundation
import ProductMD
import TestSupport
import Testing

@testable import PhaseService

@Suite("The files about settings of the service")
struct ServiceSettingsFilesTests {
    private func schema() throws -> JSONValue {
        let path = Checkout.root.appendingPathComponent("docs/schemas/service.json")
        return try JSONReader.read(Array(Data(contentsOf: path)), name: path.path)
    }

    private func keys(_ schema: JSONValue?) -> [String] { schema?["properties"]?.object?.keys.sorted() ?? [] }

    @Test("the schema knows the keys that the reader knows, section by section")
    func sameKeys() throws {
        let schema = try schema()
        let sections: [String: JSONValue?] = [
            "": schema, "listen": schema["properties"]?["listen"],
            "target": schema["properties"]?["targets"]?["additionalProperties"], "runs": schema["properties"]?["runs"],
            "access": schema["properties"]?["access"],
            "access.proxy": schema["properties"]?["access"]?["properties"]?["proxy"],
            "limits": schema["properties"]?["limits"], "notifications": schema["properties"]?["notifications"],
            "schedules": schema["properties"]?["schedules"]?["items"],
            "schedules.retry": schema["properties"]?["schedules"]?["items"]?["properties"]?["retry"],
        ]
        #expect(sections.keys.sorted() == ServiceSettings.keys.byPath.keys.sorted())
        for (path, section) in sections {
            #expect(keys(section) == ServiceSettings.keys.byPath[path]?.sorted(), "\(path)")
        }
    }

    @Test("every key is told of in the documents")
    func documents() throws {
        let text = try ["service.md", "nightly.md"].map {
            try String(contentsOf: Checkout.root.appendingPathComponent("docs/\($0)"), encoding: .utf8)
        }.joined()
        for (path, keys) in ServiceSettings.keys.byPath {
            for key in keys {
                #expect(
                    text.contains("`\(key)`") || text.contains(".\(key)`") || text.contains("`\(key)."),
                    "\(path): \(key)")
            }
        }
    }

    @Test("the example is read as it stands, and holds by the schema", .needsPeers)
    func example() throws {
        let path = Checkout.root.appendingPathComponent("contrib/service.yaml.example").path
        let settings = try ServiceSettings.read(
            SettingsFile(path: path, bytes: Array(Data(contentsOf: URL(fileURLWithPath: path)))),
            over: ServiceSettings(stateDirectory: "/state", workingDirectory: "/work"),
            now: Instant(seconds: 1_795_000_000))
        #expect(settings.schedules.map(\.rule.name) == ["iot"])
        #expect(settings.access.proxy?.roles == ["kevin": .admin, "nirik": .operate])
        let script = """
            import json, sys, yaml, jsonschema
            jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(yaml.safe_load(open(sys.argv[2])))
            """
        let schema = Checkout.root.appendingPathComponent("docs/schemas/service.json").path
        let result = try PythonPeer.run(program: PythonPeer.python, ["-c", script, schema, path])
        #expect(result.status == 0, "\(result.stderr)")
    }
}
