extension YAMLNode {
    /// The value that the node says by YAML 1.1, as PyYAML's SafeLoader resolves null, truth values, integers, floats
    /// and texts. Two things differ from PyYAML: a date stays a text, and a mapping's keys stay texts.
    ///
    /// `document` is the name for messages. An integer of more than 64 bits and the merge key `<<` are refused.
    package func resolved(in document: String) throws(YAMLFailure) -> YAMLValue {
        switch self {
        case .scalar(let text, isPlain: false, _):
            return .string(text)
        case .scalar(let text, isPlain: true, let location):
            return try Self.plain(text, at: location, in: document)
        case .sequence(let nodes, _):
            var values: [YAMLValue] = []
            for node in nodes { values.append(try node.resolved(in: document)) }
            return .list(values)
        case .mapping(let pairs, _):
            var entries: [YAMLValue.Entry] = []
            for pair in pairs { entries.append(YAMLValue.Entry(pair.key, try pair.value.resolved(in: document))) }
            return .mapping(entries)
        }
    }

    private static func plain(
        _ text: String, at location: YAMLLocation, in document: String
    ) throws(YAMLFailure) -> YAMLValue {
        switch YAMLScalarMeaning(plain: text) {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .date, .value, .merge, .string: return .string(text)
        case .unusableNumber:
            throw YAMLFailure(
                "the number \(text) does not fit 64 bits; put it in quotes if a text is meant", at: location,
                in: document)
        }
    }
}
