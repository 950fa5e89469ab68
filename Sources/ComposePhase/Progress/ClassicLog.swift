import Glibc

/// The lines that Pungi's own phase would write into `logs/global/pungi.global.log`: people and scripts look for
/// `[BEGIN]`, `[DONE ]`, `[SKIP ]` and `[FAIL]` there. The file is only ever added to: Pungi writes it too.
package actor ClassicLog: ScheduleObserver {
    private let layout: ComposeLayout
    private let name: String
    private let stamp: @Sendable (Double) -> String
    private var file: Int32 = -1
    private var lines: ClassicLines
    /// The first thing that went wrong; logs do not stop a run.
    package private(set) var trouble: String?

    /// - Parameters:
    ///   - name: the phase's name as Pungi has it, e.g. `imagebuilder`.
    ///   - remarks: what is known of the run before it begins, a line each.
    ///   - stamp: prints seconds since 1970 as `YYYY-MM-DD HH:MM:SS` of local time.
    package init(
        layout: ComposeLayout, tasks: [ImageTask], name: String = "imagebuilder", remarks: [String] = [],
        stamp: @escaping @Sendable (Double) -> String
    ) {
        self.layout = layout
        self.name = name.uppercased()
        self.stamp = stamp
        lines = ClassicLines(layout: layout, tasks: tasks, name: name, remarks: remarks)
    }

    deinit { if file >= 0 { close(file) } }

    package func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let lines = lines.take(state, by: event, at: instant)
        guard !lines.isEmpty else { return }
        do {
            try write(
                lines.map { line in
                    "\(stamp(instant.seconds)) [\(padded(name, 16))] [\(padded(line.level.rawValue, 8))] \(line.text)\n"
                }.joined())
        } catch {
            if trouble == nil { trouble = error.description }
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    // MARK: The file

    private func write(_ text: String) throws(AtomicFile.Failure) {
        let path = layout.path(ComposeLayout.pungiLog)
        if file < 0 {
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.globalLogs))
            file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw AtomicFile.Failure(path: path, operation: "open", code: errno) }
        }
        try AtomicFile.append(Array(text.utf8), to: file, path: path)
    }
}
