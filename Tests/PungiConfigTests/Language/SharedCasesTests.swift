import Foundation
import OrderedCollections
import PungiConfig
import TestSupport
import Testing

/// What was measured on the real kobo and the real Pungi, where it is at hand.
struct SharedCasesTests {
    @Test("all measured cases of kobo agree", .needsShared)
    func koboCases() throws {
        let file = try #require(
            try JSONSerialization.jsonObject(with: Checkout.sharedData("kobo-cases.json")) as? [String: Any])
        let cases = try #require(file["cases"] as? [[String: Any]])
        #expect(cases.count >= 156)
        for item in cases {
            let name = item["name"] as? String ?? "?"
            var files = OrderedDictionary<String, String>()
            if let input = item["input"] as? String { files["main.conf"] = input }
            if let all = item["files"] as? [String: String], let main = item["main"] as? String {
                files[main] = all[main]
                files.merge(all) { first, _ in first }
            }
            let isAccepted = item["ok"] as? Bool ?? false
            do {
                let document = try ConfigCase(files).load()
                #expect(isAccepted, "\(name) is accepted")
                #expect(Tagged.text(of: document) == Tagged.text(ofPairs: item["value"]), "\(name)")
                if let opened = item["opened_files"] as? [String] {
                    #expect(document.openedFiles == opened.map { "/conf/" + $0 }, "\(name)")
                }
            } catch let failure as ConfigFailure {
                #expect(!isAccepted, "\(name) is refused: \(failure)")
            }
        }
    }

    @Test("the language cases of Pungi agree", .needsShared)
    func pungiCases() throws {
        let folder = Checkout.shared.appendingPathComponent("pungi-cases")
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let expected = folder.appendingPathComponent("\(name)/expected-parse.json")
            guard let data = try? Data(contentsOf: expected) else { continue }
            count += 1
            let answer = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            do {
                let document = try ConfigDocument.load(path: folder.appendingPathComponent("\(name)/compose.conf").path)
                let wanted = try #require(answer["repr"] as? [String: String], "\(name) is accepted")
                #expect(document.values.count == wanted.count, "\(name)")
                for (key, value) in document.values {
                    #expect(PythonRepr.text(of: value) == wanted[key], "\(name): \(key)")
                    guard let types = answer["types"] as? [String: String] else { continue }
                    #expect(value.typeName == types[key], "\(name): \(key)")
                }
            } catch let failure as ConfigFailure {
                #expect(answer["error"] != nil, "\(name) is refused: \(failure)")
            }
        }
        #expect(count >= 40)
    }

    @Test("real configurations are read as kobo reads them", .needsShared)
    func realConfigs() throws {
        let folder = Checkout.shared.appendingPathComponent("real-configs")
        var count = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        where path.hasSuffix(".kobo.json") {
            count += 1
            let config = folder.appendingPathComponent(String(path.dropLast(".kobo.json".count))).path
            let document = try ConfigDocument.load(path: config)
            let wanted = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent(path)))
                    as? [String: Any])
            #expect(Set(document.values.keys) == Set(wanted.keys), "\(path)")
            for (key, value) in document.values {
                let ours = try JSONSerialization.jsonObject(
                    with: Data(Self.json(value).utf8), options: .fragmentsAllowed)
                #expect((ours as? NSObject) == (wanted[key] as? NSObject), "\(path): \(key)")
            }
        }
        #expect(count >= 4)
    }

    /// The form of the `*.kobo.json` files: dicts as `{"__dict__": [[key, value], ...]}`, tuples likewise.
    private static func json(_ value: ConfigValue) -> String {
        switch value.kind {
        case .none: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return number.text
        case .float(let number): return PythonFloat.text(number)
        case .string(let text):
            let data = try? JSONSerialization.data(withJSONObject: [text])
            return String(String(decoding: data ?? Data(), as: UTF8.self).dropFirst().dropLast())
        case .list(let items): return "[" + items.map(json).joined(separator: ",") + "]"
        case .tuple(let items): return #"{"__tuple__":["# + items.map(json).joined(separator: ",") + "]}"
        case .dict(let dict):
            let pairs = dict.entries.map { "[\(json($0.key)),\(json($0.value))]" }
            return #"{"__dict__":["# + pairs.joined(separator: ",") + "]}"
        }
    }
}
