package import ProductMD
package import PungiConfig

/// Where everything about a task came from.
package struct TaskExplanation: Sendable {
    package let compose: PlannedCompose
    package let task: ImageTask
    /// The pattern of the section that matched the variant.
    package let pattern: ExplainedSource
    /// The block under the pattern, and how it got there.
    package let block: ExplainedSource
    /// In the order in which a person asks for them; those that were asked for.
    package let fields: [FieldExplanation]
    /// Names of fields that are set nowhere and were not asked for.
    package let unset: [String]
    /// What a builder of each arch runs; nil if it was not asked for.
    package let command: CommandExplanation?
}

/// Where one final value of a task came from.
package struct FieldExplanation: Sendable {
    /// As in a block: `target`, `arches`, ...
    package let name: String
    /// What the task says; nil for what is not sent.
    package let value: JSONValue?
    /// Every place that is looked at, in order, used or not.
    package let sources: [ExplainedSource]
    /// What else a person should know of the value.
    package var note: String?
}

/// A place that is looked at for a value.
package struct ExplainedSource: Sendable, Hashable {
    package enum Place: String, Sendable, Hashable {
        /// The `imagebuilder` block.
        case block
        /// `imagebuilder_KEY`, for the whole phase.
        case phase
        /// `global_KEY`, for all phases.
        case global
        /// The compose: version, release, label, date.
        case compose
        /// `variants.xml`
        case variant
        /// Another option of the config.
        case config
        /// What happens when nothing says otherwise.
        case standard = "default"
    }

    package enum State: String, Sendable, Hashable {
        case used
        case notSet = "not-set"
        /// Set, but another place comes first.
        case shadowed
        /// Never asked, since an earlier place gave the value.
        case notAsked = "not-asked"
    }

    package let place: Place
    package let state: State
    /// The option or the key, e.g. `imagebuilder_target`; empty where there is none.
    package let option: String
    /// One line for a person.
    package let text: String
    package var location: SourceLocation?
    /// The way of the value to this place: variables, imports, earlier values.
    package var steps: [ExplainedStep] = []
}

/// One step of the way of a value to the place where it is used.
package struct ExplainedStep: Sendable, Hashable {
    /// `variable`, `import`, `global`, `overridden`, `declared-global`, `key`, `more`
    package let kind: String
    package let text: String
    package let location: SourceLocation?
    /// How deep it stands below the value that it explains, from 0.
    package let depth: Int
}

extension ExplainedStep {
    /// Long values are told by their beginning.
    static let widest = 100

    init(_ step: TraceStep) {
        // A dict is told by its parts; here it would only be long.
        let expression = step.value?.dict.map { $0.isEmpty ? "{}" : "{...}" } ?? step.expression ?? "None"
        // What a variable stands for is told where that is not just what is written.
        let value = step.value.map { ConfigText.short($0, Self.widest) }
        let result = value.flatMap { $0 == expression || step.value?.isContainer ?? true ? nil : " = \($0)" } ?? ""
        let text: String =
            switch step.kind {
            case .variable(let name, _): "\(name) = \(expression)\(result)"
            case .imported(let taken): "brought by: \(taken.statement)"
            case .handedDown(let taken): "global: \(taken.path), imported here, sees it"
            case .overridden(let name): "overrides: \(name) = \(expression)\(result)"
            case .declaredGlobal(let name): "global \(name), which makes it None"
            case .more: "and more steps, which are not shown"
            }
        self.init(kind: step.word, text: text, location: step.location, depth: step.depth)
    }
}

extension ConfigValue {
    var isContainer: Bool { items != nil || dict != nil }
}
