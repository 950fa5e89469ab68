/// A value of a configuration and the place where it is written.
///
/// A value that was reached through a variable keeps the place where the *value* is written, not the place where the
/// variable is used: `definitions` of the document and the keys of a dict tell where it is used.
package struct ConfigValue: Sendable, CustomStringConvertible {
    /// The types of kobo's language: those of Python, with tuples apart from lists.
    package enum Kind: Sendable, Equatable {
        case none
        case bool(Bool)
        case int(ConfigInteger)
        case float(Double)
        case string(String)
        case list([ConfigValue])
        case tuple([ConfigValue])
        case dict(ConfigDict)
    }

    package let kind: Kind
    package let location: SourceLocation

    package init(_ kind: Kind, at location: SourceLocation) {
        self.kind = kind
        self.location = location
    }

    /// The value's text, if it is a string.
    package var string: String? { if case .string(let text) = kind { text } else { nil } }

    /// The value, if it is `True` or `False` (a number is not).
    package var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }

    /// The value, if it is an `int` that fits 64 bits (`True` is not).
    package var int: Int? { if case .int(let number) = kind { number.int } else { nil } }

    /// The items, if the value is a list or a tuple.
    package var items: [ConfigValue]? {
        switch kind {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }

    /// The value, if it is a dict.
    package var dict: ConfigDict? { if case .dict(let dict) = kind { dict } else { nil } }

    /// Whether the value is `None`.
    package var isNone: Bool { if case .none = kind { true } else { false } }

    /// The name of the value's type in Python: `NoneType`, `bool`, `int`, `float`, `str`, `list`, `tuple`, `dict`.
    package var typeName: String {
        switch kind {
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        }
    }

    /// The value as Python's `repr` writes it.
    package var description: String { PythonRepr.text(of: self) }
}

extension ConfigValue: Equatable {
    /// Same type and same content, whatever the places: `1`, `True` and `1.0` all differ, and so do two strings that
    /// look alike but are of different code points.
    package static func == (left: Self, right: Self) -> Bool {
        // Without recursion, so that the depth of a value costs no stack.
        var pending = [(left, right)]
        while let (left, right) = pending.popLast() {
            switch (left.kind, right.kind) {
            case (.none, .none): break
            case (.bool(let a), .bool(let b)): if a != b { return false }
            case (.int(let a), .int(let b)): if a != b { return false }
            case (.float(let a), .float(let b)): if a != b { return false }
            case (.string(let a), .string(let b)): if !a.hasSameScalars(as: b) { return false }
            case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
                guard a.count == b.count else { return false }
                pending += zip(a, b)
            case (.dict(let a), .dict(let b)):
                guard let pairs = a.pairs(with: b) else { return false }
                pending += pairs
            default: return false
            }
        }
        return true
    }
}

extension ConfigValue.Kind {
    package static func == (left: Self, right: Self) -> Bool {
        let nowhere = SourceLocation(file: "", line: 0, column: 0)
        return ConfigValue(left, at: nowhere) == ConfigValue(right, at: nowhere)
    }
}

extension String {
    /// Python's `==` of two strings: the same code points, where Swift's `==` would take `é` for `e` and an accent.
    package func hasSameScalars(as other: String) -> Bool {
        self == other && utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
