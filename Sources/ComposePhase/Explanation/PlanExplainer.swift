package import PungiConfig
import ProductMD

/// Tells where the values of a plan's tasks came from.
///
/// The decisions are the planner's own (``BlockResolution``); nothing is decided a second time here.
package struct PlanExplainer: Sendable {
    let planner: PhasePlanner
    let document: ConfigDocument
    private let expanded: PhasePlanner.Expanded

    /// - Parameter document: the configuration that the planner's settings were read from, loaded with `tracing: true`;
    ///   without a trace only places are told.
    package init(planner: PhasePlanner, document: ConfigDocument) {
        self.planner = planner
        self.document = document
        expanded = planner.expanded()
    }

    /// The plan that is explained.
    package var plan: PhasePlan {
        PhasePlan(
            compose: planner.compose.planned, tasks: expanded.tasks.map(\.task), skipped: expanded.skipped,
            diagnostics: expanded.diagnostics)
    }

    /// The names of all fields, in the order in which they are told, and `command`.
    package static let fieldNames = BlockFields.names + ["command"]

    /// Explains a task of the plan.
    ///
    /// - Parameter fields: names of ``fieldNames``; empty for all that have a value, and the command.
    package func explain(_ id: ImageTaskID, fields: [String] = []) -> TaskExplanation? {
        guard let planned = expanded.tasks.first(where: { $0.task.id == id }),
            let resolution = planner.expansion.resolution(of: planned.block, for: planned.variant)
        else { return nil }
        let origins = Origins(document: document, planned: planned)
        let all = BlockFields(planner: planner, planned: planned, resolution: resolution, origins: origins).all()
        // What is set nowhere is told of only where it was asked for.
        let isTold = { (field: FieldExplanation) in
            fields.isEmpty ? field.value != nil || field.isSet : fields.contains(field.name)
        }
        return TaskExplanation(
            compose: planner.compose.planned, task: planned.task, pattern: origins.pattern(), block: origins.block(),
            fields: all.filter(isTold), unset: fields.isEmpty ? all.filter { !isTold($0) }.map(\.name) : [],
            command: fields.isEmpty || fields.contains("command") ? CommandExplanation(planned.task) : nil)
    }
}

extension FieldExplanation {
    /// Whether the config says anything about it.
    var isSet: Bool { sources.contains { $0.state == .shadowed || ($0.state == .used && $0.place != .standard) } }
}
