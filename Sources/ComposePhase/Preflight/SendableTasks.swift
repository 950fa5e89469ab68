import ProductMD

extension [ImageTask] {
    /// The tasks as a hub takes them: arches that may fail are named in the options where it knows that option, and
    /// options that it does not know are left out.
    package func sendable(without unknown: Set<String>) -> [ImageTask] {
        map { task in
            guard task.params.count == 6, case .object(var options) = task.params[5] else { return task }
            if !task.failableArches.isEmpty {
                options["failable_arches"] = .array(task.failableArches.map { .string($0) })
            }
            for name in unknown { options[name] = nil }
            // What goes out as it was planned is not kept twice.
            guard .object(options) != task.params[5] else { return task }
            var task = task
            task.params[5] = .object(options)
            return task
        }
    }
}
