import Koji

extension HubCalls {
    /// Cancelling, doing again, priorities. All checks come before the first change, so a fault leaves no trace.
    static let taskChanges: [HubCall] = [
        HubCall("cancelTask", ["task_id", "recurse=True"]) { state, arguments, caller throws(XMLRPCFault) in
            let task = try state.cancellableTask(arguments, caller)
            if state.cancel(task.id, recursing: arguments.isTrue("recurse")) { state.hasChanged = true }
            return .null
        },
        HubCall("cancelTaskFull", ["task_id", "strict=True"]) { state, arguments, caller throws(XMLRPCFault) in
            try caller.require("admin")
            let id = try arguments.number("task_id")
            guard let task = state.task(TaskID(id)) else { throw .generic("No such task: \(id)") }
            if arguments.isTrue("strict"), task.parent != nil { throw .generic("Task \(id) is not top-level") }
            if state.cancel(state.top(of: task).id, recursing: true) { state.hasChanged = true }
            return .null
        },
        HubCall("cancelTaskChildren", ["task_id"]) { state, arguments, caller throws(XMLRPCFault) in
            let task = try state.cancellableTask(arguments, caller)
            for child in task.children where state.cancel(child, recursing: true) { state.hasChanged = true }
            return .null
        },
        HubCall("resubmitTask", ["taskID"]) { state, arguments, caller throws(XMLRPCFault) in
            guard let user = caller.user else { throw .auth("Not logged in") }
            let id = try arguments.number("taskID")
            guard let task = state.task(TaskID(id)) else { throw .generic("No such task: \(id)") }
            guard task.owner == user.id || caller.has("admin") else {
                throw .generic("only the task owner or an admin may resubmit a task")
            }
            guard task.parent == nil else { throw .generic("only top-level tasks may be resubmitted") }
            guard task.state == .canceled || task.state == .failed else {
                throw .generic("only canceled or failed tasks may be resubmitted")
            }
            state.hasChanged = true
            return .number(
                state.makeTask(
                    method: task.method, request: task.request, owner: user.id, priority: task.priority,
                    image: ImageBuild(request: task.request)
                ).number)
        },
        HubCall("setTaskPriority", ["task_id", "priority", "recurse=True"]) {
            state, arguments, caller throws(XMLRPCFault) in
            try caller.require("admin")
            let id = TaskID(try arguments.number("task_id"))
            let priority = try arguments.number("priority")
            // The database's column holds no more.
            guard Int32(exactly: priority) != nil else { throw .unforeseen("integer out of range: \(priority)") }
            guard let task = state.task(id) else { throw .generic("No such task: \(id)") }
            guard !task.state.isFinal else { throw .generic("Finished task's priority can't be updated") }
            state.update(id) { $0.priority = priority }
            if arguments.isTrue("recurse") {
                for child in state.descendants(of: id) { state.update(child.id) { $0.priority = priority } }
            }
            state.hasChanged = true
            return .null
        },
        HubCall("cancelBuild", ["buildID", "strict=False"]) { state, arguments, caller throws(XMLRPCFault) in
            guard let build = state.build(arguments["buildID"]) else {
                if arguments.isTrue("strict") { throw .generic("No such build: \(Python.repr(arguments["buildID"]))") }
                return .bool(false)
            }
            guard build.owner == caller.user?.id || caller.has("admin") else {
                throw .notAllowed("Cannot cancel build, not owner")
            }
            guard build.state == .building else { return .bool(false) }
            state.cancel(build.task, recursing: true)
            state.hasChanged = true
            return .bool(true)
        },
    ]
}

extension HubState {
    /// The task to cancel: the owner and admins may.
    fileprivate func cancellableTask(
        _ arguments: CallArguments, _ caller: HubCaller
    ) throws(XMLRPCFault) -> HubTask {
        let id = try arguments.number("task_id")
        guard let task = task(TaskID(id)) else { throw .generic("No such task: \(id)") }
        guard task.owner == caller.user?.id || caller.has("admin") else {
            throw .notAllowed("Cannot cancel task, not owner")
        }
        return task
    }
}
