package import ProductMD

/// Something that a notification script is told: the name that it gets as its argument, and the event's own part of the
/// JSON object on its standard input.
///
/// The protocol is Pungi's (`--notification-script`); docs/notifications.md lists every event and key.
package struct Notification: Sendable, Hashable {
    /// `phase-start`, `imagebuilder-imagedone`, ...
    package let event: String
    /// What this event says beside the keys of ``NotificationContext``.
    package let data: [String: JSONValue]
    /// Whether the run can be followed without it. What tells of one task may be left out when scripts are too slow;
    /// phases and statuses never are.
    package let isPerTask: Bool

    package init(_ event: String, _ data: [String: JSONValue], isPerTask: Bool = false) {
        self.event = event
        self.data = data
        self.isPerTask = isPerTask
    }

    /// Pungi's `phase-start`; the phase's name is Pungi's.
    package static let phaseStart = Notification("phase-start", ["phase_name": "imagebuilder"])

    /// Ours: what the plan changes since the last compose of the same release and type.
    ///
    /// - Parameter text: the comparison for a person.
    package static func planCompared(
        _ comparison: PlanComparison, last: LastCompose, text: String
    ) -> Notification {
        func list(_ ids: [ImageTaskID]) -> JSONValue { .array(ids.prefix(mostTasks).map { .string($0.text) }) }
        return Notification(
            "imagebuilder-plancompared",
            [
                "last_compose_id": .string(last.id),
                "last_compose_path": .string(last.directory),
                "same": .bool(comparison.isSame),
                "added": list(comparison.added.map(\.id)),
                "gone": list(comparison.gone.map(\.id)),
                "changed": list(comparison.changed.map(\.id)),
                "unchanged": .int(comparison.unchanged),
                "text": .string(brief(text)),
            ])
    }

    /// How many images each list of `imagebuilder-plancompared` names.
    static let mostTasks = 1000

    /// Pungi's `phase-stop`, however the phase ended.
    package static let phaseStop = Notification("phase-stop", ["phase_name": "imagebuilder"])

    /// Pungi's `fail-to-start`: there is no compose, and will be none.
    ///
    /// - Parameters:
    ///   - command: the command line, program first.
    ///   - targetDirectory: `--target-dir`, absolute, where it was given.
    ///   - config: the config's path as it was given.
    ///   - detail: what is wrong, in a sentence.
    ///   - errors: the single complaints about the configuration; the key is there only if there are any.
    package static func failToStart(
        command: [String], targetDirectory: String?, config: String?, detail: String, errors: [String] = []
    ) -> Notification {
        var data: [String: JSONValue] = [
            "command": .array(command.map { .string($0) }),
            "target_dir": targetDirectory.map { .string($0) } ?? .null,
            "config": config.map { .string($0) } ?? .null,
            "detail": .string(brief(detail)),
        ]
        if !errors.isEmpty { data["errors"] = .array(errors.prefix(mostErrors).map { .string(brief($0)) }) }
        return Notification("fail-to-start", data)
    }

    /// How many errors `fail-to-start` lists.
    static let mostErrors = 100

    /// A message that fits into a notification: a builder's log can be megabytes, what a script posts to a channel is not.
    static func brief(_ text: String) -> String {
        let longest = 4000
        let cut = text.unicodeScalars.prefix(longest)
        return cut.endIndex == text.unicodeScalars.endIndex ? text : String(cut) + "…"
    }
}
