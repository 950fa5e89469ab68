package import ComposePhase

/// What happens to a schedule.
package enum NightEvent: Sendable, Hashable {
    /// Time has gone on: the clock reached `nextWake`, or might have jumped.
    case tick
    /// The service started, and this state was made from what was kept.
    case tookUp
    /// Which other compose runs into the same target and release now, in words; nil: none.
    case occupied(by: String?)
    case paused
    case unpaused
    /// Somebody asks for a compose now.
    case asked
    /// The answer to ``NightAction/examine(due:)``; nil where nothing could be found out.
    case examined(due: Instant, Fingerprint?)
    /// The run of a start or a retry is there.
    case begun(due: Instant, run: Int)
    /// The compose of a night ended, or could not be begun.
    case ended(due: Instant, NightEnd)
}

/// What the service does for a schedule. The order matters: what is to be kept comes first, so that a service that dies
/// between two actions knows at its next start what it had decided.
package enum NightAction: Sendable, Hashable {
    /// Keep the night, over what was kept of the same due time.
    case record(NightRecord)
    case remember(ScheduleMemory)
    /// Find out what the night would be made from, and answer with ``NightEvent/examined(due:_:)``.
    case examine(due: Instant)
    /// Begin a compose of this date, at the first respin that is free, and answer `begun`. The same due time and try may
    /// come again after a restart: it is begun once.
    case start(due: Instant, date: String, attempt: Int)
    /// Take the run's compose up again by `resume --retry-failed`, and answer `begun`. May come again, too.
    case resume(due: Instant, run: Int, attempt: Int)
    /// Let the `latest-…` link point at the night's compose. May come again.
    case moveLink(due: Instant)
    /// Tell people, page and metrics.
    case raiseAlarm(ScheduleMemory.Alarm)
    /// Why it is over.
    case clearAlarm(String)
    /// Tell who asked that nothing is begun, and why.
    case refuse(String)
}
