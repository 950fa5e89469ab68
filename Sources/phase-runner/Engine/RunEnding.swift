import ComposePhase

/// The exit status of a run.
enum RunEnding {
    /// Nil for 0.
    static func exitStatus(of outcome: ScheduleOutcome, failOnIncomplete: Bool) -> ExitStatus? {
        switch outcome.stopReason {
        case .signal(let number): return ExitStatus(signal: number)
        case .leaving: return .terminated
        case .cancelRequested: return .cancelled
        case .hubUnusable: return .hubUnusable
        case .composeUnusable, .deadline: return .composeUnusable
        case .requiredImageFailed: return .phaseFailed
        case nil: break
        }
        if !outcome.failedRequired.isEmpty || !outcome.unfinished.isEmpty { return .phaseFailed }
        return !outcome.isComplete && failOnIncomplete ? .incomplete : nil
    }
}
