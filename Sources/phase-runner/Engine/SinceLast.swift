import ComposePhase
import Koji

/// What a plan changes since the last compose of its release and type.
struct SinceLast: Sendable {
    /// Nil where there is nothing to compare with; the remark says why.
    let found: (last: LastCompose, comparison: PlanComparison)?
    /// What there is to say in one line.
    let remark: String

    /// Whatever is wrong with the last compose is a remark: a plan and a run do not depend on it.
    ///
    /// - Parameters:
    ///   - directory: where the compose is, or would be.
    ///   - selection: a part of the plan is compared with the same part of the last one.
    init(_ plan: PhasePlan, in directory: String, isRehearsal: Bool, _ selection: SelectionOptions) {
        let compose = plan.compose
        switch LastCompose.find(of: compose, beside: directory, isRehearsal: isRehearsal) {
        case .found(var last):
            if !selection.only.isEmpty {
                let chosen = Set(plan.tasks.map(\.id))
                last.plan.tasks.removeAll { !chosen.contains($0.id) }
            }
            let comparison = PlanComparison(last.plan, plan)
            found = (last, comparison)
            remark =
                comparison.isSame
                ? "since \(last.id) nothing has changed in what is built (\(counted(plan.tasks.count, "image task")))"
                : "since \(last.id): \(ComparisonText.summary(comparison))"
        case .none:
            found = nil
            let kind = "\(isRehearsal ? "rehearsed " : "")\(compose.type)"
            remark =
                "no earlier \(kind) compose of \(compose.releaseShort) \(compose.releaseVersion) with a plan lies beside"
                + " this one: nothing to compare with"
        case .unreadable(let reason):
            found = nil
            remark = "the plan of the last compose cannot be read, so there is nothing to compare with: \(reason)"
        }
    }

    /// For a person: one line, then what changes, cut where it gets long.
    func lines(atMost limit: Int = .max, colours: Bool) -> [String] {
        guard let comparison = found?.comparison, !comparison.isSame || !comparison.problems.added.isEmpty else {
            return [remark]
        }
        let details = ComparisonText(comparison: comparison, colours: colours).details()
        guard details.count > limit else { return [remark, ""] + details }
        return [remark, ""] + details.prefix(limit)
            + ["… \(counted(details.count - limit, "more line")); all of it: phase-runner plan --against-last"]
    }

    /// What a run says of it beside the terminal. The plans themselves are large, and it need not keep them.
    struct Told: Sendable {
        /// For the log.
        let lines: [String]
        /// For notification scripts; nil where there was nothing to compare with.
        let notification: Notification?
    }

    var told: Told {
        let lines = lines(colours: false)
        return Told(
            lines: lines.filter { !$0.isEmpty },
            notification: found.map { last, comparison in
                .planCompared(comparison, last: last, text: lines.joined(separator: "\n"))
            })
    }
}
