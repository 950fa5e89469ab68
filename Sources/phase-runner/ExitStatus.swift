/// The documented exit statuses.
enum ExitStatus: Int32 {
    case done = 0
    /// A required image failed, or could not be fetched or recorded.
    case phaseFailed = 1
    /// Usage error, or the configuration is invalid.
    case invalid = 2
    /// Finished incomplete, with --fail-on-incomplete.
    case incomplete = 3
    /// The hub cannot be used.
    case hubUnusable = 4
    /// The compose directory cannot be worked on, or the run's deadline has passed.
    case composeUnusable = 5
    /// Ended by `cancel`.
    case cancelled = 6
    case hangup = 129
    case interrupted = 130
    case terminated = 143

    /// 128 and the number of the signal.
    init(signal: Int32) { self = ExitStatus(rawValue: 128 + signal) ?? .terminated }
}

/// A verb's way to end with a status other than 0; `message` is what was not yet said.
struct VerbFailure: Error {
    let status: ExitStatus
    let message: String?

    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
