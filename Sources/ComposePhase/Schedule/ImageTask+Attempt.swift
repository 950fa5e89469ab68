package import ProductMD

extension ImageTask {
    /// The parameters of one submit: fewer arches and another release where it asks for them.
    package func params(for attempt: Attempt) -> [JSONValue] {
        guard params.count == 6, case .object(var options) = params[5] else { return params }
        var params = params
        if attempt.arches != arches.map(\.arch) {
            params[1] = .array(attempt.arches.map { .string($0) })
            if let failable = options["failable_arches"]?.array {
                let left = failable.filter { $0.string.map(attempt.arches.contains) ?? false }
                options["failable_arches"] = left.isEmpty ? nil : .array(left)
            }
        }
        if let release = attempt.release { options["release"] = .string(release) }
        params[5] = .object(options)
        return params
    }

    /// As the schedule sees it, with what the policy says of it.
    package func scheduled(by policy: SchedulePolicy) -> ScheduledTask {
        let settings = policy.settings(of: id)
        let request = RequestView(self)
        return ScheduledTask(
            id: id, arches: arches.map(\.arch), failableArches: failableArches, target: request.target ?? "",
            isScratch: request.isScratch, priority: settings.priority, deadline: settings.deadline,
            attempts: settings.attempts)
    }
}
