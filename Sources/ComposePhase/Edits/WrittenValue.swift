import PungiConfig

/// Values as they are written in kobo's language.
enum WrittenValue {
    /// Nil for a string that cannot be written: escapes are not processed, so one of the two quotes must be free.
    static func literal(_ value: ConfigValue) -> String? {
        switch value.kind {
        case .none, .bool, .int, .float: return value.description
        case .string(let text): return quoted(text)
        case .list(let items):
            let parts = items.compactMap(literal)
            return parts.count == items.count ? "[" + parts.joined(separator: ", ") + "]" : nil
        case .tuple(let items):
            let parts = items.compactMap(literal)
            return parts.count == items.count ? "(" + parts.joined(separator: ", ") + ")" : nil
        case .dict(let dict):
            let parts = dict.entries.compactMap { key, value -> String? in
                guard let key = literal(key), let value = literal(value) else { return nil }
                return "\(key): \(value)"
            }
            return parts.count == dict.count ? "{" + parts.joined(separator: ", ") + "}" : nil
        }
    }

    static func quoted(_ text: String) -> String? {
        guard !text.contains(where: \.isNewline) else { return nil }
        // A backslash before the closing quote would keep the string open.
        guard !text.hasSuffix("\\") else { return nil }
        if !text.contains("\"") { return "\"\(text)\"" }
        return text.contains("'") ? nil : "'\(text)'"
    }

    static func list(_ texts: [String]) -> String? {
        let parts = texts.compactMap(quoted)
        return parts.count == texts.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    }
}
