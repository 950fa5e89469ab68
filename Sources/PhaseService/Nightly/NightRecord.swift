package import ComposePhase

/// What became of one due time of a schedule. There is one for each.
package struct NightRecord: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// A compose was begun, once or more often.
        case started
        /// Nothing had changed.
        case skipped
        /// The service did not run, or the clock went over the due time.
        case missed
        /// Another compose ran.
        case collided
        /// The schedule was paused.
        case paused
    }

    /// A compose of the night.
    package struct Try: Sendable, Hashable {
        package var begun: Instant
        /// The run; nil until the service has started it.
        package var run: Int?
        /// The compose that it takes up again; nil where it is a new one.
        package var resumes: Int?
        package var ended: NightEnd?
        package var endTime: Instant?

        package init(begun: Instant, resumes: Int? = nil) {
            self.begun = begun
            self.resumes = resumes
        }
    }

    package var due: Instant
    /// Somebody asked for it: no due time of the calendar.
    package var isAsked = false
    package var outcome: Outcome
    /// Why, in words.
    package var reason: String?
    /// When the outcome was decided.
    package var decided: Instant
    package var tries: [Try] = []
    package var fingerprint: Fingerprint?

    package init(due: Instant, outcome: Outcome, reason: String?, decided: Instant) {
        self.due = due
        self.outcome = outcome
        self.reason = reason
        self.decided = decided
    }

    /// Whether a compose of the night is begun and not ended.
    package var isRunning: Bool { tries.last.map { $0.ended == nil } ?? false }
}

/// How a compose of a night ended.
package struct NightEnd: Sendable, Hashable {
    /// The word of its STATUS; nil where there is none: it never came so far.
    package var status: ComposeStatus?
    /// The compose's id, if it has one.
    package var compose: String?
    /// The classes of what made images fail.
    package var causes: Set<CauseClass>
    /// What a person reads.
    package var reason: String?
    /// Whether `resume --retry-failed` can take it up: its directory and its journal are there.
    package var canResume: Bool

    package init(
        status: ComposeStatus?, compose: String? = nil, causes: Set<CauseClass> = [], reason: String? = nil,
        canResume: Bool = false
    ) {
        self.status = status
        self.compose = compose
        self.causes = causes
        self.reason = reason
        self.canResume = canResume
    }
}

/// What is remembered of a schedule beside its nights.
package struct ScheduleMemory: Sendable, Hashable {
    package struct Alarm: Sendable, Hashable {
        package var since: Instant
        package var reason: String

        package init(since: Instant, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    /// When the service saw the schedule first: no night was due before.
    package var made: Instant
    /// Due times before are none of the schedule's: its calendar was another one then, or it was not there.
    package var countsFrom: Instant
    /// The calendar and time zone that nights were counted by.
    package var calendar: String?
    package var pausedSince: Instant?
    /// When it was last let go on.
    package var unpaused: Instant?
    /// When a night last ended well, or was left out because nothing had changed.
    package var lastWell: Instant?
    package var alarm: Alarm?

    package init(made: Instant) {
        self.made = made
        countsFrom = made
    }
}
