import ComposePhase
import ProductMD

/// A plan for a person: a table of tasks, then what was left out.
enum PlanText {
    static func lines(_ plan: PhasePlan) -> [String] {
        var lines = ["compose \(plan.compose.id)" + (plan.compose.label.map { " (\($0))" } ?? "")]
        guard !plan.tasks.isEmpty else { return lines + ["no task"] + skipped(plan) }
        var table = TextTable(header: ["VARIANT", "IMAGE", "TYPE", "ARCHES", "TARGET", "SUBVARIANT", "MAY FAIL"])
        for task in plan.tasks {
            let summary = RequestSummary(task)
            table.rows.append([
                task.variant, summary.nvr, summary.types, task.arches.map(\.arch).joined(separator: " "),
                summary.target, task.subvariant,
                task.canFail ? "all" : task.failableArches.joined(separator: " "),
            ])
        }
        lines += table.lines()
        let arches = plan.tasks.reduce(0) { $0 + $1.arches.count }
        lines.append("\(counted(plan.tasks.count, "task")), \(counted(arches, "image"))")
        return lines + skipped(plan)
    }

    private static func skipped(_ plan: PhasePlan) -> [String] {
        plan.skipped.map { "skipped \($0.block) for \($0.variant): \($0.reason)" }
    }
}

/// The parameters of a task, for a table.
struct RequestSummary {
    let nvr: String
    let types: String
    let target: String

    init(_ task: ImageTask) {
        func text(_ index: Int) -> String? {
            if index < task.params.count, case .string(let text) = task.params[index] { text } else { nil }
        }
        var release = "(next)"
        if task.params.count > 5, case .object(let options) = task.params[5],
            case .string(let given)? = options["release"]
        {
            release = given
        }
        target = text(0) ?? "(none)"
        nvr = "\(text(3) ?? "?")-\(text(4) ?? "?")-\(release)"
        if task.params.count > 2, case .array(let list) = task.params[2] {
            types = list.compactMap { if case .string(let type) = $0 { type } else { nil } }.joined(separator: " ")
        } else {
            types = "?"
        }
    }
}
