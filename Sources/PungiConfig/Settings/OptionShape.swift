/// What an option has to look like, and how it is read.
///
/// As Pungi's validator: a boolean is not an integer, `44` is not a string, and tuples count as lists.
package struct OptionShape<Value: Sendable>: Sendable {
    /// What a message says was expected: "a string", "a list of strings".
    let expected: String
    let read: @Sendable (ConfigValue, OptionPath, inout [Diagnostic]) -> Value?

    init(expected: String, read: @escaping @Sendable (ConfigValue, OptionPath, inout [Diagnostic]) -> Value?) {
        self.expected = expected
        self.read = read
    }

    /// A shape that one kind of value has and no other; `pick` gives nil for all others.
    init(expected: String, _ pick: @escaping @Sendable (ConfigValue.Kind) -> Value?) {
        self.init(expected: expected) { value, path, diagnostics in
            if let picked = pick(value.kind) { return picked }
            diagnostics.append(.wrongType(path: path, expected: expected, found: value))
            return nil
        }
    }
}

extension OptionShape where Value == String {
    package static var string: OptionShape {
        OptionShape(expected: "a string") { if case .string(let text) = $0 { text } else { nil } }
    }

    /// One of a fixed set of words.
    package static func oneOf(_ allowed: [String]) -> OptionShape {
        let expected = "one of " + allowed.joined(separator: ", ")
        return OptionShape(expected: expected) { value, path, diagnostics in
            guard case .string(let text) = value.kind else {
                diagnostics.append(.wrongType(path: path, expected: expected, found: value))
                return nil
            }
            guard allowed.contains(text) else {
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: "config.enum", message: "\(path) is '\(text)', but must be \(expected)",
                        location: value.location, notes: [], fix: nearest(to: text, in: allowed).map { "write '\($0)'" }
                    ))
                return nil
            }
            return text
        }
    }
}

extension OptionShape where Value == String? {
    package static var stringOrNone: OptionShape {
        OptionShape(expected: "a string or None") {
            switch $0 {
            case .string(let text): .some(.some(text))
            case .none: .some(.none)
            default: nil
            }
        }
    }
}

extension OptionShape where Value == Bool {
    package static var boolean: OptionShape {
        OptionShape(expected: "True or False") { if case .bool(let flag) = $0 { flag } else { nil } }
    }
}

extension OptionShape where Value == ConfigInteger {
    package static var integer: OptionShape {
        OptionShape(expected: "an integer") { if case .int(let number) = $0 { number } else { nil } }
    }
}

extension OptionShape where Value == ConfigDict {
    package static var mapping: OptionShape {
        OptionShape(expected: "a mapping {...}") { if case .dict(let entries) = $0 { entries } else { nil } }
    }
}

extension OptionShape {
    /// A list (or tuple) whose items all have `item`'s shape.
    package static func list<Item: Sendable>(
        of item: OptionShape<Item>, named plural: String
    ) -> OptionShape where Value == [Located<Item>] {
        let expected = "a list of \(plural)"
        return OptionShape(expected: expected) { value, path, diagnostics in
            let elements: [ConfigValue]
            switch value.kind {
            case .list(let list), .tuple(let list): elements = list
            default:
                diagnostics.append(.wrongType(path: path, expected: expected, found: value))
                return nil
            }
            var items: [Located<Item>] = []
            for (index, element) in elements.enumerated() {
                guard let read = item.read(element, path.index(index), &diagnostics) else { continue }
                items.append(Located(read, at: element.location))
            }
            return items.count == elements.count ? items : nil
        }
    }
}

extension OptionShape where Value == PathPair {
    /// A pair of strings, as `translate_paths` has them.
    package static var pathPair: OptionShape {
        let expected = "a pair of strings (\"prefix\", \"replacement\")"
        return OptionShape(expected: expected) { value, path, diagnostics in
            let elements: [ConfigValue]? =
                switch value.kind {
                case .list(let list), .tuple(let list): list
                default: nil
                }
            guard let elements, elements.count == 2, case .string(let from) = elements[0].kind,
                case .string(let to) = elements[1].kind
            else {
                diagnostics.append(.wrongType(path: path, expected: expected, found: value))
                return nil
            }
            return PathPair(from: from, to: to)
        }
    }
}

/// One entry of `translate_paths`.
package struct PathPair: Sendable, Hashable {
    package let from: String
    package let to: String

    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}
