/// Looking at tasks. All of it is reading and goes without a callnum.
extension KojiSession {
    /// Many tasks in one request: states by a list of ids, and the children of parents whose children are not yet known.
    ///
    /// Without such parents it is one plain `getTaskInfo` with a list, the cheapest form that hubs have (measured); with
    /// them one multiCall.
    package func taskRound(
        infoFor ids: [TaskID], childrenOf parents: [TaskID]
    ) async throws(KojiFailure) -> TaskRound {
        let list = XMLRPCValue.array(ids.map(Self.number))
        guard !parents.isEmpty else {
            guard !ids.isEmpty else { return TaskRound(infos: [:], children: [:]) }
            return TaskRound(infos: try infos(try await read("getTaskInfo", [list])), children: [:])
        }
        let calls =
            [XMLRPCCall(method: "getTaskInfo", args: [list])]
            + parents.map { XMLRPCCall(method: "getTaskChildren", args: [Self.number($0)]) }
        let answers = try await readAll(calls)
        var children: [TaskID: [TaskInfo]] = [:]
        for (parent, answer) in zip(parents, answers.dropFirst()) {
            var tasks: [TaskInfo] = []
            for item in try Record.list(
                try value(of: answer, "getTaskChildren"), of: "getTaskChildren", url: hub.server)
            {
                tasks.append(try TaskInfo(item, of: "getTaskChildren", url: hub.server))
            }
            children[parent] = tasks
        }
        return TaskRound(infos: try infos(try value(of: answers[0], "getTaskInfo")), children: children)
    }

    private func infos(_ answer: XMLRPCValue) throws(KojiFailure) -> [TaskID: TaskInfo] {
        var infos: [TaskID: TaskInfo] = [:]
        for item in try Record.list(answer, of: "getTaskInfo", url: hub.server) where item != .null {
            let info = try TaskInfo(item, of: "getTaskInfo", url: hub.server)
            infos[info.id] = info
        }
        return infos
    }

    /// The direct children of a task, in no order; empty for a task that the hub does not know.
    package func children(of parent: TaskID) async throws(KojiFailure) -> [TaskInfo] {
        try await taskRound(infoFor: [parent], childrenOf: [parent]).children[parent] ?? []
    }

    /// The stored results of finished tasks, in one request.
    ///
    /// The fault of a failed task has the code of what the *task* met; it never means that this call failed.
    package func results(of ids: [TaskID]) async throws(KojiFailure) -> [TaskID: TaskResult] {
        guard !ids.isEmpty else { return [:] }
        let answers = try await readAll(
            ids.map {
                XMLRPCCall(method: "getTaskResult", args: [Self.number($0)], keywords: ["raise_fault": .bool(false)])
            })
        var results: [TaskID: TaskResult] = [:]
        for (id, answer) in zip(ids, answers) {
            switch answer {
            case .value(let value): results[id] = XMLRPCFault(value).map(TaskResult.fault) ?? .value(value)
            case .fault(let fault): results[id] = .fault(fault)
            }
        }
        return results
    }

    /// What arch tasks made.
    package nonisolated func archResult(_ value: XMLRPCValue) throws(KojiFailure) -> ArchTaskResult {
        try ArchTaskResult(value, url: hub.server)
    }

    /// The greatest task id of the hub; nil on a hub without tasks.
    package func newestTask() async throws(KojiFailure) -> TaskID? {
        let answer = try await read(
            "listTasks", [.object([:]), .object(["order": .string("-id"), "limit": .int(1)])])
        guard let newest = try Record.list(answer, of: "listTasks", url: hub.server).first else { return nil }
        return TaskID(try Record(newest, of: "listTasks", url: hub.server).int("id"))
    }

    /// Tasks of `owner` with this method, newer than `after`, whose request equals `params`.
    ///
    /// By the form of `listTasks` that stays cheap on a large hub: top-level tasks of all states, newest first, in pages.
    package func tasks(
        of owner: Int, method: String, request params: [XMLRPCValue], after: TaskID?
    ) async throws(KojiFailure) -> [TaskID] {
        let page = 50
        var stored = params
        // The plugin stores options that are left out as none.
        if method == Self.imageBuilderBuild, stored.last == .null { stored[stored.count - 1] = .object([:]) }
        var found: [TaskID] = []
        var offset = 0
        while true {
            let answer = try await read(
                "listTasks",
                [
                    .object([
                        "owner": .int(Int64(owner)), "method": .string(method), "parent": .null,
                        "state": .array((0...5).map { .int($0) }), "decode": .bool(true),
                    ]),
                    .object(["order": .string("-id"), "limit": .int(Int64(page)), "offset": .int(Int64(offset))]),
                ])
            let rows = try Record.list(answer, of: "listTasks", url: hub.server)
            for row in rows {
                let record = try Record(row, of: "listTasks", url: hub.server)
                let id = TaskID(try record.int("id"))
                if let after, id <= after { return found }
                // A task made meanwhile moves the pages, so that a row may come twice.
                if record.value("request") == .array(stored), !found.contains(id) { found.append(id) }
            }
            if rows.count < page { return found }
            offset += page
        }
    }

    static func number(_ id: TaskID) -> XMLRPCValue { .int(Int64(id.number)) }

    func value(of response: XMLRPCResponse, _ method: String) throws(KojiFailure) -> XMLRPCValue {
        switch response {
        case .value(let value): return value
        case .fault(let fault): throw KojiFailure(fault, method: method, url: hub.server)
        }
    }
}
