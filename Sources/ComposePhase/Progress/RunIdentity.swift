package import ProductMD

/// Who runs what, where: the `run` line that every process writes into `events.jsonl` before its events.
package struct RunIdentity: Sendable, Hashable {
    /// The compose id.
    package var compose: String
    package var releaseShort: String?
    /// The hub's server URL.
    package var hub: String
    /// Where its pages for people are.
    package var weburl: String
    /// The Koji profile; nil for the built-in hub.
    package var profile: String?
    /// Who is logged in to the hub.
    package var user: String?
    package var host: String
    package var pid: Int
    /// The kernel's id of this boot: with it a process of before a reboot is known to be gone.
    package var bootID: String?
    /// The program's version.
    package var version: String
    package var isRehearsal: Bool
    /// What the schedule holds to: a reader needs it to tell why a task waits.
    package var policy: SchedulePolicy

    package init(
        compose: String, releaseShort: String? = nil, hub: String, weburl: String, profile: String? = nil,
        user: String? = nil, host: String, pid: Int, bootID: String? = nil, version: String, isRehearsal: Bool,
        policy: SchedulePolicy = SchedulePolicy()
    ) {
        self.compose = compose
        self.releaseShort = releaseShort
        self.hub = hub
        self.weburl = weburl
        self.profile = profile
        self.user = user
        self.host = host
        self.pid = pid
        self.bootID = bootID
        self.version = version
        self.isRehearsal = isRehearsal
        self.policy = policy
    }

    /// The line, without its end.
    package func json(at instant: Instant) -> JSONValue {
        [
            "event": "run", "time": .double(instant.seconds), "compose": .string(compose),
            "release_short": Self.optional(releaseShort), "hub": .string(hub), "weburl": .string(weburl),
            "profile": Self.optional(profile), "user": Self.optional(user), "host": .string(host), "pid": .int(pid),
            "boot_id": Self.optional(bootID), "version": .string(version), "rehearsal": .bool(isRehearsal),
            "limits": limits, "retry": retry,
        ]
    }

    private static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private var limits: JSONValue {
        let limits = policy.limits
        return [
            "tasks": limits.tasks == .max ? .null : .int(limits.tasks),
            "per_arch": .object(limits.perArch.mapValues { .int($0) }),
            "per_target": .object(limits.perTarget.mapValues { .int($0) }),
            "submits_per_minute": limits.submitsPerMinute.map { .int($0) } ?? .null,
            "collecting": .int(limits.collecting),
        ]
    }

    private var retry: JSONValue {
        [
            "attempts": .int(policy.retry.attempts), "first_wait": .double(policy.retry.firstWait),
            "longest_wait": .double(policy.retry.longestWait),
        ]
    }

    /// Reads a `run` line. Members that are missing get the value of a run without them: older programs wrote less.
    package init(reading line: JSONValue) {
        compose = line["compose"]?.string ?? ""
        releaseShort = line["release_short"]?.string
        hub = line["hub"]?.string ?? ""
        weburl = line["weburl"]?.string ?? ""
        profile = line["profile"]?.string
        user = line["user"]?.string
        host = line["host"]?.string ?? ""
        pid = line["pid"]?.int ?? 0
        bootID = line["boot_id"]?.string
        version = line["version"]?.string ?? ""
        isRehearsal = line["rehearsal"]?.bool ?? false
        policy = SchedulePolicy()
        if let limits = line["limits"] {
            policy.limits.tasks = limits["tasks"]?.int ?? .max
            policy.limits.perArch = limits["per_arch"]?.object?.compactMapValues(\.int) ?? [:]
            policy.limits.perTarget = limits["per_target"]?.object?.compactMapValues(\.int) ?? [:]
            policy.limits.submitsPerMinute = limits["submits_per_minute"]?.int
            policy.limits.collecting = limits["collecting"]?.int ?? policy.limits.collecting
        }
        if let retry = line["retry"] {
            policy.retry.attempts = retry["attempts"]?.int ?? policy.retry.attempts
            policy.retry.firstWait = retry["first_wait"]?.double ?? policy.retry.firstWait
            policy.retry.longestWait = retry["longest_wait"]?.double ?? policy.retry.longestWait
        }
    }
}
