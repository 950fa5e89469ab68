package import ComposePhase

/// What a schedule holds to: when its nights are due, and what becomes of each.
package struct ScheduleRule: Sendable, Hashable {
    /// What a night does that cannot begin because another compose runs.
    package enum Collision: String, Sendable, Hashable, CaseIterable {
        /// It is left out.
        case skip
        /// It begins when the other has ended, as long as ``ScheduleRule/catchUp`` allows.
        case wait
    }

    /// When a whole night is tried again.
    package struct Retry: Sendable, Hashable {
        /// Tries after the first; 0: never.
        package var times: Int
        /// Seconds between the end of one try and the next.
        package var wait: Double
        /// The classes of causes that are worth it. A night with any other cause, or with none that is known, is not
        /// tried again.
        package var on: Set<CauseClass>

        package init(times: Int = 0, wait: Double = 1800, on: Set<CauseClass> = Self.transient) {
            self.times = times
            self.wait = wait
            self.on = on
        }

        /// Trouble that passes.
        package static let transient = Set(CauseClass.allCases.filter(\.isTransient))
    }

    package var name: String
    package var calendar: CalendarExpression
    /// Where ``calendar`` and the dates of composes are counted.
    package var zone: TimeZoneRules
    /// Whether a night is left out when nothing changed since the last one that ended well.
    package var skipsUnchanged = false
    /// Seconds after its due time within which a night still begins.
    package var catchUp = 6 * 3600.0
    package var onCollision = Collision.skip
    package var retry = Retry()
    /// Seconds without a night that ended well, after which that is an alarm; nil: never.
    package var alarmAfter: Double?
    /// Whether a paused schedule raises its alarm, too.
    package var alarmsWhilePaused = false
    /// Whether a night in which only failable images failed (FINISHED_INCOMPLETE) ended well.
    package var incompleteIsWell = true
    /// The statuses with which a compose gets the `latest-…` link; none: there is no link.
    package var linked: Set<ComposeStatus> = []

    package init(name: String, calendar: CalendarExpression, zone: TimeZoneRules) {
        self.name = name
        self.calendar = calendar
        self.zone = zone
    }

    /// Nobody counts a night as late within these seconds, whatever ``catchUp`` says: processes take time to wake up.
    static let punctual = 300.0

    /// The last moment at which a night may begin.
    func deadline(of due: Instant) -> Instant { due + max(catchUp, Self.punctual) }

    func isWell(_ status: ComposeStatus?) -> Bool {
        switch status {
        case .finished: true
        case .finishedIncomplete: incompleteIsWell
        default: false
        }
    }
}
