import PungiConfig

extension PhasePlan {
    /// The one task that a person means: by its id, else by its image's name or a shell pattern over either, else by a
    /// part of its id.
    ///
    /// - Throws: with what there is, when nothing or more than one task is meant.
    package func task(named text: String) throws(TaskSelection.Failure) -> ImageTask {
        if let exact = tasks.first(where: { $0.id.text == text }) { return exact }
        let selection = TaskSelection(image: text)
        var named = tasks.filter { selection.names($0) }
        if named.isEmpty, !text.isEmpty { named = tasks.filter { $0.id.text.contains(text) } }
        if named.count == 1 { return named[0] }
        let all = "\n  " + (named.isEmpty ? tasks : named).map(\.id.text).joined(separator: "\n  ")
        guard named.isEmpty else {
            throw TaskSelection.Failure(
                description: "\(text) may be any of these images; give the whole id:\(all)", isAmbiguous: true)
        }
        var message = "no image of the plan is called \(text)"
        let left = skipped.filter { ShellPattern(text).matches($0.block) || "\($0.variant)/\($0.block)" == text }
        for block in left { message += "; \(block.block) is skipped for \(block.variant): \(block.reason)" }
        if left.isEmpty, let near = nearest(to: text, in: names) { message += "; did you mean \(near)?" }
        throw TaskSelection.Failure(
            description: message + (tasks.isEmpty ? "; the plan has no image at all" : "\nthere are:\(all)"))
    }

    /// What a person may have meant to write: ids, names, and the words that they are made of.
    private var names: [String] {
        let whole = tasks.map(\.id.text) + tasks.map { RequestView($0).name }
        return whole + Set(whole.flatMap { $0.split { $0 == "/" || $0 == "-" } }.map(String.init)).sorted()
    }
}
