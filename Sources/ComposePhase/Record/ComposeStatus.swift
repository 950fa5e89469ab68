/// The word in a compose's STATUS file, as Pungi writes it.
package enum ComposeStatus: String, Sendable {
    case started = "STARTED"
    case finished = "FINISHED"
    /// Some deliverable that may fail did.
    case finishedIncomplete = "FINISHED_INCOMPLETE"
    case doomed = "DOOMED"
    /// Ended by a signal, or by `cancel`.
    case terminated = "TERMINATED"

    package init(_ outcome: ScheduleOutcome) {
        switch outcome.stopReason {
        case .signal, .cancelRequested: self = .terminated
        // It goes on with `resume`.
        case .leaving: self = .started
        case .some: self = .doomed
        case nil where !outcome.failedRequired.isEmpty || !outcome.unfinished.isEmpty: self = .doomed
        case nil: self = outcome.isComplete ? .finished : .finishedIncomplete
        }
    }
}
