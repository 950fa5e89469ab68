package import ProductMD

extension SchedulePolicy {
    /// A document is no policy: where in it and why.
    package struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The policy as the journal keeps it. No limit is `null`.
    package var json: JSONValue {
        .object([
            "limits": .object([
                "tasks": limits.tasks == .max ? .null : .int(limits.tasks), "per_arch": Self.counts(limits.perArch),
                "per_target": Self.counts(limits.perTarget), "per_hub": Self.counts(limits.perHub),
                "submits_per_minute": limits.submitsPerMinute.map(JSONValue.int) ?? .null,
                "collecting": .int(limits.collecting),
            ]),
            "retry": .object([
                "attempts": .int(retry.attempts), "first_wait": .double(retry.firstWait),
                "longest_wait": .double(retry.longestWait),
            ]),
            "keeps_going": .bool(keepsGoing),
            "deadline": deadline.map(JSONValue.double) ?? .null,
            "task_deadline": taskDeadline.map(JSONValue.double) ?? .null,
            "leaves_on_term": .bool(leavesOnTerm),
            "images": .array(
                images.map { rule in
                    .object([
                        "match": .string(rule.match), "deadline": rule.deadline.map(JSONValue.double) ?? .null,
                        "priority": rule.priority.map(JSONValue.int) ?? .null,
                        "attempts": rule.attempts.map(JSONValue.int) ?? .null,
                    ])
                }),
        ])
    }

    private static func counts(_ counts: [String: Int]) -> JSONValue { .object(counts.mapValues(JSONValue.int)) }

    /// The policy of a document that ``json`` made.
    ///
    /// Strict: each member must be there, of its type and within its bounds, and no other. A policy that is only half
    /// understood must not steer a run.
    package init(json: JSONValue) throws(Unreadable) {
        let policy = try PolicyMembers(
            json, path: "policy",
            names: ["limits", "retry", "keeps_going", "deadline", "task_deadline", "leaves_on_term", "images"])
        let limits = try PolicyMembers(
            policy["limits"], path: "policy.limits",
            names: ["tasks", "per_arch", "per_target", "per_hub", "submits_per_minute", "collecting"])
        self.limits.tasks = try limits.optionalCount("tasks") ?? .max
        self.limits.perArch = try limits.counts("per_arch")
        self.limits.perTarget = try limits.counts("per_target")
        self.limits.perHub = try limits.counts("per_hub")
        self.limits.submitsPerMinute = try limits.optionalCount("submits_per_minute")
        self.limits.collecting = try limits.count("collecting")
        let retry = try PolicyMembers(
            policy["retry"], path: "policy.retry", names: ["attempts", "first_wait", "longest_wait"])
        self.retry.attempts = try retry.count("attempts")
        self.retry.firstWait = try retry.seconds("first_wait")
        self.retry.longestWait = try retry.seconds("longest_wait")
        keepsGoing = try policy.flag("keeps_going")
        deadline = try policy.optionalSeconds("deadline")
        taskDeadline = try policy.optionalSeconds("task_deadline")
        leavesOnTerm = try policy.flag("leaves_on_term")
        guard let rules = policy["images"].array else { throw policy.mismatch("images", "a list") }
        for (index, rule) in rules.enumerated() {
            let rule = try PolicyMembers(
                rule, path: "policy.images[\(index)]", names: ["match", "deadline", "priority", "attempts"])
            guard let match = rule["match"].string else { throw rule.mismatch("match", "a string") }
            images.append(
                ImageRule(
                    match: match, deadline: try rule.optionalSeconds("deadline"),
                    priority: try rule.optionalInt("priority"), attempts: try rule.optionalCount("attempts")))
        }
    }
}

/// The members of one object of a stored policy: all that are named, and no other.
private struct PolicyMembers {
    typealias Unreadable = SchedulePolicy.Unreadable

    let path: String
    private let members: [String: JSONValue]

    init(_ value: JSONValue, path: String, names: Set<String>) throws(Unreadable) {
        guard let members = value.object else { throw Unreadable(description: "\(path) is not an object") }
        let present = Set(members.keys)
        guard present == names else {
            let missing = names.subtracting(present).sorted().map { "\($0) is missing" }
            let unknown = present.subtracting(names).sorted().map { "\(SettingsFindings.shown($0)) is unknown" }
            throw Unreadable(description: "\(path): \((missing + unknown).joined(separator: ", "))")
        }
        self.path = path
        self.members = members
    }

    /// A member that was named; there are no others.
    subscript(name: String) -> JSONValue { members[name] ?? .null }

    func mismatch(_ name: String, _ expected: String) -> Unreadable {
        Unreadable(description: "\(path).\(name) is not \(expected)")
    }

    func count(_ name: String) throws(Unreadable) -> Int {
        guard let number = self[name].int, number > 0 else { throw mismatch(name, "a whole number of 1 or more") }
        return number
    }

    func optionalCount(_ name: String) throws(Unreadable) -> Int? {
        self[name] == .null ? nil : try count(name)
    }

    func optionalInt(_ name: String) throws(Unreadable) -> Int? {
        if self[name] == .null { return nil }
        guard let number = self[name].int else { throw mismatch(name, "a whole number") }
        return number
    }

    func counts(_ name: String) throws(Unreadable) -> [String: Int] {
        guard let values = self[name].object else { throw mismatch(name, "an object") }
        var counts: [String: Int] = [:]
        for (key, value) in values {
            guard let number = value.int, number > 0 else { throw mismatch(name, "an object of numbers of 1 or more") }
            counts[key] = number
        }
        return counts
    }

    func seconds(_ name: String) throws(Unreadable) -> Double {
        guard let number = self[name].double, number.isFinite, number >= 0 else {
            throw mismatch(name, "a number of seconds")
        }
        return number
    }

    func optionalSeconds(_ name: String) throws(Unreadable) -> Double? {
        self[name] == .null ? nil : try seconds(name)
    }

    func flag(_ name: String) throws(Unreadable) -> Bool {
        guard let flag = self[name].bool else { throw mismatch(name, "true or false") }
        return flag
    }
}
