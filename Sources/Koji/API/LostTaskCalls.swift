/// Finding a task whose id was lost with the answer to its submit.
extension HubQuery where Answer == [TaskRequest] {
    /// A page of a user's top-level tasks of a method, newest first, with their parameters (`listTasks`).
    ///
    /// The form that stays cheap on a large hub: without parent and states a hub reads its whole table.
    static func ownTasks(of owner: Int, method: String, limit: Int, offset: Int) -> Self {
        let which: [String: XMLRPCValue] = [
            "owner": .int(Int64(owner)), "method": .string(method), "parent": .null,
            "state": .array((0...5).map { .int($0) }), "decode": .bool(true),
        ]
        var part: [String: XMLRPCValue] = ["order": .string("-id"), "limit": .int(Int64(limit))]
        if offset > 0 { part["offset"] = .int(Int64(offset)) }
        return HubQuery("listTasks", [.object(which), .object(part)]) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try TaskRequest(record) }
        }
    }
}

/// What a task was asked to do.
struct TaskRequest: Sendable, Hashable {
    let id: TaskID
    /// The positional parameters; nil where the hub has none that can be read.
    let params: [XMLRPCValue]?

    init(_ record: Record) throws(KojiFailure) {
        id = TaskID(try record.int("id"))
        params = if case .array(let params)? = record.value("request") { params } else { nil }
    }
}

extension KojiSession {
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
            let rows = try await ask(.ownTasks(of: owner, method: method, limit: page, offset: offset))
            for row in rows {
                if let after, row.id <= after { return found }
                // A task made meanwhile moves the pages, so that a row may come twice.
                if row.params == stored, !found.contains(row.id) { found.append(row.id) }
            }
            if rows.count < page { return found }
            offset += page
        }
    }
}
