/// Why an image task, or one arch of it, did not make it.
package struct TaskFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// The hub answered the submit with a fault.
        case refused
        /// The task ended as FAILED on the hub.
        case failed
        /// Somebody canceled the task on the hub.
        case canceledOnHub
        /// The outcome of the submit cannot be told.
        case lost
        /// The results could not be fetched or did not match.
        case notCollected
        /// A builder had something else installed than the release is frozen to.
        case notFrozen
        /// An arch is missing from a task that ended well.
        case missingArch
        /// The image could not be recorded in the metadata.
        case notRecorded
        /// It was on the hub for longer than it may.
        case overdue
        /// The compose directory cannot be written any more: a full disk, a quota, a file system gone read-only.
        case composeUnusable
    }

    package var kind: Kind
    /// What happened, in a sentence; may be several lines.
    package var message: String
    /// A page or file where more is to be seen.
    package var url: String?
    /// What a rule made of the builder's words; nil where no builder worked.
    package var cause: FailureCause?

    package init(kind: Kind, message: String, url: String? = nil, cause: FailureCause? = nil) {
        self.kind = kind
        self.message = message
        self.url = url
        self.cause = cause
    }

    package var description: String { message + (url.map { " (\($0))" } ?? "") }
}
