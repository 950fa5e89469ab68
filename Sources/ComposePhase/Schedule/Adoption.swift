package import Koji

/// Finds, among tasks that a compose has on the hub, those that its plan would make: a Pungi that died forgot which
/// image each was for.
package enum Adoption {
    /// The hub's task of each image, where there is one.
    ///
    /// A request is the same if all of it is but `failable_arches`, which Pungi does not send. Of several equal ones the
    /// best is taken: one that ended well, else one that runs, else the newest.
    ///
    /// - Parameter found: tasks with their requests.
    package static func match(_ tasks: [ImageTask], _ found: [TaskInfo]) -> [ImageTaskID: TaskID] {
        var byRequest: [[XMLRPCValue]: [TaskInfo]] = [:]
        for task in found where task.parent == nil {
            guard let request = task.request else { continue }
            byRequest[[.string(task.method)] + comparable(request), default: []].append(task)
        }
        var matches: [ImageTaskID: TaskID] = [:]
        for task in tasks {
            let key = [.string(task.method)] + comparable(task.params.map(WireValue.xmlrpc))
            guard let best = byRequest[key]?.max(by: { rank($0) < rank($1) }) else { continue }
            matches[task.id] = best.id
            // Two images with one request, which no plan should have, do not share a task.
            byRequest[key]?.removeAll { $0.id == best.id }
        }
        return matches
    }

    private static func comparable(_ request: [XMLRPCValue]) -> [XMLRPCValue] {
        guard request.count == 6, case .object(var options) = request[5] else { return request }
        options["failable_arches"] = nil
        return Array(request[..<5]) + [.object(options)]
    }

    private static func rank(_ task: TaskInfo) -> (Int, Int) {
        let state =
            switch task.state {
            case .closed: 2
            case .free, .open, .assigned: 1
            case .failed, .canceled: 0
            }
        return (state, task.id.number)
    }
}
