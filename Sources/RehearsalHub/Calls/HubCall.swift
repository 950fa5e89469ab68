import Koji

/// One method of the hub: its parameters as Python would declare them, and what it does.
struct HubCall: Sendable {
    typealias Body =
        @Sendable (inout HubState, CallArguments, HubCaller) throws(XMLRPCFault) -> XMLRPCValue

    let name: String
    let parameters: [CallParameter]
    /// Functions of plugins stand alone; the hub's own are methods of `RootExports`, and faults say so.
    let isPluginFunction: Bool
    let help: String?
    let body: Body

    /// - Parameter parameters: as in Python, e.g. `task_id` or `strict=False`.
    init(
        _ name: String, _ parameters: [String] = [], isPluginFunction: Bool = false, help: String? = nil,
        _ body: @escaping Body
    ) {
        self.name = name
        self.parameters = parameters.map { CallParameter($0) }
        self.isPluginFunction = isPluginFunction
        self.help = help
        self.body = body
    }

    /// The name in faults about parameters.
    private var pythonName: String { isPluginFunction ? "\(name)()" : "RootExports.\(name)()" }

    /// The method with its parameters, as `system.methodHelp` shows it.
    var declaration: String { "\(name)(\(parameters.map(\.declaration).joined(separator: ", ")))" }

    /// Gives each parameter its value as a Python call would.
    ///
    /// - Throws: 1019 in Python's words: unknown keyword, too many or too few, one given twice.
    func bind(_ call: XMLRPCCall) throws(XMLRPCFault) -> CallArguments {
        let (positional, keywords) = call.arguments
        try checkCount(positional.count)
        var values: [String: XMLRPCValue] = [:]
        for (parameter, value) in zip(parameters, positional) { values[parameter.name] = value }
        for (name, value) in keywords.sorted(by: { $0.key < $1.key }) {
            guard parameters.contains(where: { $0.name == name }) else {
                throw .parameter("\(pythonName) got an unexpected keyword argument '\(name)'")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .parameter("\(pythonName) got multiple values for argument '\(name)'")
            }
        }
        var missing: [String] = []
        for parameter in parameters where values[parameter.name] == nil {
            if let value = parameter.value { values[parameter.name] = value } else { missing.append(parameter.name) }
        }
        guard missing.isEmpty else { throw .parameter(missingText(missing)) }
        return CallArguments(values: values)
    }

    private func checkCount(_ given: Int) throws(XMLRPCFault) {
        guard given > parameters.count else { return }
        // Python counts `self` for methods.
        let extra = isPluginFunction ? 0 : 1
        let most = parameters.count + extra
        let least = parameters.count { $0.value == nil } + extra
        let range = least == most ? "\(most)" : "from \(least) to \(most)"
        throw .parameter(
            "\(pythonName) takes \(range) positional argument\(most == 1 ? "" : "s") but \(given + extra) were given")
    }

    private func missingText(_ names: [String]) -> String {
        let quoted = names.map { "'\($0)'" }
        let list =
            switch quoted.count {
            case 1: quoted[0]
            case 2: quoted.joined(separator: " and ")
            default: quoted.dropLast().joined(separator: ", ") + ", and " + (quoted.last ?? "")
            }
        return
            "\(pythonName) missing \(names.count) required positional argument\(names.count == 1 ? "" : "s"): \(list)"
    }
}

/// A parameter of a method, with its default.
struct CallParameter: Sendable {
    let name: String
    /// The default; nil means that the parameter is required.
    let value: XMLRPCValue?
    let declaration: String

    init(_ declaration: String) {
        self.declaration = declaration
        let parts = declaration.split(separator: "=", maxSplits: 1)
        name = String(parts.first ?? "")
        value = parts.count == 2 ? Self.value(of: String(parts[1])) : nil
    }

    private static func value(of text: String) -> XMLRPCValue {
        switch text {
        case "None": .null
        case "True": .bool(true)
        case "False": .bool(false)
        case "{}": .object([:])
        default: Int64(text).map { .int($0) } ?? .string(text)
        }
    }
}

/// The values of a call's parameters.
struct CallArguments: Sendable {
    let values: [String: XMLRPCValue]

    subscript(name: String) -> XMLRPCValue { values[name] ?? .null }

    /// Whether the parameter is what Python takes for true.
    func isTrue(_ name: String) -> Bool { self[name].isTrue }

    /// A whole number; digits in a text count too.
    ///
    /// - Throws: 1019 for anything else.
    func number(_ name: String) throws(XMLRPCFault) -> Int { try Self.number(self[name]) }

    /// The same, or nil for nil.
    func optionalNumber(_ name: String) throws(XMLRPCFault) -> Int? {
        self[name].isNil ? nil : try Self.number(self[name])
    }

    static func number(_ value: XMLRPCValue) throws(XMLRPCFault) -> Int {
        if let number = value.wholeNumber { return number }
        if let number = value.textValue.flatMap({ Int($0) }) { return number }
        throw wrongType(value, expected: "int")
    }

    func text(_ name: String) throws(XMLRPCFault) -> String {
        guard let text = self[name].textValue else { throw Self.wrongType(self[name], expected: "str") }
        return text
    }

    static func wrongType(_ value: XMLRPCValue, expected: String) -> XMLRPCFault {
        .parameter(
            "Invalid type for value \(Python.repr(value)): <class '\(Python.className(value))'>, "
                + "expected type <class '\(expected)'>")
    }
}
