import ComposePhase
import PungiConfig

/// All that looks on while a run goes: the table or lines for a person, the notification scripts.
struct RunDisplay {
    let observers: [any ScheduleObserver]
    private let scripts: NotificationScripts
    private let title: String
    private let isTable: Bool
    private let place: String

    init(_ run: ComposeRun, _ record: RunRecord, _ conduct: RunConduct) {
        title = (run.isRehearsal ? "REHEARSAL (nothing is built): " : "") + run.compose.id
        place = "\(run.layout.top), hub \(record.hub)"
        isTable = Console.isTerminal
        scripts = NotificationScripts(
            commands: conduct.scripts, timeout: conduct.scriptTimeout,
            place: .compose(
                run.layout,
                NotificationContext(
                    settings: run.settings, compose: run.compose, layout: run.layout, isOurs: run.isOurs),
                ScheduleNotifications(tasks: run.plan.tasks, layout: run.layout, weburl: record.weburl)),
            isRehearsal: run.isRehearsal, warn: { Console.warning($0) })
        let view: any ScheduleObserver =
            isTable
            ? ProgressTable(title: title, colours: Console.hasColour) : ProgressLines(weburl: record.weburl)
        observers = [view, scripts]
    }

    func begin() async {
        if !isTable { Console.line("\(title) in \(place)") }
        await scripts.post(status: .started)
        await scripts.post(.phaseStart)
    }

    func end(_ status: ComposeStatus) async {
        await scripts.post(.phaseStop)
        if status != .started { await scripts.post(status: status) }
        await scripts.finish()
    }
}
