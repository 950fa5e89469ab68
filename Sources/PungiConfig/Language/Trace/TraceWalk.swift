/// Collects the steps of a value without recursion, each binding once.
struct TraceWalk {
    private enum Visit {
        case node(Int, depth: Int, isArgument: Bool)
        case binding(Int, usedAt: SourceLocation, name: String, depth: Int, isArgument: Bool)
    }

    /// More steps than that tell a person nothing.
    private static let limit = 60

    let trace: ConfigTrace
    private(set) var steps: [TraceStep] = []
    private var seen: Set<Int> = []
    private var pending: [Visit] = []

    init(trace: ConfigTrace) { self.trace = trace }

    /// The way of a top-level option.
    mutating func follow(option binding: Int) {
        appendWay(of: binding, depth: 0)
        if let node = trace.node(ofBinding: binding) { follow(node: node) }
    }

    /// The way of a value.
    mutating func follow(node: Int) {
        pending = [.node(node, depth: 0, isArgument: false)]
        while let visit = pending.popLast() {
            guard steps.count < Self.limit else {
                steps.append(step(.more, at: trace.place(ofNode: node), depth: 0))
                return
            }
            switch visit {
            case .node(let node, let depth, let isArgument): visitNode(node, depth, isArgument)
            case .binding(let binding, let usedAt, let name, let depth, let isArgument):
                visitBinding(binding, usedAt, name, depth, isArgument)
            }
        }
    }

    private mutating func visitNode(_ node: Int, _ depth: Int, _ isArgument: Bool) {
        switch trace.nodes[node] {
        case .literal: break
        case .variable(let name, let place, let binding):
            pending.append(.binding(binding, usedAt: place, name: name, depth: depth, isArgument: isArgument))
        case .formatted(_, _, let arguments):
            pending.append(.node(arguments, depth: depth, isArgument: true))
        case .container(_, _, let parts):
            // What a string is formatted with makes the string; what a list holds has an origin of its own.
            guard isArgument else { break }
            for part in parts.prefix(Self.limit).reversed() {
                pending.append(.node(part.node, depth: depth, isArgument: true))
            }
        }
    }

    private mutating func visitBinding(
        _ binding: Int, _ usedAt: SourceLocation, _ name: String, _ depth: Int, _ isArgument: Bool
    ) {
        guard seen.insert(binding).inserted else { return }
        let node = trace.node(ofBinding: binding)
        if let node, case .assigned(_, let place, _, let value, _) = trace.assignment(binding) {
            steps.append(
                TraceStep(
                    kind: .variable(name: name, usedAt: usedAt), location: place, depth: depth,
                    expression: TraceExpression.text(of: node, in: trace), value: value))
            pending.append(.node(node, depth: depth + 1, isArgument: isArgument))
        } else if let place = trace.place(ofBinding: binding) {
            steps.append(step(.declaredGlobal(name: name), at: place, depth: depth))
        }
        appendWay(of: binding, depth: depth + 1)
    }

    /// The imports that brought a name, the innermost first, and what it overrides.
    private mutating func appendWay(of binding: Int, depth: Int) {
        var ways: [TraceStep] = []
        var overridden: TraceStep?
        var next: Int? = binding
        while let current = next, ways.count < Self.limit {
            var previous: Int?
            switch trace.bindings[current] {
            case .assigned(let name, _, _, _, let earlier), .declaredGlobal(let name, _, let earlier):
                overridden = overridden ?? earlier.flatMap { self.overridden($0, name, depth) }
                next = nil
            case .imported(let taken, let inner, let earlier):
                ways.append(step(.imported(taken), at: taken.location, depth: depth))
                previous = earlier
                next = inner
            case .handed(let taken, let inner):
                ways.append(step(.handedDown(taken), at: taken.location, depth: depth))
                next = inner
            }
            if let previous, overridden == nil { overridden = self.overridden(previous, nil, depth) }
        }
        steps += ways.reversed()
        if let overridden { steps.append(overridden) }
    }

    /// An earlier value; the None that `global` sets is looked through.
    private func overridden(_ binding: Int, _ name: String?, _ depth: Int) -> TraceStep? {
        var assignment = trace.assignment(binding)
        while case .declaredGlobal(_, _, let previous) = assignment {
            guard let previous else { return nil }
            assignment = trace.assignment(previous)
        }
        guard case .assigned(let own, let place, let node, let value, _) = assignment else { return nil }
        return TraceStep(
            kind: .overridden(name: name ?? own), location: place, depth: depth,
            expression: TraceExpression.text(of: node, in: trace), value: value)
    }

    private func step(_ kind: TraceStep.Kind, at location: SourceLocation, depth: Int) -> TraceStep {
        TraceStep(kind: kind, location: location, depth: depth, expression: nil, value: nil)
    }
}
