package import Koji

/// Makes tasks fail.
package struct FailureRule: Sendable, Hashable {
    /// Which task of a tree fails.
    package enum Stage: String, Sendable, Hashable, CaseIterable {
        /// The parent, before it has children.
        case parent
        /// An arch child, at its end.
        case arch
        /// Tagging of a finished build.
        case tag
        /// An arch child loses its builder instead of ending: it goes back to FREE and starts over. No task fails.
        case host
    }

    package var stage: Stage
    /// The image's name; `*` stands for any text.
    package var name: String
    /// Only this arch; nil means any. Arch tasks only.
    package var arch: String?
    /// What the task fails with.
    package var fault: XMLRPCFault
    /// How many tasks the rule makes fail; nil means all.
    package var times: Int?
    /// What the logs of the failed task end with; nil leaves the words of the fault.
    package var cause: RehearsedCause?

    package init(
        stage: Stage = .arch, name: String = "*", arch: String? = nil,
        fault: XMLRPCFault = .generic("`image-builder` failed"), times: Int? = nil
    ) {
        self.stage = stage
        self.name = name
        self.arch = arch
        self.fault = fault
        self.times = times
    }

    /// A failure of a known cause: stage and fault are the cause's.
    package init(name: String = "*", arch: String? = nil, cause: RehearsedCause, times: Int? = nil) {
        self.init(stage: cause.stage, name: name, arch: arch, fault: cause.fault, times: times)
        self.cause = cause
    }

    /// Whether the rule is about this task.
    func concerns(_ stage: Stage, name: String, arch: String?) -> Bool {
        self.stage == stage && (self.arch == nil || self.arch == arch) && Self.matches(name, pattern: self.name)
    }

    /// Shell-like matching with `*` only: the pieces between the stars must follow each other.
    private static func matches(_ text: String, pattern: String) -> Bool {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return text == pattern }
        guard text.hasPrefix(first), text.count >= first.count + last.count else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return text.hasSuffix(last)
    }
}
