/// A value of a configuration seen from the place where it is used: an option, or a part of one.
package struct TracedValue: Sendable {
    enum Origin: Sendable {
        case binding(Int)
        case node(Int)
    }

    let trace: ConfigTrace
    let origin: Origin
    /// The place of the option's name, of the key, or of the item.
    package let place: SourceLocation
    /// The option's name or the key; empty for an item.
    package let name: String

    /// What the value is made by; nil for a name that is only declared `global`.
    private var node: Int? {
        switch origin {
        case .binding(let binding): trace.node(ofBinding: binding)
        case .node(let node): node
        }
    }

    /// Where the value begins: behind the `=` or the `:`.
    package var valuePlace: SourceLocation { node.map { trace.place(ofNode: $0) } ?? place }

    /// The value under a string key, if this is a dict that has it.
    package func key(_ name: String) -> TracedValue? {
        guard let part = parts.last(where: { $0.key?.hasSameScalars(as: name) ?? false }) else { return nil }
        return traced(part)
    }

    /// An item, if this is a list or a tuple that has it.
    package func item(_ index: Int) -> TracedValue? {
        guard parts.indices.contains(index), parts[index].keyNode == nil else { return nil }
        return traced(parts[index])
    }

    /// All entries of a dict with string keys, or all items.
    package var children: [TracedValue] { parts.filter { $0.key != nil || $0.keyNode == nil }.map(traced) }

    private var parts: [ConfigTrace.Part] {
        guard let node, let resolved = trace.resolved(node), case .container(_, _, let parts) = trace.nodes[resolved]
        else { return [] }
        return parts
    }

    private func traced(_ part: ConfigTrace.Part) -> TracedValue {
        TracedValue(
            trace: trace, origin: .node(part.node), place: trace.place(ofNode: part.keyNode ?? part.node),
            name: part.key ?? "")
    }

    /// Whether it is neither a variable nor a formatting: nothing more can be told than its place.
    package var isWrittenOut: Bool {
        guard let node else { return true }
        switch trace.nodes[node] {
        case .literal, .container: return true
        case .variable, .formatted: return false
        }
    }

    /// The value as it is written where it is used, e.g. `'%s-image-builder' % branch`; long ones are cut.
    package var expression: String { node.map { TraceExpression.text(of: $0, in: trace) } ?? "None" }

    /// How the value came to be what it is, outermost first. Empty for what is written out where it is used in the
    /// main file. What lists and dicts hold is left out; ask their ``children``.
    package var steps: [TraceStep] {
        var walk = TraceWalk(trace: trace)
        switch origin {
        case .binding(let binding): walk.follow(option: binding)
        case .node(let node): walk.follow(node: node)
        }
        return walk.steps
    }
}
