import PungiConfig

/// Finds the places of options and of a block's keys, and the ways of their values.
struct Origins {
    let document: ConfigDocument
    let planned: PlannedTask

    /// What is known of a value that stands somewhere in the configuration.
    struct Origin {
        var location: SourceLocation?
        /// The value as it is written where it is used; nil without a trace.
        var expression: String?
        var steps: [ExplainedStep] = []
    }

    // MARK: The block

    func pattern() -> ExplainedSource {
        let section = traced(option: "imagebuilder")
        let key = section?.key(planned.pattern.value)
        return ExplainedSource(
            place: .config, state: .used, option: "imagebuilder",
            text: "\(ConfigText.short(text(planned.pattern.value), 80)) matches \(planned.variant.uid)",
            location: key?.place ?? planned.pattern.location, steps: section.map(steps) ?? [])
    }

    func block() -> ExplainedSource {
        let list = traced(option: "imagebuilder")?.key(planned.pattern.value)
        let item = list?.item(planned.index)
        return ExplainedSource(
            place: .block, state: .used, option: "",
            text: "block \(planned.index + 1) of imagebuilder[\(ConfigText.short(text(planned.pattern.value), 80))]",
            location: item?.valuePlace ?? planned.block.location,
            steps: (list.map(steps) ?? []) + (item.map(steps) ?? []))
    }

    private func text(_ text: String) -> ConfigValue {
        ConfigValue(.string(text), at: planned.pattern.location)
    }

    // MARK: Values

    /// A key of the block; with more names, of what it holds.
    func key(_ name: String, _ inner: String..., else location: SourceLocation?) -> Origin {
        guard var traced = tracedKey(name) else { return Origin(location: location) }
        for name in inner {
            guard let next = traced.key(name) else { return Origin(location: location) }
            traced = next
        }
        return origin(traced)
    }

    /// An item of a list of the block.
    func item(_ index: Int, of name: String, else location: SourceLocation) -> Origin {
        tracedKey(name)?.item(index).map(origin) ?? Origin(location: location)
    }

    /// An option of the configuration, at its name.
    func option(_ name: String) -> Origin {
        traced(option: name).map(origin) ?? Origin(location: document.definitions[name])
    }

    /// An item of a list that is an option.
    func item(_ index: Int, ofOption name: String) -> Origin {
        traced(option: name)?.item(index).map(origin) ?? option(name)
    }

    /// All that a mapping of the block holds and that is not written out where it stands: the path to it, with its way.
    func parts(of name: String, limit: Int = 40) -> [(path: String, origin: Origin)] {
        guard let root = tracedKey(name) else { return [] }
        var parts: [(String, Origin)] = []
        var pending = [(name, root)]
        // Variables may hold the same value many times: the number of places that are looked at has an end.
        var looked = 0
        while let (path, value) = pending.popLast(), parts.count < limit, looked < 10_000 {
            looked += 1
            if path != name, !value.isWrittenOut { parts.append((path, origin(value))) }
            let children = value.children
            pending += children.enumerated().reversed().map { index, child in
                (path + (child.name.isEmpty ? "[\(index)]" : ".\(child.name)"), child)
            }
        }
        return parts
    }

    private func traced(option name: String) -> TracedValue? { document.trace?.option(name) }

    private func tracedKey(_ name: String) -> TracedValue? {
        traced(option: "imagebuilder")?.key(planned.pattern.value)?.item(planned.index)?.key(name)
    }

    private func origin(_ traced: TracedValue) -> Origin {
        Origin(location: traced.place, expression: traced.expression, steps: steps(traced))
    }

    private func steps(_ traced: TracedValue) -> [ExplainedStep] { traced.steps.map { ExplainedStep($0) } }
}
