/// A part of a YAML document as it was written, with its place.
///
/// Scalars are not resolved yet, so that a caller who wants the text `44` or `1.10` gets it as written;
/// ``resolved(in:)`` gives what YAML 1.1 makes of it.
package indirect enum YAMLNode: Sendable, Hashable {
    /// A text. `isPlain` says that it stood without quotes, block signs or a `!!str` tag: only then it may be a number,
    /// a truth value or null.
    case scalar(String, isPlain: Bool, YAMLLocation)
    case sequence([YAMLNode], YAMLLocation)
    /// The pairs in the order of the document. No two have the same key.
    case mapping([YAMLPair], YAMLLocation)

    /// Where the node begins.
    package var location: YAMLLocation {
        switch self {
        case .scalar(_, _, let location), .sequence(_, let location), .mapping(_, let location): location
        }
    }

    /// The value of a mapping's key; nil for another kind of node.
    package subscript(key: String) -> YAMLNode? {
        guard case .mapping(let pairs, _) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }
}

/// One entry of a mapping. Keys are always texts: `44:` has the key `44`, `on:` the key `on`.
package struct YAMLPair: Sendable, Hashable {
    package let key: String
    package let keyLocation: YAMLLocation
    package let value: YAMLNode

    package init(key: String, keyLocation: YAMLLocation, value: YAMLNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}
