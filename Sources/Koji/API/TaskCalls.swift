/// Looking at tasks.
extension HubQuery where Answer == TaskInfo? {
    /// A task; nil if there is none (`getTaskInfo`).
    ///
    /// - Parameter request: whether to tell its parameters, too: three times as much for an arch child.
    package static func taskInfo(_ id: TaskID, request: Bool = false) -> Self {
        HubQuery("getTaskInfo", [id.xmlrpc], request ? ["request": .bool(true)] : [:]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try TaskInfo(record) }
        }
    }
}

extension HubQuery where Answer == [TaskID: TaskInfo] {
    /// Many tasks by one call with a list, the cheapest form that hubs have (measured); a task that the hub does not know
    /// is missing (`getTaskInfo`). Some 250 in a list hold a process of the hub for a tenth of a second.
    package static func taskInfos(_ ids: [TaskID], request: Bool = false) -> Self {
        HubQuery("getTaskInfo", [.array(ids.map(\.xmlrpc))], request ? ["request": .bool(true)] : [:]) {
            answer throws(KojiFailure) in
            var infos: [TaskID: TaskInfo] = [:]
            for item in try Record.list(answer.value, of: answer.method, url: answer.url) where item != .null {
                let info = try TaskInfo(Record(item, of: answer.method, url: answer.url))
                infos[info.id] = info
            }
            return infos
        }
    }
}

extension HubQuery where Answer == [TaskInfo] {
    /// The direct children of a task, in no order; empty for a task that the hub does not know (`getTaskChildren`).
    package static func children(of parent: TaskID, request: Bool = false) -> Self {
        HubQuery("getTaskChildren", [parent.xmlrpc], request ? ["request": .bool(true)] : [:]) {
            answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try TaskInfo(record) }
        }
    }

    /// The direct children of many tasks, by id (`listTasks`). A hub sends 8 KB a child here, so this is not for watching.
    ///
    /// nil for no parents: a hub takes an empty list for an error.
    ///
    /// - Parameter request: whether to take their parameters apart, too.
    package static func children(ofAny parents: [TaskID], request: Bool = false) -> Self? {
        guard !parents.isEmpty else { return nil }
        var which: [String: XMLRPCValue] = ["parent": .array(parents.map(\.xmlrpc))]
        if request { which["decode"] = .bool(true) }
        return HubQuery("listTasks", [.object(which), .object(["order": .string("id")])]) {
            answer throws(KojiFailure) in try answer.list { record throws(KojiFailure) in try TaskInfo(record) }
        }
    }
}

extension HubQuery where Answer == [TaskID: [TaskInfo]] {
    /// The children of every task of a tree, by id; a leaf has none. The root itself is not told of
    /// (`getTaskDescendents`).
    package static func descendants(of root: TaskID, request: Bool = false) -> Self {
        HubQuery("getTaskDescendents", [root.xmlrpc], request ? ["request": .bool(true)] : [:]) {
            answer throws(KojiFailure) in
            guard case .object(let members) = answer.value else {
                throw HubAnswer.failure("the answer to \(answer.method) is not a struct", answer.method, answer.url)
            }
            var tree: [TaskID: [TaskInfo]] = [:]
            for (name, children) in members {
                guard let id = Int(name) else {
                    throw HubAnswer.failure(
                        "the answer to \(answer.method) has a member that is no task id", answer.method, answer.url)
                }
                tree[TaskID(id)] = try HubAnswer(value: children, method: answer.method, url: answer.url).list {
                    record throws(KojiFailure) in try TaskInfo(record)
                }
            }
            return tree
        }
    }
}

extension HubQuery where Answer == TaskResult {
    /// The stored result of a finished task (`getTaskResult`). Look at the task's state first: for one that was canceled
    /// or has not ended, the hub has a fault 1000 that looks like a failed task's.
    package static func result(of id: TaskID) -> Self {
        HubQuery("getTaskResult", [id.xmlrpc], ["raise_fault": .bool(false)]) { answer throws(KojiFailure) in
            XMLRPCFault(answer.value).map(TaskResult.fault) ?? .value(answer.value)
        }
    }
}

extension HubQuery where Answer == TaskID? {
    /// The greatest task id of the hub; nil on a hub without tasks (`listTasks`).
    package static var newestTask: Self {
        HubQuery("listTasks", [.object([:]), .object(["order": .string("-id"), "limit": .int(1)])]) {
            answer throws(KojiFailure) in
            guard let newest = try answer.records().first else { return nil }
            return TaskID(try newest.int("id"))
        }
    }
}

/// All of it is reading and goes without a callnum.
extension KojiSession {
    /// Many tasks in one request: states by a list of ids, and the children of parents whose children are not yet known.
    ///
    /// Without such parents it is one plain `getTaskInfo` with a list, the cheapest form that hubs have (measured); with
    /// them one multiCall.
    package func taskRound(
        infoFor ids: [TaskID], childrenOf parents: [TaskID]
    ) async throws(KojiFailure) -> TaskRound {
        guard !parents.isEmpty else {
            return TaskRound(infos: ids.isEmpty ? [:] : try await ask(.taskInfos(ids)), children: [:])
        }
        var batch = HubBatch()
        let infos = batch.add(.taskInfos(ids))
        let tickets = parents.map { batch.add(.children(of: $0)) }
        let answers = try await ask(batch)
        var children: [TaskID: [TaskInfo]] = [:]
        for (parent, ticket) in zip(parents, tickets) { children[parent] = try answers[ticket].get() }
        return TaskRound(infos: try answers[infos].get(), children: children)
    }

    /// The direct children of a task, in no order; empty for a task that the hub does not know.
    package func children(of parent: TaskID) async throws(KojiFailure) -> [TaskInfo] {
        try await ask(.children(of: parent))
    }

    /// The stored results of finished tasks, in one request.
    ///
    /// The fault of a failed task has the code of what the *task* met; it never means that this call failed.
    package func results(of ids: [TaskID]) async throws(KojiFailure) -> [TaskID: TaskResult] {
        var results: [TaskID: TaskResult] = [:]
        for (id, result) in zip(ids, try await askAll(ids.map { .result(of: $0) })) {
            switch result {
            case .success(let stored): results[id] = stored
            case .failure(let failure):
                guard let fault = failure.fault else { throw failure }
                results[id] = .fault(fault)
            }
        }
        return results
    }

    /// What arch tasks made.
    package nonisolated func archResult(_ value: XMLRPCValue) throws(KojiFailure) -> ArchTaskResult {
        try ArchTaskResult(Record(value, of: "getTaskResult", url: hub.server))
    }

    /// The greatest task id of the hub; nil on a hub without tasks.
    package func newestTask() async throws(KojiFailure) -> TaskID? { try await ask(.newestTask) }
}
