import PungiConfig

/// An object of the document and where it stands.
struct HandoffObject {
    let dict: ConfigDict
    /// A JSON path: `$.payload.variants[2]`.
    let path: String
    let location: SourceLocation

    subscript(name: String) -> ConfigValue? { dict[name] }

    /// The JSON path of a member.
    func path(of name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0 == 95 || (48...57).contains($0) || isLetter($0) }
        return isPlain ? "\(path).\(name)" : "\(path)['\(name)']"
    }

    private func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}

// MARK: - Members by type; what is missing or of another type is complained about

extension HandoffReader {
    mutating func object(_ name: String, of object: HandoffObject) -> HandoffObject? {
        guard let value = member(name, of: object) else { return nil }
        return self.object(value, path: object.path(of: name))
    }

    mutating func object(_ value: ConfigValue, path: String) -> HandoffObject? {
        guard let dict = value.dict else {
            complain("it is \(Self.words(value)), not an object", path: path, at: value.location)
            return nil
        }
        return HandoffObject(dict: dict, path: path, location: value.location)
    }

    mutating func items(_ name: String, of object: HandoffObject) -> [ConfigValue]? {
        typed(name, of: object, "an array", \.items)
    }

    mutating func text(_ name: String, of object: HandoffObject) -> String? {
        typed(name, of: object, "a string", \.string)
    }

    /// Nil also where it is null.
    mutating func optionalText(_ name: String, of object: HandoffObject) -> String? {
        guard let value = member(name, of: object), !value.isNone else { return nil }
        return typed(name, of: object, "a string or null", \.string)
    }

    mutating func flag(_ name: String, of object: HandoffObject) -> Bool? {
        typed(name, of: object, "true or false", \.bool)
    }

    mutating func number(_ name: String, of object: HandoffObject) -> Int? {
        typed(name, of: object, "a whole number from 0 up") { value in value.int.flatMap { $0 < 0 ? nil : $0 } }
    }

    mutating func texts(_ name: String, of object: HandoffObject) -> [String]? {
        guard let values = items(name, of: object) else { return nil }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            if let text = value.string {
                texts.append(text)
            } else {
                complain(
                    "it is \(Self.words(value)), not a string", path: "\(object.path(of: name))[\(index)]",
                    at: value.location)
            }
        }
        return texts
    }

    /// Without a slash at its end.
    mutating func absolutePath(_ name: String, of object: HandoffObject) -> String? {
        guard let text = text(name, of: object) else { return nil }
        guard text.hasPrefix("/"), !text.contains("\0") else {
            complain("'\(text)' is no absolute path", at: object, name)
            return nil
        }
        return PathTranslation.normalised(text)
    }

    private mutating func typed<Value>(
        _ name: String, of object: HandoffObject, _ wanted: String, _ read: (ConfigValue) -> Value?
    ) -> Value? {
        guard let value = member(name, of: object) else { return nil }
        guard let typed = read(value) else {
            complain("it is \(Self.words(value)), not \(wanted)", at: object, name)
            return nil
        }
        return typed
    }

    private mutating func member(_ name: String, of object: HandoffObject) -> ConfigValue? {
        if let value = object[name] { return value }
        complain("it is missing", path: object.path(of: name), at: object.location)
        return nil
    }

    private static func words(_ value: ConfigValue) -> String {
        switch value.kind {
        case .none: "null"
        case .bool: "true or false"
        case .int, .float: "a number"
        case .string: "a string"
        case .list, .tuple: "an array"
        case .dict: "an object"
        }
    }
}
