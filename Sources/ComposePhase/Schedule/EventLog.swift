import Glibc
import Koji
import ProductMD

/// What a run leaves in the compose's logs while it goes: `events.jsonl`, Pungi's empty file for each task id, and a
/// watch-task log for each task, in Pungi's place.
package actor EventLog: ScheduleObserver {
    private let layout: ComposeLayout
    private let weburl: String
    private let clock: @Sendable (Double) -> String
    private let numbers: [ImageTaskID: (task: ImageTask, number: Int)]
    private let events: Int32
    /// The first thing that went wrong; logs do not stop a run.
    package private(set) var trouble: String?

    /// - Parameter clock: prints seconds since 1970 as a time of day, for the watch logs.
    package init(
        layout: ComposeLayout, tasks: [ImageTask], weburl: String, clock: @escaping @Sendable (Double) -> String
    ) throws {
        self.layout = layout
        self.weburl = weburl
        self.clock = clock
        numbers = Dictionary(tasks.enumerated().map { ($1.id, ($1, $0 + 1)) }) { first, _ in first }
        let path = layout.path(ComposeLayout.events)
        try AtomicFile.makeDirectories(layout.path("logs/global/phase-runner"))
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.kojiTasks))
        events = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard events >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
    }

    deinit { close(events) }

    package func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        do {
            try AtomicFile.append(
                JSONWriter.line(EventRecord.json(JournalEntry(instant: instant, event: event))), to: events,
                path: ComposeLayout.events)
            switch event {
            case .submitted(let id, let hubTask):
                try AtomicFile.write([], to: layout.path("\(ComposeLayout.kojiTasks)/\(hubTask)"))
                try log(id, "Task URL: \(weburl)/taskinfo?taskID=\(hubTask)")
            case .observed(let observations):
                for seen in observations {
                    let host = seen.host.map { " (\($0))" } ?? ""
                    let arches = seen.arches.map { ", \($0.arch) \($0.state.name.lowercased())" }.joined()
                    try log(seen.task, "\(clock(instant.seconds)) \(seen.state.name.lowercased())\(host)\(arches)")
                }
            case .refused(let id, let failure), .notCollected(let id, let failure):
                try log(id, "\(clock(instant.seconds)) \(failure)")
            case .diagnosed(let id, let diagnosis): try log(id, "\(clock(instant.seconds)) \(diagnosis.failure)")
            case .collected(let id, let images, let missing):
                for image in images { try log(id, "\(clock(instant.seconds)) collected compose/\(image.path)") }
                for (arch, failure) in missing.sorted(by: { $0.key < $1.key }) {
                    try log(id, "\(clock(instant.seconds)) missing \(arch): \(failure)")
                }
            default: break
            }
        } catch {
            if trouble == nil { trouble = String(describing: error) }
        }
    }

    private func log(_ id: ImageTaskID, _ text: String) throws {
        guard let (task, number) = numbers[id] else { return }
        let place = ComposeLayout.watchLog(method: task.method, variant: task.variant, number: number)
        let path = layout.path(place)
        try AtomicFile.makeDirectories(layout.path("logs/global/\(task.method)"))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
        defer { close(descriptor) }
        try AtomicFile.append(Array((text + "\n").utf8), to: descriptor, path: path)
    }
}
