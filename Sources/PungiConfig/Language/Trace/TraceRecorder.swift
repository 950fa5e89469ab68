/// Records where values come from while files are read; there is one only when it was asked for.
final class TraceRecorder {
    private(set) var nodes: [ConfigTrace.Node] = []
    private(set) var bindings: [ConfigTrace.Binding] = []

    func add(_ node: ConfigTrace.Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    func add(_ binding: ConfigTrace.Binding) -> Int {
        bindings.append(binding)
        return bindings.count - 1
    }

    /// A name that an import brought: what the imported file made of it, or the importer's own binding if that file
    /// only had it handed down.
    func imported(_ taken: ConfigImport, binding: Int?, previous: Int?) -> Int? {
        guard let binding else { return nil }
        if let previous, case .handed(_, let own) = bindings[binding], own == previous { return previous }
        return add(.imported(taken, binding: binding, previous: previous))
    }

    /// The finished trace.
    func trace(_ options: [String: Int]) -> ConfigTrace {
        ConfigTrace(nodes: nodes, bindings: bindings, options: options)
    }
}
