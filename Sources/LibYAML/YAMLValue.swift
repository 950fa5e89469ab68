/// A value that a YAML document can say: what is read after resolving, and what is written.
package indirect enum YAMLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([YAMLValue])
    /// Keys in the order in which they are written. A key may stand only once.
    case mapping([Entry])

    /// One entry of a mapping.
    package struct Entry: Sendable, Hashable {
        package var key: String
        package var value: YAMLValue

        package init(_ key: String, _ value: YAMLValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a mapping's key; nil for another kind of value.
    package subscript(key: String) -> YAMLValue? {
        guard case .mapping(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
