import ComposePhase
import Glibc
import PungiConfig

/// All that looks on while a run goes: the table or lines for a person, Pungi's log, the notification scripts.
struct RunDisplay {
    let observers: [any ScheduleObserver]
    private let scripts: NotificationScripts
    private let classicLog: ClassicLog?
    private let table: ProgressTable?
    private let heading: String
    private let sinceLast: SinceLast.Told?

    init(_ run: ComposeRun, _ record: RunRecord, _ conduct: RunConduct, trace: RunTrace? = nil) {
        let title = (run.isRehearsal ? "REHEARSAL (nothing is built): " : "") + run.compose.id
        heading = "\(title) in \(run.layout.top), hub \(record.hub)"
        sinceLast = conduct.sinceLast
        scripts = NotificationScripts(
            commands: conduct.scripts, timeout: conduct.scriptTimeout,
            place: .compose(
                run.layout,
                NotificationContext(
                    settings: run.settings, compose: run.compose, layout: run.layout, isOurs: run.isOurs),
                ScheduleNotifications(tasks: run.plan.tasks, layout: run.layout, weburl: record.weburl)),
            isRehearsal: run.isRehearsal, trace: trace?.tracer.context, warn: { Console.warning($0) })
        classicLog =
            conduct.writesClassicLog
            ? ClassicLog(
                layout: run.layout, tasks: run.plan.tasks,
                remarks: conduct.sinceLast?.lines ?? [],
                stamp: { LocalTime.stamp($0) }) : nil
        if Console.isTerminal, !Console.isForPungi {
            table = ProgressTable(
                title: title, colours: Console.hasColour, estimates: Self.estimates(run, conduct))
        } else {
            table = nil
        }
        let lines: any ScheduleObserver =
            Console.isForPungi
            ? PungiLines(
                ClassicLines(layout: run.layout, tasks: run.plan.tasks, isWholePhase: false), weburl: record.weburl)
            : ProgressLines(weburl: record.weburl)
        let view: any ScheduleObserver = table ?? lines
        let log: [any ScheduleObserver] = classicLog.map { [$0] } ?? []
        observers = log + [view] + (conduct.scripts.isEmpty ? [] : [scripts])
    }

    /// From what the user named, else from the composes beside this one.
    private static func estimates(_ run: ComposeRun, _ conduct: RunConduct) -> Estimates {
        guard !conduct.history.isEmpty else {
            return History.beside(
                compose: run.layout.top, releaseShort: run.compose.releaseShort, isRehearsal: run.isRehearsal
            ).estimates
        }
        do {
            return try History.load(paths: conduct.history, isRehearsal: nil).estimates
        } catch {
            Console.warning("no estimates: \(error)")
            return .none
        }
    }

    func begin() async {
        if table == nil { Console.line(heading) }
        await scripts.post(status: .started)
        await scripts.post(.phaseStart)
        if let compared = sinceLast?.notification { await scripts.post(compared) }
    }

    func end(_ status: ComposeStatus) async {
        await table?.close()
        if let trouble = await classicLog?.trouble { Console.warning("Pungi's log is incomplete: \(trouble)") }
        await scripts.post(.phaseStop)
        if status != .started { await scripts.post(status: status) }
        await scripts.finish()
    }
}

extension RunIdentity {
    /// This process, working on a run.
    init(_ run: ComposeRun, _ record: RunRecord, policy: SchedulePolicy) {
        self.init(
            compose: run.compose.id, releaseShort: run.compose.releaseShort, hub: record.hub, weburl: record.weburl,
            profile: record.profile, user: record.user, host: HostIdentity.name, pid: Int(getpid()),
            bootID: HostIdentity.bootID, version: PhaseRunner.version, isRehearsal: run.isRehearsal, policy: policy)
    }
}
