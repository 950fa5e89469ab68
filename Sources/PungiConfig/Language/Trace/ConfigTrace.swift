/// Where the values of a configuration came from: uses of variables, imports, formatting, assignments that were
/// overridden.
///
/// Recorded only when a document is loaded with `tracing: true`. A ``ConfigValue`` tells where it is written; this tells
/// the way from there to where it is used. A document in JSON has none: all of it is written where it stands.
package struct ConfigTrace: Sendable {
    /// What stands at a place where a value is wanted. Refers to others by number: a chain of variables may be so long
    /// that objects referring to one another could not even be freed.
    enum Node: Sendable {
        /// Written out.
        case literal(ConfigValue)
        /// The name of a variable; `binding` is what it stood for at that moment.
        case variable(name: String, place: SourceLocation, binding: Int)
        /// `template % arguments`
        case formatted(template: String, place: SourceLocation, arguments: Int)
        case container(opening: Character, place: SourceLocation, parts: [Part])
    }

    /// An item of a list or tuple, or an entry of a dict.
    struct Part: Sendable {
        /// The text of a dict's key; nil for items, and for keys that are no strings.
        var key: String?
        /// The key as it stands; nil for items.
        var keyNode: Int?
        var node: Int
    }

    /// How a name got its value.
    enum Binding: Sendable {
        case assigned(name: String, place: SourceLocation, node: Int, value: ConfigValue, previous: Int?)
        /// `global NAME`, which sets it to None.
        case declaredGlobal(name: String, place: SourceLocation, previous: Int?)
        /// Came with an import; `binding` is the imported file's.
        case imported(ConfigImport, binding: Int, previous: Int?)
        /// Was there when an imported file began, because the importing file had declared it `global`.
        case handed(ConfigImport, binding: Int)
    }

    let nodes: [Node]
    let bindings: [Binding]
    /// The bindings of the top-level names at the end of the main file.
    let options: [String: Int]

    /// A top-level option, or nil if the configuration has none of this name.
    package func option(_ name: String) -> TracedValue? {
        guard let binding = options[name], let place = place(ofBinding: binding) else { return nil }
        return TracedValue(trace: self, origin: .binding(binding), place: place, name: name)
    }

    // MARK: Following

    /// The assignment that a binding leads to.
    func assignment(_ binding: Int) -> Binding {
        var binding = bindings[binding]
        while true {
            switch binding {
            case .imported(_, let inner, _), .handed(_, let inner): binding = bindings[inner]
            case .assigned, .declaredGlobal: return binding
            }
        }
    }

    /// Where a binding's name was assigned.
    func place(ofBinding binding: Int) -> SourceLocation? {
        switch assignment(binding) {
        case .assigned(_, let place, _, _, _), .declaredGlobal(_, let place, _): place
        default: nil
        }
    }

    /// What a binding's value is made by; nil after `global`.
    func node(ofBinding binding: Int) -> Int? {
        if case .assigned(_, _, let node, _, _) = assignment(binding) { node } else { nil }
    }

    /// The node behind all variables: a literal, a formatting or a container.
    func resolved(_ node: Int) -> Int? {
        var node = node
        while case .variable(_, _, let binding) = nodes[node] {
            guard let next = self.node(ofBinding: binding) else { return nil }
            node = next
        }
        return node
    }

    func place(ofNode node: Int) -> SourceLocation {
        switch nodes[node] {
        case .literal(let value): value.location
        case .variable(_, let place, _), .formatted(_, let place, _), .container(_, let place, _): place
        }
    }
}

/// An import statement, or one name of it.
package struct ConfigImport: Sendable, Hashable {
    /// The file that was read.
    package let path: String
    /// The place of `from`, or of the name if names are listed.
    package let location: SourceLocation
    /// `*`, or the name.
    package let what: String
    /// What stands between `from` and `import`.
    package let written: String

    /// The statement, as far as it brought the value.
    package var statement: String { "from \(written) import \(what)" }
}
