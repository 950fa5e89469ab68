import Koji

extension HubCalls {
    /// Reading single tasks, their trees and results.
    static let tasks: [HubCall] = [
        HubCall("getTaskInfo", ["task_id", "request=False", "strict=False"]) {
            state, arguments, _ throws(XMLRPCFault) in
            let (withRequest, isStrict) = (arguments.isTrue("request"), arguments.isTrue("strict"))
            guard let ids = arguments["task_id"].items else {
                return try state.info(arguments["task_id"], withRequest, isStrict)
            }
            var infos: [XMLRPCValue] = []
            for id in ids { infos.append(try state.info(id, withRequest, isStrict)) }
            return .array(infos)
        },
        HubCall("getTaskChildren", ["task_id", "request=False", "strict=False"]) {
            state, arguments, _ throws(XMLRPCFault) in
            let task = state.task(TaskID(try arguments.number("task_id")))
            if task == nil, arguments.isTrue("strict") { throw .generic("query returned no rows") }
            return .array(state.children(of: task).map { .object($0.record(withRequest: arguments.isTrue("request"))) })
        },
        HubCall("getTaskDescendents", ["task_id", "request=False"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let root = state.task(TaskID(try arguments.number("task_id"))) else {
                throw .generic("query returned no rows")
            }
            var tree: [String: XMLRPCValue] = [:]
            for task in [root] + state.descendants(of: root.id) {
                tree[String(task.id.number)] = .array(
                    state.children(of: task).map { .object($0.record(withRequest: arguments.isTrue("request"))) })
            }
            return .object(tree)
        },
        HubCall("getTaskRequest", ["task_id"]) { state, arguments, _ throws(XMLRPCFault) in
            .array(try state.knownTask(arguments, "task_id", missing: "query returned no rows").request)
        },
        HubCall("taskFinished", ["task_id"]) { state, arguments, _ throws(XMLRPCFault) in
            .bool(try state.knownTask(arguments, "task_id", missing: "query returned no rows").state.isFinal)
        },
        HubCall("getTaskResult", ["task_id", "raise_fault=True"]) { state, arguments, _ throws(XMLRPCFault) in
            let task = try state.knownTask(arguments, "task_id", missing: "No such task")
            switch (task.state, task.result) {
            case (.canceled, _): throw .generic("Task \(task.id) is canceled")
            case (.closed, .value(let value)): return value
            case (.failed, .fault(let fault)):
                if arguments.isTrue("raise_fault") { throw fault }
                return fault.value
            default: throw .generic("Task \(task.id) is not finished")
            }
        },
    ]
}

extension HubState {
    /// The task that a parameter names.
    ///
    /// - Throws: 1000 with the text `missing` if there is none.
    func knownTask(_ arguments: CallArguments, _ name: String, missing: String) throws(XMLRPCFault) -> HubTask {
        guard let task = task(TaskID(try arguments.number(name))) else { throw .generic(missing) }
        return task
    }

    func children(of task: HubTask?) -> [HubTask] { task?.children.compactMap { self.task($0) } ?? [] }

    fileprivate func info(
        _ id: XMLRPCValue, _ withRequest: Bool, _ isStrict: Bool
    ) throws(XMLRPCFault) -> XMLRPCValue {
        guard let task = task(TaskID(try CallArguments.number(id))) else {
            if isStrict { throw .generic("query returned no rows") }
            return .null
        }
        return .object(task.record(withRequest: withRequest))
    }
}
