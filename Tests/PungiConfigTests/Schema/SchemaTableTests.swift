import Foundation
import OrderedCollections
import TestSupport
import Testing

@testable import PungiConfig

/// Our table of options beside the measured schema, option by option.
@Suite("Pungi's schema as measured", .needsShared)
struct SchemaTableTests {
    @Test("every option is known with its type, its default and its rules")
    func options() throws {
        let measured = try MeasuredSchema()
        let ours = Set(PungiOptions.all.map(\.name))
        #expect(ours == Set(measured.options.keys))
        for option in PungiOptions.all {
            let theirs = try #require(measured.options[option.name])
            #expect(Self.text(option) == measured.text(option.name, theirs, isRequired: measured.required))
        }
    }

    @Test("the defaults are those that take effect")
    func defaults() throws {
        let rules = try MeasuredSchema.object("pungi-schema-rules.json")
        let expected = try #require(rules["defaults_applied"] as? [String: Any])
        let document = try ConfigDocument.parse(bytes: [], path: "empty.conf")
        let filled = SchemaCheck.run(document).document
        #expect(Set(filled.values.keys) == Set(expected.keys))
        for (name, value) in expected {
            let json = try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed])
            let reading = try ConfigDocument.parse(
                bytes: Array("{\"x\": ".utf8) + json + Array("}".utf8), path: "x.json")
            #expect(filled[name] == reading["x"], "\(name)")
        }
    }

    @Test("the names that phases act on although the schema does not know them are those that were measured")
    func fallbacks() throws {
        let rules = try MeasuredSchema.object("pungi-schema-rules.json")
        #expect(FallbackNames.effective == Set(try #require(rules["not_in_schema_but_read"] as? [String])))
        #expect(Set(PhaseNames.skippable) == Set(try #require(rules["phase_names"] as? [String])))
    }

    // MARK: Our table as text

    private static func text(_ option: ConfigOption) -> String {
        if option.removal != nil { return "\(option.name): removed" }
        var text = option.name + (option.isRequired ? "!" : "") + ": " + self.text(option.shape)
        if let standard = option.standard { text += " = \(standard.value(at: .init(file: "", line: 0, column: 0)))" }
        if !option.aliases.isEmpty { text += " alias \(option.aliases)" }
        if !option.appended.isEmpty { text += " append \(option.appended)" }
        return text
    }

    private static func text(_ shape: Shape) -> String {
        switch shape {
        case .string: return "string"
        case .url: return "url"
        case .regex: return "regex"
        case .boolean: return "boolean"
        case .integer: return "integer"
        case .number: return "number"
        case .none: return "null"
        case .anything: return "anything"
        case .word(let words): return "\(words.sorted())"
        case .oneOfNumbers(let numbers): return "\(numbers)"
        case .list(let item, let least, let most): return "list(\(text(item)), \(least), \(most))"
        case .row(let shapes, let least): return "row(\(shapes.map(text)), \(least))"
        case .either(let shapes): return "either(\(shapes.map(text).sorted()))"
        case .mapping(let mapping):
            let options = mapping.options.filter { !$0.isNewerThanPungi }.map(text).sorted()
            let keys = mapping.keys.map { "/\($0.match.rawValue)/: \(text($0.shape))" }
            return "{\(options) \(keys ?? "") \(mapping.takesOthers)}"
        }
    }
}

/// The schema as Pungi prints it, and the same text of it.
private struct MeasuredSchema {
    let options: [String: Any]
    let required: [String]
    private let definitions: [String: Any]

    static func object(_ name: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Checkout.sharedData(name)) as? [String: Any])
    }

    init() throws {
        let schema = try Self.object("pungi-schema.json")
        options = try #require(schema["properties"] as? [String: Any])
        required = try #require(schema["required"] as? [String])
        definitions = try #require(schema["definitions"] as? [String: Any])
    }

    func text(_ name: String, _ node: Any, isRequired required: [String]) -> String {
        guard let keywords = node as? [String: Any] else { return "\(name): ?" }
        if keywords["deprecated"] != nil { return "\(name): removed" }
        var text = name + (required.contains(name) ? "!" : "") + ": " + shape(keywords)
        if let standard = keywords["default"] { text += " = \(Self.python(standard))" }
        func names(_ keyword: String) -> [String]? {
            (keywords[keyword] as? String).map { [$0] } ?? keywords[keyword] as? [String]
        }
        if let aliases = names("alias") { text += " alias \(aliases)" }
        if let appended = names("append") { text += " append \(appended)" }
        return text
    }

    private func shape(_ node: Any) -> String {
        guard let node = node as? [String: Any], !node.isEmpty else { return "anything" }
        if let reference = node["$ref"] as? String {
            return shape(definitions[reference.split(separator: "/").last.map(String.init) ?? ""] ?? [:])
        }
        if let choices = (node["anyOf"] ?? node["oneOf"]) as? [Any] { return "either(\(choices.map(shape).sorted()))" }
        if let words = node["enum"] as? [String] { return "\(words.sorted())" }
        if let numbers = node["enum"] as? [Int] { return "\(numbers)" }
        switch node["type"] as? String {
        case "array":
            let least = node["minItems"] as? Int ?? 0
            if let row = node["items"] as? [Any] { return "row(\(row.map(shape)), \(least))" }
            return "list(\(shape(node["items"] ?? [:])), \(least), \(node["maxItems"] as? Int ?? .max))"
        case "object":
            let required = node["required"] as? [String] ?? []
            let properties = (node["properties"] as? [String: Any] ?? [:]).map {
                text($0.key, $0.value, isRequired: required)
            }
            // A closing rule that slipped in among the patterns is none.
            let patterns = (node["patternProperties"] as? [String: Any] ?? [:]).filter { $0.value is [String: Any] }
            let keys = patterns.map { "/\($0.key)/: \(shape($0.value))" }.joined()
            return "{\(properties.sorted()) \(keys) \(node["additionalProperties"] as? Bool ?? true)}"
        case let type?: return type
        case nil: return "?"
        }
    }

    /// A default as Python's `repr` has it.
    private static func python(_ value: Any) -> String {
        switch value {
        case is NSNull: "None"
        case let text as String: "'\(text)'"
        case let number as NSNumber where CFGetTypeIDIsBool(number): number.boolValue ? "True" : "False"
        case let number as NSNumber: "\(number)"
        case let items as [Any]: "[" + items.map(python).joined(separator: ", ") + "]"
        case is [String: Any]: "{}"
        default: "?"
        }
    }

    private static func CFGetTypeIDIsBool(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
