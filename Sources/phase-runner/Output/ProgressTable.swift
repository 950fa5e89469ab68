import ComposePhase
import Koji

/// Progress on a terminal: the run as a table that is drawn over itself, upon events and once a second.
actor ProgressTable: ScheduleObserver {
    private let screen: LiveScreen
    private let title: String
    private let colours: Bool
    private let estimates: Estimates
    private let clock: any ScheduleClock
    /// The same state as the schedule's: a copy of that one at each event would cost more than to follow it.
    private var state: ScheduleState?
    private var lastDrawn: Instant?
    /// Seconds until the next drawing may be: at least a quarter, and long enough to keep the table's cost low.
    private var pause = 0.25
    private var isWaiting = false
    private var ticker: Task<Void, Never>?
    private var isClosed = false

    /// The share of a core that the table may cost.
    private static let share = 0.05

    init(
        title: String, colours: Bool, estimates: Estimates = .none, clock: any ScheduleClock = SystemClock(),
        screen: LiveScreen = LiveScreen()
    ) {
        self.title = title
        self.colours = colours
        self.estimates = estimates
        self.clock = clock
        self.screen = screen
    }

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        guard !isClosed else { return }
        if self.state == nil {
            self.state = state
            Console.show(screen)
        } else {
            _ = self.state?.apply(event, at: instant)
        }
        for line in Self.messages(event, state, colours: colours) { screen.print(above: line) }
        if event == .ended {
            close()
        } else {
            drawSoon()
            startTicking()
        }
    }

    /// Draws a last time and leaves the table where it is.
    func close() {
        guard !isClosed else { return }
        if state != nil { draw() }
        isClosed = true
        ticker?.cancel()
        ticker = nil
        // The state of 10,000 images is not needed any more.
        state = nil
        Console.endScreen()
    }

    // MARK: When

    private func drawSoon() {
        let since = lastDrawn.map { clock.now() - $0 } ?? .infinity
        // A clock that was set back must not stop the table.
        if since >= pause || since < 0 { return draw() }
        guard !isWaiting else { return }
        isWaiting = true
        Task {
            try? await clock.sleep(seconds: pause - since)
            drawAfterWaiting()
        }
    }

    private func drawAfterWaiting() {
        isWaiting = false
        if !isClosed { draw() }
    }

    private func startTicking() {
        guard ticker == nil else { return }
        ticker = Task { [weak self, clock] in
            while !Task.isCancelled {
                do { try await clock.sleep(seconds: 1) } catch { return }
                await self?.tick()
            }
        }
    }

    private func tick() {
        guard !isClosed, let state, state.count > 0 else { return }
        drawSoon()
    }

    private func draw() {
        guard let state else { return }
        let began = clock.now()
        screen.draw { columns, rows in
            // An image takes one line at least.
            let view = ProgressView(state, at: began, estimates: estimates, limit: rows)
            return RunTable(columns: columns, rows: rows, colours: colours).lines(view, title: title, at: began)
        }
        let ended = clock.now()
        lastDrawn = ended
        pause = max(0.25, min(5, (ended - began) / Self.share))
    }

    // MARK: What stays above the table

    /// What went wrong stays on the screen.
    static func messages(_ event: ScheduleEvent, _ state: ScheduleState, colours: Bool) -> [String] {
        switch event {
        case .diagnosed(let id, let diagnosis):
            if case .waiting? = state[id]?.phase {
                return [message(id, "failed, to be tried again", .yellow, diagnosis.failure.description, colours)]
            }
            return [message(id, failed(id, state), .red, diagnosis.failure.description, colours)]
        case .refused(let id, let failure), .notCollected(let id, let failure):
            return [message(id, failed(id, state), .red, failure.description, colours)]
        case .lookUpFailed(let id, let reason): return [message(id, failed(id, state), .red, reason, colours)]
        case .collected(let id, _, let missing):
            return missing.sorted { $0.key < $1.key }.map {
                message(id, "without \($0.key) (may fail)", .yellow, $0.value.description, colours)
            }
        case .cancelAnswered(let id, let failure?): return [message(id, "not canceled", .red, failure, colours)]
        case .stopRequested(let reason): return ["stopping: \(TerminalText.safeLines(reason.sentence))"]
        case .resumed(let by): return ["taken up by \(TerminalText.safe(by))"]
        default: return []
        }
    }

    private static func failed(_ id: ImageTaskID, _ state: ScheduleState) -> String {
        state[id]?.task.canFail == true ? "FAILED (may fail)" : "FAILED"
    }

    private static func message(
        _ id: ImageTaskID, _ word: String, _ colour: Colour, _ text: String, _ colours: Bool
    ) -> String {
        "\(TerminalText.safe(id.text)): \(colour.paint(word, if: colours)): \(TerminalText.safeLines(text))"
    }
}
