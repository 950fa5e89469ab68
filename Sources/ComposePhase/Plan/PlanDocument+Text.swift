package import LibYAML
package import ProductMD

extension PlanDocument {
    /// A larger file is not read.
    package static let mostBytes = JSONLimits.standard.bytes

    /// Reads a plan in JSON or YAML; the content tells which, not the file's name.
    ///
    /// - Parameter name: the document's name, for messages.
    package static func read(_ bytes: [UInt8], name: String) throws(Failure) -> PhasePlan {
        let value = try DocumentText.value(bytes, name: name)
        do {
            return try decode(value)
        } catch {
            throw Failure(description: "\(name): \(error.description)")
        }
    }
}

/// Our documents as text: JSON or YAML, the same values in both.
package enum DocumentText {
    /// As much as ``JSONLimits`` allow, and as many values as fit into that.
    private static var yamlLimits: YAMLLimits {
        var limits = YAMLLimits()
        limits.bytes = JSONLimits.standard.bytes
        limits.depth = JSONLimits.standard.depth
        limits.nodes = 8_000_000
        return limits
    }

    /// The value of a document. What begins with a brace is JSON, else it is YAML (whose flow mappings begin with a brace,
    /// too: what is not JSON is tried as that).
    package static func value(_ bytes: [UInt8], name: String) throws(PlanDocument.Failure) -> JSONValue {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            do {
                return try yamlValue(bytes, name: name)
            } catch {
                throw PlanDocument.Failure(description: error.description)
            }
        }
        do {
            return try JSONReader.read(bytes, name: name)
        } catch {
            if let value = try? yamlValue(bytes, name: name) { return value }
            throw PlanDocument.Failure(description: "\(error)")
        }
    }

    private static func yamlValue(_ bytes: [UInt8], name: String) throws(YAMLFailure) -> JSONValue {
        JSONValue(try YAMLReader.read(bytes, name: name, limits: yamlLimits).resolved(in: name))
    }

    /// The document in YAML, keys sorted by code point as in JSON.
    package static func yaml(_ value: JSONValue) throws(YAMLFailure) -> [UInt8] {
        try YAMLWriter.write(YAMLValue(value))
    }
}

extension JSONValue {
    /// The same value in JSON's terms.
    package init(_ value: YAMLValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .double(let number): .double(number)
            case .string(let text): .string(text)
            case .list(let items): .array(items.map { JSONValue($0) })
            case .mapping(let entries):
                .object(Dictionary(entries.map { ($0.key, JSONValue($0.value)) }) { first, _ in first })
            }
    }
}

extension YAMLValue {
    fileprivate init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .double(let number): .double(number)
            case .string(let text): .string(text)
            case .array(let items): .list(items.map { YAMLValue($0) })
            case .object(let members):
                .mapping(
                    members.sorted { byCodePoint($0.key, $1.key) }.map { Entry($0.key, YAMLValue($0.value)) })
            }
    }
}
