import Foundation
import OrderedCollections
import PungiConfig
import TestSupport
import Testing

/// A configuration in memory: the first file is the main one.
struct ConfigCase {
    var files: OrderedDictionary<String, [UInt8]>

    init(_ text: String, name: String = "main.conf") { files = [name: Array(text.utf8)] }

    init(_ files: OrderedDictionary<String, String>) { self.files = files.mapValues { Array($0.utf8) } }

    init(bytes: [UInt8], name: String = "main.conf") { files = [name: bytes] }

    /// What our reader makes of it.
    func load(limits: ConfigLimits = .standard) throws -> ConfigDocument {
        let source = MemoryFileSource(Dictionary(uniqueKeysWithValues: files.map { ("/conf/" + $0.key, $0.value) }))
        let main = try #require(files.keys.first)
        return try ConfigDocument.load(path: "/conf/" + main, from: source, limits: limits)
    }

    /// The findings of a configuration that must be refused.
    func failure(limits: ConfigLimits = .standard) throws -> [Diagnostic] {
        do {
            let document = try load(limits: limits)
            Issue.record("accepted: \(Tagged.text(of: document))")
            return []
        } catch let failure as ConfigFailure {
            return failure.diagnostics
        }
    }

    /// The form that the peer reads.
    var json: [String: Any] {
        [
            "files": Dictionary(
                uniqueKeysWithValues: files.map { ($0.key, ["base64": Data($0.value).base64EncodedString()]) })
        ]
    }

    /// All files, for a message.
    var shown: String {
        files.map { "--- \($0.key)\n\(String(decoding: $0.value, as: UTF8.self))" }.joined(separator: "\n")
    }
}

/// One text for a value with all its types, made from our values or from the tagged JSON of the peers.
enum Tagged {
    static func text(of document: ConfigDocument) -> String {
        document.values.map { "\(quoted($0.key)) = \(text(of: $0.value))" }.joined(separator: "\n")
    }

    static func text(of value: ConfigValue) -> String {
        switch value.kind {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): "int(\(number.text))"
        case .float(let number): "float(\(PythonFloat.text(number)))"
        case .string(let text): quoted(text)
        case .list(let items): "[" + items.map(text(of:)).joined(separator: ", ") + "]"
        case .tuple(let items): "(" + items.map(text(of:)).joined(separator: ", ") + ")"
        case .dict(let dict):
            "{" + dict.entries.map { text(of: $0.key) + ": " + text(of: $0.value) }.joined(separator: ", ") + "}"
        }
    }

    /// From `[[name, value], ...]`.
    static func text(ofPairs pairs: Any?) -> String {
        (pairs as? [[Any]] ?? []).map { "\(quoted($0[0] as? String ?? "?")) = \(text(of: $0[1]))" }
            .joined(separator: "\n")
    }

    static func text(of value: Any) -> String {
        if value is NSNull { return "None" }
        if let text = value as? String { return quoted(text) }
        if let flag = value as? Bool { return flag ? "True" : "False" }
        guard let tagged = value as? [String: Any], let (tag, content) = tagged.first else { return "?" }
        switch tag {
        case "int", "float": return "\(tag)(\(content))"
        case "list": return "[" + (content as? [Any] ?? []).map(text(of:)).joined(separator: ", ") + "]"
        case "tuple": return "(" + (content as? [Any] ?? []).map(text(of:)).joined(separator: ", ") + ")"
        default:
            let pairs = content as? [[Any]] ?? []
            return "{" + pairs.map { text(of: $0[0]) + ": " + text(of: $0[1]) }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.unicodeScalars.map { $0.isASCII && $0.value >= 32 ? String($0) : "<\($0.value)>" }.joined() + "'"
    }
}

/// What the real kobo, or Python's `json`, makes of many configurations.
enum KoboPeer {
    struct Answer {
        let isAccepted: Bool
        /// The values as ``Tagged`` text, or the error.
        let text: String
        let opened: [String]
    }

    static func answers(_ cases: [ConfigCase], mode: String = "kobo") throws -> [Answer] {
        let request: [String: Any] = ["mode": mode, "cases": cases.map(\.json), "main": cases.map { $0.files.keys[0] }]
        let input = try JSONSerialization.data(withJSONObject: request)
        let output = try PythonPeer.run("kobo_peer.py", input: input)
        let list = try JSONSerialization.jsonObject(with: output) as? [[String: Any]] ?? []
        return list.map { answer in
            let isAccepted = answer["ok"] as? Bool ?? false
            return Answer(
                isAccepted: isAccepted,
                text: isAccepted
                    ? Tagged.text(ofPairs: answer["value"]) : "\(answer["error"] ?? ""): \(answer["message"] ?? "")",
                opened: answer["opened"] as? [String] ?? [])
        }
    }

    /// Compares our reading with the peer's; gives how many configurations were accepted.
    @discardableResult
    static func compare(_ cases: [ConfigCase], mode: String = "kobo", _ name: String = "") throws -> Int {
        let answers = try answers(cases, mode: mode)
        #expect(answers.count == cases.count)
        var accepted = 0
        for (index, (config, answer)) in zip(cases, answers).enumerated() {
            do {
                let document = try config.load()
                let text = Tagged.text(of: document)
                #expect(
                    answer.isAccepted, "\(name)case \(index): accepted, the peer says \(answer.text)\n\(config.shown)")
                guard answer.isAccepted else { continue }
                accepted += 1
                #expect(text == answer.text, "\(name)case \(index)\n\(config.shown)")
                #expect(
                    document.openedFiles == answer.opened.map { "/conf/" + $0 }, "\(name)case \(index)\n\(config.shown)"
                )
            } catch let failure as ConfigFailure {
                #expect(!answer.isAccepted, "\(name)case \(index): refused with \(failure)\n\(config.shown)")
            }
        }
        return accepted
    }
}
