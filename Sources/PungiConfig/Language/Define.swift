internal import OrderedCollections

/// A name that has a value before a configuration is read: `--define NAME=VALUE`.
///
/// As pungi-config-validate and pungi-config-dump have it: names begin with a small letter or `_`, values are texts.
package struct Define: Sendable {
    package let name: String
    package let value: ConfigValue

    package init(name: String, value: ConfigValue) {
        self.name = name
        self.value = value
    }

    /// Reads `NAME=VALUE`; nil if it is none.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let name = text[..<equals]
        guard let first = name.unicodeScalars.first, first == "_" || ("a"..."z").contains(first),
            name.unicodeScalars.allSatisfy({
                $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
        else { return nil }
        // Where messages say that it was defined.
        let place = SourceLocation(file: "--define \(name)", line: 1, column: 1)
        self.init(
            name: String(name), value: ConfigValue(.string(String(text[text.index(after: equals)...])), at: place))
    }

    /// Gives the name its value in a document that is read already.
    package func apply(to document: inout ConfigDocument) {
        document.values[name] = value
        document.definitions[name] = value.location
    }

    /// Whether it is a variable of the configuration and no option: Pungi's tools take those out before they validate.
    package var isVariable: Bool { PungiOptions.byName[name] == nil }
}
