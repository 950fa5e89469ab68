import ComposePhase
import Glibc

/// The scripts of `--notification-script`: whoever posts goes on at once, the scripts run one after another, one
/// notification at a time, in the order of the posts.
///
/// Nothing that a script does or fails to do comes back to the run: trouble is a warning, once for each kind.
actor NotificationScripts: ScheduleObserver {
    private let commands: [String]
    private let timeout: Double
    private let place: Place
    private let isRehearsal: Bool
    private let trace: TraceContext?
    private let warn: @Sendable (String) -> Void
    private let searchPath: String

    /// In the order of the posts; short, so that a list does.
    private var waiting: [Notification] = []
    private let mostWaiting: Int
    private var worker: Task<Void, Never>?
    /// From here on what tells of single tasks is left out; set at the end of the run.
    private var patience: ContinuousClock.Instant?
    private var leftOut = 0
    private var isRehearsalTold = false
    private var troubles: [String: ScriptTroubles] = [:]

    /// What the scripts are told, and where they run.
    struct Place: Sendable {
        /// The keys of every notification; nil as long as there is no compose.
        var context: NotificationContext?
        /// What the events of the schedule mean.
        var schedule: ScheduleNotifications?
        /// Where scripts run; our own working directory where it is nil or not a directory.
        var directory: String?
        /// Where their output goes; nil leaves it out.
        var logs: String?

        /// Before there is a compose, for `fail-to-start`.
        static func beforeCompose(targetDirectory: String?) -> Place { Place(directory: targetDirectory) }

        static func compose(
            _ layout: ComposeLayout, _ context: NotificationContext, _ schedule: ScheduleNotifications
        ) -> Place {
            Place(
                context: context, schedule: schedule, directory: layout.top,
                logs: layout.path(ComposeLayout.notificationLogs))
        }
    }

    /// - Parameters:
    ///   - commands: the programs, each a path or a name in PATH, in the order in which they are called.
    ///   - timeout: seconds until a script is ended; each script has as much again at the end of the run to catch up.
    ///   - isRehearsal: no script is called.
    ///   - trace: where the run is in its trace, for the scripts' `TRACEPARENT`; nil leaves them ours.
    ///   - mostWaiting: notifications that may wait for the scripts.
    ///   - warn: gets each trouble as one sentence.
    init(
        commands: [String], timeout: Double = 60, place: Place, isRehearsal: Bool, trace: TraceContext? = nil,
        mostWaiting: Int = 1000,
        warn: @escaping @Sendable (String) -> Void
    ) {
        // A relative path is of the directory that we were started in, not of the one that scripts run in.
        self.commands = commands.map { $0.contains("/") ? Paths.absolute($0) : $0 }
        self.timeout = timeout
        self.place = place
        self.isRehearsal = isRehearsal
        self.trace = trace
        self.mostWaiting = mostWaiting
        self.warn = warn
        // A shell's, where there is none.
        searchPath = Console.environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    }

    // MARK: Posting

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        for notification in place.schedule?.notifications(for: event, state) ?? [] { post(notification) }
    }

    /// Tells of a new STATUS, where it is ours to tell.
    func post(status: ComposeStatus) {
        if let notification = place.context?.statusChange(status) { post(notification) }
    }

    /// Has the scripts told, and does not wait for it.
    func post(_ notification: Notification) {
        guard !commands.isEmpty else { return }
        guard !isRehearsal else {
            if !isRehearsalTold {
                warn("a rehearsal calls no notification scripts; a real run would have called \(commands.count)")
            }
            isRehearsalTold = true
            return
        }
        waiting.append(notification)
        makeRoom()
        if worker == nil { worker = Task { await work() } }
    }

    private func makeRoom() {
        // Phases and statuses are few and stay.
        guard waiting.count > mostWaiting, let oldest = waiting.firstIndex(where: \.isPerTask) else { return }
        waiting.remove(at: oldest)
        leaveOut()
    }

    private func leaveOut() {
        if leftOut == 0 {
            warn("the notification scripts are too slow: notifications about single tasks are left out from here on")
        }
        leftOut += 1
    }

    // MARK: Calling

    private func work() async {
        while !waiting.isEmpty {
            let notification = waiting.removeFirst()
            if notification.isPerTask, let patience, ContinuousClock.now > patience {
                leaveOut()
                continue
            }
            let input = NotificationContext.input(for: notification, in: place.context)
            for command in commands { await call(command, notification.event, input) }
        }
        worker = nil
    }

    private func call(_ command: String, _ event: String, _ input: [UInt8]) async {
        let log = ScriptLog(directory: place.logs, time: time(nil), command: command, event: event)
        let ending: ScriptCall.Ending
        do throws(ScriptFile.Failure) {
            let call = ScriptCall(
                program: try ScriptFile.find(command, searchPath: searchPath), event: event, input: input,
                directory: place.directory.flatMap { ScriptFile.isDirectory($0) ? $0 : nil }, trace: trace,
                timeout: timeout)
            ending = await call.run(log)
        } catch {
            ending = .notStarted(error.description)
        }
        for trouble in ScriptTrouble.all(ending, log, timeout: timeout) {
            log.remark(trouble.remark)
            if troubles[command, default: ScriptTroubles()].isNew(trouble.kind) {
                warn("notification script \(command) \(trouble.sentence(event: event, log: log.path))")
            }
        }
    }

    // MARK: The end

    /// Waits for the scripts to catch up, but not for ever, and says what was left out.
    ///
    /// What tells of single tasks has one timeout for each script; phases and statuses are told even then. Nothing may be
    /// posted any more.
    func finish() async {
        let perNotification = Double(commands.count) * timeout
        patience = .now + .seconds(perNotification)
        if let worker {
            let kept = waiting.count { !$0.isPerTask }
            // A process that the kernel itself cannot end (a hanging file server) must not hold the run's end.
            let limit = Double(2 + kept) * (perNotification + 5 * Double(commands.count))
            if await !FirstOf.ends(worker, within: limit) {
                warn("a notification script cannot be ended; the run ends without it")
            }
        }
        for (command, troubles) in troubles.sorted(by: { $0.key < $1.key }) where troubles.untold > 0 {
            warn("notification script \(command) had the trouble told above \(counted(troubles.untold, "more time"))")
        }
        if leftOut > 0 {
            warn("\(counted(leftOut, "notification")) about single tasks were left out: the scripts were too slow")
        }
        troubles = [:]
        leftOut = 0
    }
}
