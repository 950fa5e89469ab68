import ArgumentParser
import LibYAML
import ProductMD

/// `--format text|json|yaml`
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, yaml
}

/// Prints a document on stdout.
enum DocumentPrinter {
    static func json(_ value: JSONValue) {
        print(String(decoding: JSONWriter.pretty(value), as: UTF8.self))
    }

    static func yaml(_ value: JSONValue) throws {
        print(String(decoding: try YAMLWriter.write(yamlValue(value)), as: UTF8.self), terminator: "")
    }

    private static func yamlValue(_ value: JSONValue) -> YAMLValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .array(let items): .list(items.map(yamlValue))
        case .object(let members):
            .mapping(members.sorted { $0.key < $1.key }.map { YAMLValue.Entry($0.key, yamlValue($0.value)) })
        }
    }
}
