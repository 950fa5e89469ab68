/// What a schedule holds to. By default nothing is held back that Pungi would not hold back.
package struct SchedulePolicy: Sendable, Hashable {
    package var limits = ScheduleLimits()
    package var retry = RetryRules()
    /// Whether the other images are built to the end although a required one failed.
    package var keepsGoing = false
    /// Seconds for the whole run; nil: as long as it takes.
    package var deadline: Double?
    /// Seconds on the hub for one task, from its submit; nil: as long as the hub lets it run.
    package var taskDeadline: Double?
    /// Whether SIGTERM leaves tasks running for a later resume, instead of cancelling them.
    package var leavesOnTerm = false
    /// What holds for some images only. Later rules win, key by key.
    package var images: [ImageRule] = []

    package init() {}

    /// What holds for one image: the general settings, and over them each rule that names it, the last one winning key
    /// by key.
    ///
    /// The deadline is in seconds from the submit. Of two waiting tasks the one with the GREATER priority is sent first;
    /// 0 is usual. It is the order of our own submits: the hub's plugin takes a priority and drops it.
    package func settings(of id: ImageTaskID) -> (deadline: Double?, priority: Int, attempts: Int) {
        var settings = (deadline: taskDeadline, priority: 0, attempts: retry.attempts)
        for rule in images where ShellPattern(rule.match).matches(id.text) {
            if let deadline = rule.deadline { settings.deadline = deadline }
            if let priority = rule.priority { settings.priority = priority }
            if let attempts = rule.attempts { settings.attempts = attempts }
        }
        return settings
    }
}

/// How much may be going on at once.
package struct ScheduleLimits: Sendable, Hashable {
    /// Tasks in flight, in all: from before the submit until the hub says that the task has ended.
    package var tasks: Int = .max
    /// Tasks in flight that build on an arch. A task counts for each of its arches.
    package var perArch: [String: Int] = [:]
    /// Tasks in flight of a build target.
    package var perTarget: [String: Int] = [:]
    /// Tasks in flight on a hub, by the URL of its server or by the name of the Koji profile.
    package var perHub: [String: Int] = [:]
    /// Submits in any 60 seconds; nil: as fast as the hub answers.
    package var submitsPerMinute: Int?
    /// Tasks whose results are brought in at the same time.
    package var collecting = 4

    package init() {}

    /// The limits that hold on one hub: what `perHub` says of it lowers `tasks`; other hubs are left out.
    ///
    /// - Parameters:
    ///   - server: the URL of the hub, as the Koji profile has it; a slash at its end makes no difference.
    ///   - profile: the name of the Koji profile, where there is one.
    package func on(server: String, profile: String?) -> ScheduleLimits {
        var limits = self
        for (name, most) in perHub where Self.hub(name) == Self.hub(server) || name == profile {
            limits.tasks = min(limits.tasks, most)
        }
        limits.perHub = [:]
        return limits
    }

    private static func hub(_ url: String) -> Substring { url.hasSuffix("/") ? url.dropLast() : url[...] }
}

/// How often a build is tried, and how long it waits in between. What is tried again at all is told from the cause.
package struct RetryRules: Sendable, Hashable {
    /// Tries in all, the first included; 1: never again.
    package var attempts = 3
    /// Seconds before the second try; each further wait is twice as long.
    package var firstWait = 60.0
    /// Seconds that no wait is longer than.
    package var longestWait = 900.0

    package init() {}

    /// Seconds before try number `attempt` (2, 3, …).
    ///
    /// - Parameter chance: 0...1, spreads the wait over its second half: tasks that failed together do not all come
    ///   back together.
    package func wait(before attempt: Int, chance: Double) -> Double {
        var whole = min(firstWait, longestWait)
        var reached = 2
        // Ends early: a number of tries without bound must not cost time.
        while reached < attempt, whole > 0, whole < longestWait {
            whole = min(whole * 2, longestWait)
            reached += 1
        }
        return whole * (0.5 + min(max(chance, 0), 1) / 2)
    }
}

/// What holds for the images that a pattern names.
package struct ImageRule: Sendable, Hashable {
    /// A shell-like pattern over the whole id `VARIANT/NAME/TYPE`, see ``ShellPattern``; `*` crosses `/`.
    package var match: String
    /// Seconds on the hub, from the submit.
    package var deadline: Double?
    /// Greater goes first.
    package var priority: Int?
    /// Tries in all.
    package var attempts: Int?

    package init(match: String, deadline: Double? = nil, priority: Int? = nil, attempts: Int? = nil) {
        self.match = match
        self.deadline = deadline
        self.priority = priority
        self.attempts = attempts
    }
}
