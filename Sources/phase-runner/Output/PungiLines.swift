import ComposePhase

/// What happens in a run, for the log of the Pungi that waits for it: Pungi's own words, and what else there is as DEBUG.
actor PungiLines: ScheduleObserver {
    private var lines: ClassicLines
    private let weburl: String

    init(_ lines: ClassicLines, weburl: String) {
        self.lines = lines
        self.weburl = weburl
    }

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        let said = lines.take(state, by: event, at: instant)
        // Words of hubs and builders are among it.
        for line in said { Console.say(line.level, TerminalText.safeLines(line.text)) }
        guard said.isEmpty || isMoreToSay(event) else { return }
        for text in ProgressLines.lines(for: event, state, weburl: weburl) {
            Console.say(.debug, TerminalText.safeLines(text))
        }
    }

    /// The number of a task alone does not lead to its page.
    private func isMoreToSay(_ event: ScheduleEvent) -> Bool {
        if case .submitted = event { true } else { false }
    }
}
