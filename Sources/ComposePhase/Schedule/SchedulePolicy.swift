/// What a schedule holds to.
package struct SchedulePolicy: Sendable, Hashable {
    package var limits = ScheduleLimits()
    package var retry = RetryRules()
    /// Whether the other images are built to the end although a required one failed.
    package var keepsGoing = false
    /// Seconds for the whole run.
    package var deadline: Double?
    /// Seconds on the hub for one task, from its submit.
    package var taskDeadline: Double?
    /// Whether SIGTERM leaves tasks running for a later resume.
    package var leavesOnTerm = false
    package var images: [ImageRule] = []

    package init() {}

    package func settings(of id: ImageTaskID) -> (deadline: Double?, priority: Int, attempts: Int) {
        (taskDeadline, 0, retry.attempts)
    }
}

package struct ScheduleLimits: Sendable, Hashable {
    package var tasks: Int = .max
    package var perArch: [String: Int] = [:]
    package var perTarget: [String: Int] = [:]
    package var perHub: [String: Int] = [:]
    package var submitsPerMinute: Int?
    package var collecting = 4

    package init() {}

    package func on(server: String, profile: String?) -> ScheduleLimits { self }
}

package struct RetryRules: Sendable, Hashable {
    package var attempts = 3
    package var firstWait = 60.0
    package var longestWait = 900.0

    package init() {}

    package func wait(before attempt: Int, chance: Double) -> Double {
        var wait = firstWait
        for _ in 2..<max(3, attempt + 1) where attempt > 2 { wait = min(longestWait, wait * 2) }
        return min(longestWait, wait) * (0.5 + chance / 2)
    }
}

package struct ImageRule: Sendable, Hashable {
    package var match: String
    package var deadline: Double?
    package var priority: Int?
    package var attempts: Int?
}
