internal import OrderedCollections

/// What is told to a trace, if there is one.
extension FileParser {
    /// A plain value that is no variable is written out.
    func traceScalar(_ parsed: Parsed) -> Parsed {
        guard let recorder, parsed.trace == nil else { return parsed }
        var traced = parsed
        traced.trace = recorder.add(.literal(parsed.value))
        return traced
    }

    /// The value of a variable, used at the token being looked at.
    func traceUse(of variable: Variable, _ name: VariableName) -> Parsed {
        guard let recorder, let binding = variable.binding else { return variable.parsed }
        var used = variable.parsed
        used.trace = recorder.add(
            .variable(name: name.text, place: source.location(of: token), binding: binding))
        return used
    }

    func traceFormat(_ template: String, _ argument: Parsed, at place: SourceLocation) -> Int? {
        guard let recorder, let arguments = argument.trace else { return nil }
        return recorder.add(.formatted(template: template, place: place, arguments: arguments))
    }

    func traceAssignment(_ name: VariableName, _ parsed: Parsed, at place: SourceLocation) -> Int? {
        guard let recorder, let node = parsed.trace else { return nil }
        return recorder.add(
            .assigned(
                name: name.text, place: place, node: node, value: parsed.value,
                previous: variables[name]?.binding))
    }

    func traceGlobal(_ name: VariableName, at place: SourceLocation) -> Int? {
        recorder?.add(.declaredGlobal(name: name.text, place: place, previous: variables[name]?.binding))
    }

    /// A variable as an imported file sees it from its beginning.
    func traceHandingDown(_ variable: Variable, _ request: ImportRequest) -> Variable {
        guard let recorder, let binding = variable.binding else { return variable }
        var handed = variable
        let taken = ConfigImport(path: request.path, location: request.location, what: "*", written: request.written)
        handed.binding = recorder.add(.handed(taken, binding: binding))
        return handed
    }

    /// A variable that an import brought. `place` is that of its name in the statement; nil for `*`.
    func traceImport(
        _ variable: Variable, as name: VariableName, _ request: ImportRequest, at place: SourceLocation?
    ) -> Variable {
        guard let recorder else { return variable }
        var brought = variable
        let taken = ConfigImport(
            path: request.path, location: place ?? request.location, what: place == nil ? "*" : name.text,
            written: request.written)
        brought.binding = recorder.imported(taken, binding: variable.binding, previous: variables[name]?.binding)
        return brought
    }

    /// What the names stand for now, by their binding.
    var bindings: [String: Int] {
        var bindings: [String: Int] = [:]
        for (name, variable) in variables { bindings[name.text] = variable.binding }
        return bindings
    }
}
