package import PungiConfig

/// Everything a run will do: the tasks, what was left out and why, and what is to be said about it.
package struct PhasePlan: Sendable {
    package var compose: PlannedCompose
    package var tasks: [ImageTask]
    package var skipped: [SkippedBlock]
    package var diagnostics: [Diagnostic]
    /// The files that the plan was made of; nil where that is not known, as of plans of older versions.
    package var sources: [PlanSource]?

    package init(
        compose: PlannedCompose, tasks: [ImageTask], skipped: [SkippedBlock], diagnostics: [Diagnostic],
        sources: [PlanSource]? = nil
    ) {
        self.compose = compose
        self.tasks = tasks
        self.skipped = skipped
        self.diagnostics = diagnostics
        self.sources = sources
    }

    /// Whether the plan may be run: no diagnostic of severity error.
    package var isRunnable: Bool { !diagnostics.contains { $0.severity == .error } }
}

/// The compose that a plan was made for.
package struct PlannedCompose: Sendable, Hashable {
    package var id: String
    /// `YYYYMMDD`
    package var date: String
    package var type: String
    package var respin: Int
    package var label: String?
    package var releaseShort: String
    package var releaseVersion: String

    package init(
        id: String, date: String, type: String, respin: Int, label: String?, releaseShort: String,
        releaseVersion: String
    ) {
        self.id = id
        self.date = date
        self.type = type
        self.respin = respin
        self.label = label
        self.releaseShort = releaseShort
        self.releaseVersion = releaseVersion
    }
}

/// A block that makes no task for a variant.
package struct SkippedBlock: Sendable, Hashable {
    package var variant: String
    /// The block's image name.
    package var block: String
    package var reason: String

    package init(variant: String, block: String, reason: String) {
        self.variant = variant
        self.block = block
        self.reason = reason
    }
}
