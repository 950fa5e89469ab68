import Koji

/// What is known of a failed image task, and what follows from it.
struct TaskDiagnosis {
    /// A child that failed.
    struct Child: Sendable, Hashable {
        /// The arch, or what else the child is called.
        let name: String
        let task: TaskID
        /// Whether the hub was told that this arch may fail.
        let mayFail: Bool
        /// The last line of its fault.
        let reason: String
        let cause: FailureCause
        /// Where its most telling log is.
        let log: String?

        var sentence: String {
            var text = "\(name) (task \(task)\(mayFail ? ", may fail" : "")): \(reason)"
            // A fault that is its own evidence is not said twice.
            let isSame = cause.evidence == EvidenceLine.cleaned(reason)
            let shown = FailureCause(
                rule: cause.rule, kind: cause.kind, remedy: cause.remedy, evidence: isSame ? "" : cause.evidence)
            text += "; \(shown.sentence)"
            if let log { text += text.hasSuffix(".") ? " Log: \(log)" : "; log: \(log)" }
            return text
        }
    }

    let task: TaskID
    /// In the order of their ids.
    let children: [Child]
    /// Whether no arch was made: then even arches that may fail doom the task.
    let allArchesFailed: Bool
    /// The cause by the task's own fault.
    let own: FailureCause

    /// The children for whose sake the task failed; none if it failed by itself.
    private var guilty: [Child] { allArchesFailed ? children : children.filter { !$0.mayFail } }

    /// The cause of the whole: passing trouble only if every arch that had to be made met passing trouble.
    var cause: FailureCause {
        var counted = guilty.filter { !$0.mayFail }
        if counted.isEmpty { counted = guilty }
        return (counted.first { !$0.cause.kind.isTransient } ?? counted.first)?.cause ?? own
    }

    /// What happened, for a person; one line.
    var message: String {
        let parts = (guilty.isEmpty ? [own.sentence] : []) + children.map(\.sentence)
        return "task \(task) failed: \(parts.joined(separator: "; "))"
    }

    /// The arches that may fail by the request that the hub keeps of a parent: target, arches, types, name, version,
    /// options.
    static func failableArches(_ request: [XMLRPCValue]?) -> Set<String> {
        guard let request, request.count > 5, case .object(let options) = request[5],
            case .array(let arches)? = options["failable_arches"]
        else { return [] }
        return Set(arches.compactMap { if case .string(let arch) = $0 { arch } else { nil } })
    }

    /// The cause when only the tagging of a complete build failed: doing it again would meet the build.
    static func onlyTagging(nvr: String, tag: String?, reason: String) -> FailureCause {
        let target = tag ?? "TAG"
        return FailureCause(
            rule: "only-tagging-failed", kind: .config,
            remedy: "The build \(nvr) is complete; when its tag takes it, koji tag-build \(target) \(nvr) does the rest"
                + " (koji call tagBuild \(target) \(nvr)).", evidence: reason)
    }
}
