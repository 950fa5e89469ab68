import ComposePhase

/// How a run is shown while it goes: a table on a terminal, lines elsewhere.
struct RunDisplay {
    let observers: [any ScheduleObserver]
    private let title: String
    private let isTable: Bool
    private let place: String

    init(_ run: ComposeRun, _ record: RunRecord, _ conduct: RunConduct) {
        title = (run.isRehearsal ? "REHEARSAL (nothing is built): " : "") + run.compose.id
        place = "\(run.layout.top), hub \(record.hub)"
        isTable = Console.isTerminal
        observers =
            isTable
            ? [ProgressTable(title: title, colours: Console.hasColour)] : [ProgressLines(weburl: record.weburl)]
    }

    func begin() async {
        if !isTable { Console.line("\(title) in \(place)") }
    }

    func end(_ status: ComposeStatus) async {}
}
