import Glibc
import Koji
import ProductMD

/// What a run leaves in the compose's logs while it goes: `events.jsonl` (docs/events.md), Pungi's empty file for each
/// task id, and a watch-task log for each image.
package actor EventLog: ScheduleObserver {
    private let layout: ComposeLayout
    private let events: Int32
    private var watchLogs: WatchTaskLogs
    /// The first thing that went wrong; logs do not stop a run.
    package private(set) var trouble: String?

    /// Opens the logs and writes the `run` line.
    ///
    /// - Parameters:
    ///   - tasks: the plan.
    ///   - journalled: what the journal has when a run is taken up; events that the file lacks are written now.
    ///   - clock: prints seconds since 1970 as a time of day, for the watch logs.
    package init(
        layout: ComposeLayout, tasks: [ImageTask], identity: RunIdentity, journalled: [JournalEntry] = [],
        at instant: Instant, clock: @escaping @Sendable (Double) -> String
    ) throws {
        self.layout = layout
        watchLogs = WatchTaskLogs(layout: layout, tasks: tasks, weburl: identity.weburl, clock: clock)
        let path = layout.path(ComposeLayout.events)
        try AtomicFile.makeDirectories(layout.path("logs/global/phase-runner"))
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.kojiTasks))
        let repair = try EventRepair(of: path, journalled: journalled)
        events = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard events >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
        do {
            try AtomicFile.append(repair.lines(at: instant), to: events, path: path)
            try AtomicFile.append(JSONWriter.line(identity.json(at: instant)), to: events, path: path)
            for entry in journalled { try Self.noteHubTasks(of: entry.event, in: layout) }
        } catch {
            close(events)
            throw error
        }
        watchLogs.take(ScheduleState(replaying: journalled, policy: identity.policy))
    }

    deinit { close(events) }

    package func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        guard event != .timePassed else { return }
        do {
            var line = EventRecord.json(JournalEntry(instant: instant, event: event))
            if event == .ended, case .object(var members) = line {
                members["status"] = .string(ComposeStatus(state.outcome).rawValue)
                line = .object(members)
            }
            try AtomicFile.append(JSONWriter.line(line), to: events, path: ComposeLayout.events)
            try Self.noteHubTasks(of: event, in: layout)
            try watchLogs.note(event, state, at: instant)
        } catch {
            if trouble == nil { trouble = String(describing: error) }
        }
    }

    /// Pungi's empty file for each task of the hub: what cancels a compose's tasks reads their names.
    private static func noteHubTasks(of event: ScheduleEvent, in layout: ComposeLayout) throws(AtomicFile.Failure) {
        let ids: [TaskID] =
            switch event {
            case .submitted(_, let hubTask), .adopted(_, let hubTask): [hubTask]
            // Of several, none is known to be ours.
            case .lookedUp(_, let found) where found.count == 1: found
            default: []
            }
        for id in ids {
            try KojiTaskFiles.note(id, in: layout)
        }
    }
}
