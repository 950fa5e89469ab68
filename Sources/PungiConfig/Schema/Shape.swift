/// What a value of the configuration has to look like.
///
/// The meanings are those of Pungi's validator (JSON Schema draft 4 with two types of its own): a tuple counts as a
/// list, a boolean is neither an integer nor a number, and `3.0` is no integer.
package indirect enum Shape: Sendable {
    case string
    /// A string; Pungi replaces `#HEAD` and `#origin/BRANCH` at its end by a commit when it is online.
    case url
    /// A string that compiles as a Python regular expression.
    case regex
    case boolean
    case integer
    case number
    case none
    /// One of a fixed set of words.
    case word([String])
    /// One of a fixed set of numbers.
    case oneOfNumbers([Int])
    /// Any number of items, within limits.
    case list(of: Shape, atLeast: Int = 0, atMost: Int = .max)
    /// Items each with a shape of its own. More items than shapes are refused; fewer only below `atLeast`.
    case row([Shape], atLeast: Int)
    case mapping(MappingShape)
    /// At least one of several shapes. (Where Pungi says "exactly one", no two of them can both fit.)
    case either([Shape])
    case anything
}

/// A mapping: options with names of their own, and keys that stand for something, such as variant patterns.
package struct MappingShape: Sendable {
    /// In Pungi's order.
    package var options: [ConfigOption]
    /// What keys without a name of their own may be.
    package var keys: KeyRule?
    /// Whether keys that nothing is said of are let through.
    package var takesOthers: Bool
    /// What one such mapping is called in messages.
    package var noun: String

    /// Keys that are all alike.
    package struct KeyRule: Sendable {
        package var match: KeyMatch
        package var shape: Shape
    }

    /// Which keys a rule is for, as Pungi's schema says it by a regular expression that is searched for.
    package enum KeyMatch: String, Sendable {
        /// Any text with a character in it that is no line feed.
        case anyText = ".+"
        /// One line of text.
        case oneLine = "^.+$"
        /// Begins with `module`, contains `comps` or ends with `json`: the three words were meant.
        case gatherSource = "^module|comps|json$"

        func matches(_ key: String) -> Bool {
            let scalars = key.unicodeScalars
            switch self {
            case .anyText: return scalars.contains { $0 != "\n" }
            case .oneLine:
                // Python's `$` also stands before a line feed at the end.
                let line = scalars.last == "\n" ? scalars.dropLast() : scalars[...]
                return !line.isEmpty && !line.contains("\n")
            case .gatherSource:
                let line = scalars.last == "\n" ? String(scalars.dropLast()) : key
                return key.hasPrefix("module") || key.contains("comps") || line.hasSuffix("json")
            }
        }
    }

    /// What an entry of an image section is called.
    static let block = "a block {...}"

    package init(
        _ noun: String = "a mapping {...}", options: [ConfigOption] = [], keys: KeyRule? = nil,
        takesOthers: Bool = false
    ) {
        self.options = options
        self.keys = keys
        self.takesOthers = takesOthers
        self.noun = noun
    }

    package subscript(name: String) -> ConfigOption? { options.first { $0.name == name } }
}

/// An option with a name.
package struct ConfigOption: Sendable {
    package var name: String
    package var shape: Shape
    package var isRequired = false
    /// What Pungi puts there when the option is absent.
    package var standard: Plain?
    /// Old names, whose value moves here.
    package var aliases: [String] = []
    /// Old names, whose values are added at the end here.
    package var appended: [String] = []
    /// Set for an option that Pungi no longer knows.
    package var removal: Removal?
    /// Whether only we and the newest hub plugin know it.
    package var isNewerThanPungi = false

    /// Why an option is gone, and what to do.
    package struct Removal: Sendable {
        package var reason: String
        package var advice: String
    }

    init(_ name: String, _ shape: Shape, standard: Plain? = nil) {
        self.name = name
        self.shape = shape
        self.standard = standard
    }

    static func required(_ name: String, _ shape: Shape) -> ConfigOption {
        var option = ConfigOption(name, shape)
        option.isRequired = true
        return option
    }

    /// The option as one that had other names.
    func formerly(aliases: [String] = [], appended: [String] = []) -> ConfigOption {
        var option = self
        option.aliases = aliases
        option.appended = appended
        return option
    }

    static func removed(_ name: String, _ reason: String, advice: String = "delete it") -> ConfigOption {
        var option = ConfigOption(name, .anything)
        option.removal = Removal(reason: reason, advice: advice)
        return option
    }

    static func newerThanPungi(_ name: String, _ shape: Shape) -> ConfigOption {
        var option = ConfigOption(name, shape)
        option.isNewerThanPungi = true
        return option
    }
}

/// A default, as the schema's tables write it.
package indirect enum Plain: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral
{
    case none
    case text(String)
    case flag(Bool)
    case number(Int)
    case list([Plain])
    case emptyMapping

    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(arrayLiteral elements: Plain...) { self = .list(elements) }

    /// The default as a value of the configuration.
    func value(at location: SourceLocation) -> ConfigValue {
        switch self {
        case .none: ConfigValue(.none, at: location)
        case .text(let text): ConfigValue(.string(text), at: location)
        case .flag(let flag): ConfigValue(.bool(flag), at: location)
        case .number(let number): ConfigValue(.int(ConfigInteger(number)), at: location)
        case .list(let items): ConfigValue(.list(items.map { $0.value(at: location) }), at: location)
        case .emptyMapping: ConfigValue(.dict(ConfigDict()), at: location)
        }
    }
}

extension Shape {
    /// A mapping with these options.
    static func options(_ options: [ConfigOption], takesOthers: Bool = false) -> Shape {
        .mapping(MappingShape(options: options, takesOthers: takesOthers))
    }

    /// An entry of an image section: something to be made.
    static func block(_ options: [ConfigOption], takesOthers: Bool = false) -> Shape {
        .mapping(MappingShape(MappingShape.block, options: options, takesOthers: takesOthers))
    }

    /// One block, or a list of them.
    static func blockOrBlocks(_ options: [ConfigOption], takesOthers: Bool = false) -> Shape {
        .either([.block(options, takesOthers: takesOthers), .list(of: .block(options, takesOthers: takesOthers))])
    }

    /// A mapping of names or patterns to values that are all alike.
    static func table(
        _ shape: Shape, keys: MappingShape.KeyMatch = .anyText, takesOthers: Bool = false
    ) -> Shape {
        .mapping(MappingShape(keys: .init(match: keys, shape: shape), takesOthers: takesOthers))
    }

    /// A mapping of which nothing is known.
    static let openMapping = Shape.mapping(MappingShape(takesOthers: true))

    /// `[(VARIANT PATTERN, {ARCH: value}), ...]`, Pungi's old form of saying something of variants and arches.
    static func perArch(_ shape: Shape) -> Shape { .list(of: .row([.regex, .table(shape)], atLeast: 2)) }

    static let strings = Shape.list(of: .string)
    static let stringOrStrings = Shape.either([.string, .strings])
    static let optionalString = Shape.either([.string, .none])
    static let stringPairs = Shape.list(of: .row([.string, .string], atLeast: 0))

    /// What a message says was expected: "a string", "a list of strings".
    var expected: String {
        switch self {
        case .string: "a string"
        case .url: "a URL"
        case .regex: "a regular expression"
        case .boolean: "True or False"
        case .integer: "an integer"
        case .number: "a number"
        case .none: "None"
        case .word(let words): words.count == 1 ? "'\(words[0])'" : "one of " + words.joined(separator: ", ")
        case .oneOfNumbers(let numbers): "one of " + numbers.map(String.init).joined(separator: ", ")
        case .list(let item, let least, let most):
            least == 1 && most == 1 ? "a list of one item" : "a list of \(item.plural)"
        case .row(let shapes, _): "(" + shapes.map(\.expected).joined(separator: ", ") + ")"
        case .mapping(let mapping): mapping.noun
        case .either(let shapes):
            // A string or a list of strings or ...; the same words once.
            shapes.map(\.expected).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: " or ")
        case .anything: "anything"
        }
    }

    private var plural: String {
        switch self {
        case .string: "strings"
        case .url: "URLs"
        case .regex: "regular expressions"
        case .word: "words, each \(expected)"
        case .row(let shapes, _): "rows (" + shapes.map(\.expected).joined(separator: ", ") + ")"
        case .mapping(let mapping): mapping.noun == MappingShape.block ? "blocks [{...}]" : "mappings {...}"
        default: "items, each \(expected)"
        }
    }
}
