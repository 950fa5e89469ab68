/// The way to an option, as messages name it: `imagebuilder.^IoT$.0.release`, as Pungi's validator writes it.
package struct OptionPath: Sendable, Hashable, CustomStringConvertible {
    package let components: [String]

    package init(_ components: String...) { self.components = components }

    private init(components: [String]) { self.components = components }

    package func key(_ name: String) -> OptionPath { OptionPath(components: components + [name]) }
    package func index(_ index: Int) -> OptionPath { OptionPath(components: components + [String(index)]) }

    package var description: String { components.joined(separator: ".") }
}

extension Diagnostic {
    /// "X is VALUE, but must be a string".
    static func wrongType(path: OptionPath, expected: String, found: ConfigValue) -> Diagnostic {
        Diagnostic(
            severity: .error, code: "config.type", message: "\(path) is \(found.kindName), but must be \(expected)",
            location: found.location, notes: [], fix: fix(expected: expected, found: found))
    }

    /// The mistakes that people make most often have an obvious cure.
    private static func fix(expected: String, found: ConfigValue) -> String? {
        switch (expected, found.kind) {
        case ("a string", .int(let number)): "quote it: \"\(number.text)\""
        case ("True or False", .int(let number)) where number.int == 1: "write True"
        case ("True or False", .int(let number)) where number.int == 0: "write False"
        case (let wanted, .string(let text)) where wanted.hasPrefix("a list of"): "put it in brackets: [\"\(text)\"]"
        default: nil
        }
    }
}

extension ConfigValue {
    /// What kind of value this is, for a message.
    var kindName: String {
        switch kind {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): "the integer \(number.text)"
        case .float(let number): "the number \(number)"
        case .string(let text): "the string '\(text.prefix(60))'"
        case .list: "a list"
        case .tuple: "a tuple"
        case .dict: "a mapping"
        }
    }
}
