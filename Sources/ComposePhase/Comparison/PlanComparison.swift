package import ProductMD
package import PungiConfig

/// What would be built otherwise by one plan than by another.
package struct PlanComparison: Sendable, Hashable {
    package var old: PlannedCompose
    package var new: PlannedCompose
    /// Release and type of the compose. Its date, respin and label are not compared.
    package var compose: [FieldChange]
    /// Tasks of the new plan only, in its order.
    package var added: [ImageTask]
    /// Tasks of the old plan only, in its order.
    package var gone: [ImageTask]
    /// Tasks of both that are not the same, in the order of the new plan.
    package var changed: [TaskChange]
    /// How many tasks are the same in both.
    package var unchanged: Int
    /// Repositories that some image of one plan uses and none of the other.
    package var repos: UseChange
    /// The same of ostree and bootc refs.
    package var refs: UseChange
    /// Blocks that make no task.
    package var skipped: Skipped
    /// Complaints of one plan only, notes left out.
    package var problems: Problems
    /// What was taken for the same on purpose.
    package var disregarded: Disregarded

    /// Whether both plans build the same. What is skipped or complained about builds nothing.
    package var isSame: Bool { compose.isEmpty && added.isEmpty && gone.isEmpty && changed.isEmpty }

    /// Blocks that are skipped in one plan only.
    package struct Skipped: Sendable, Hashable {
        package var added: [SkippedBlock] = []
        package var gone: [SkippedBlock] = []
    }

    /// Complaints about one plan only.
    package struct Problems: Sendable, Hashable {
        package var added: [Diagnostic] = []
        package var gone: [Diagnostic] = []
    }

    /// What a comparison does not look at.
    package struct Disregarded: Sendable, Hashable {
        /// The plans are of different composes: what comes of date, respin, type and label counts as the same.
        package var composes = false
        /// Where the compose lies: the path or URL before the compose's id.
        package var place = false
    }
}

/// A task that is in both plans, and not the same.
package struct TaskChange: Sendable, Hashable {
    /// The id in the new plan.
    package var id: ImageTaskID
    /// The id in the old plan; another one where name or type has changed.
    package var oldID: ImageTaskID
    /// Never empty.
    package var fields: [FieldChange]
}

/// One field that is not the same.
package struct FieldChange: Sendable, Hashable {
    /// `target`, `ostree.ref`, `blueprint.customizations.user[core].groups`
    package var path: String
    package var kind: Kind

    package enum Kind: Sendable, Hashable {
        /// Another value; nil where there is none.
        case value(old: JSONValue?, new: JSONValue?)
        /// A list that has other items.
        case items(gone: [JSONValue], added: [JSONValue])
        /// A list with the same items in another order.
        case order(old: [JSONValue], new: [JSONValue])
    }
}

/// Texts that came into use or went out of it.
package struct UseChange: Sendable, Hashable {
    package var added: [Use] = []
    package var gone: [Use] = []

    /// A text, and how many images use it.
    package struct Use: Sendable, Hashable {
        package var text: String
        package var images: Int
    }
}
