import Koji

extension HubCalls {
    /// Finding tasks.
    static let taskLists: [HubCall] = [
        HubCall("listTasks", ["opts=None", "queryOpts=None"]) { state, arguments, _ throws(XMLRPCFault) in
            let options = QueryOptions(arguments["queryOpts"])
            let filter = try TaskFilter(arguments["opts"])
            let decodes = arguments["opts"]["decode"].isTrue && !options.asList
            let found = state.candidates(filter).filter { filter.accepts($0) }
            if options.countsOnly { return .number(options.cut(found).count) }
            // By id the tasks stand in order already, so only the asked page has to be written out.
            switch options.order {
            case nil, "id":
                return options.form(options.cut(found).map { state.listed($0, decodes: decodes) })
            case "-id":
                return options.form(options.cut(found.reversed()).map { state.listed($0, decodes: decodes) })
            default:
                return try options.apply(to: found.map { state.listed($0, decodes: decodes) })
            }
        }
    ]
}

extension HubState {
    /// The tasks that can match at all, by id: with parents named only their children are looked at.
    fileprivate func candidates(_ filter: TaskFilter) -> [HubTask] {
        guard let parents = filter.parents else { return tasks }
        return parents.flatMap { children(of: task(TaskID($0))) }.sorted { $0.id < $1.id }
    }

    /// The struct of `listTasks`: with owner, request and result; those as XML documents unless they are decoded.
    fileprivate func listed(_ task: HubTask, decodes: Bool) -> XMLRPCValue {
        var record = task.record()
        let owner = user(id: task.owner)
        record["owner_name"] = .optional(owner?.name)
        record["owner_type"] = .optional(owner?.type)
        if decodes {
            record["request"] = .array(task.request)
            record["result"] = task.result.map(\.decoded) ?? .null
        } else {
            record["request"] = .document(try? XMLRPCCall(method: task.method, args: task.request).encoded())
            record["result"] = .document(task.result?.document)
        }
        return .object(record)
    }
}

extension HubTaskResult {
    /// As `listTasks` decodes it: a value stands in an array of one, a fault is a struct.
    fileprivate var decoded: XMLRPCValue {
        switch self {
        case .value(let value): .array([value])
        case .fault(let fault): fault.value
        }
    }

    fileprivate var document: [UInt8]? {
        switch self {
        case .value(let value): try? XMLRPCResponse.value(value).encoded()
        case .fault(let fault): try? XMLRPCResponse.fault(fault).encoded()
        }
    }
}

extension XMLRPCValue {
    fileprivate static func document(_ bytes: [UInt8]?) -> XMLRPCValue {
        bytes.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
    }
}

/// The options of `listTasks`. Unknown ones are ignored, as the hub does; there is no filter by id.
private struct TaskFilter {
    private static let columns = ["state", "arch", "owner", "host_id", "channel_id", "parent"]
    private static let times = ["created": "create_ts", "started": "start_ts", "complete": "completion_ts"]

    private var wanted: [String: Set<XMLRPCValue>] = [:]
    private var unwanted: [String: Set<XMLRPCValue>] = [:]
    private var before: [String: Double] = [:]
    private var after: [String: Double] = [:]
    private var method: String?

    /// Parents that are named as ids, so that only their children need to be looked at.
    private(set) var parents: [Int]?

    init(_ options: XMLRPCValue) throws(XMLRPCFault) {
        for column in Self.columns {
            if let value = options.members?[column] { wanted[column] = try Self.values(value, column) }
            if let value = options.members?["not_\(column)"] { unwanted[column] = try Self.values(value, column) }
        }
        let named = wanted["parent"]?.compactMap(\.wholeNumber)
        if let named, named.count == wanted["parent"]?.count { parents = named }
        for (name, column) in Self.times {
            before[column] = try Self.seconds(options["\(name)Before"])
            after[column] = try Self.seconds(options["\(name)After"])
        }
        method = options["method"].textValue
    }

    func accepts(_ task: HubTask) -> Bool {
        if let method, task.method != method { return false }
        for (column, values) in wanted where !values.contains(Self.value(column, task)) { return false }
        for (column, values) in unwanted where values.contains(Self.value(column, task)) { return false }
        for (column, limit) in before {
            guard let time = Self.time(column, task), time.seconds < limit else { return false }
        }
        for (column, limit) in after {
            guard let time = Self.time(column, task), time.seconds > limit else { return false }
        }
        return true
    }

    private static func value(_ column: String, _ task: HubTask) -> XMLRPCValue {
        switch column {
        case "state": .number(task.state.rawValue)
        case "arch": .string(task.arch)
        case "owner": .number(task.owner)
        case "host_id": .optional(task.host)
        case "channel_id": .number(task.channel)
        default: .optional(task.parent?.number)
        }
    }

    private static func time(_ column: String, _ task: HubTask) -> HubTime? {
        switch column {
        case "create_ts": task.created
        case "start_ts": task.started
        default: task.completed
        }
    }

    /// One value or several. An empty array and a text in the place of an id are the database's errors.
    private static func values(_ value: XMLRPCValue, _ column: String) throws(XMLRPCFault) -> Set<XMLRPCValue> {
        let values = value.items ?? [value]
        guard !values.isEmpty else {
            throw .unforeseen(
                "<class 'psycopg2.errors.SyntaxError'>: syntax error at or near \")\"\n  WHERE (\(column) IN ())\n")
        }
        if column != "arch", let text = values.compactMap(\.textValue).first {
            throw .unforeseen(
                "<class 'psycopg2.errors.InvalidTextRepresentation'>: invalid input syntax for type integer: "
                    + "\"\(text)\"\n  AND (\(column) = '\(text)')\n")
        }
        return Set(values)
    }

    /// Seconds since 1970; the rehearsal hub does not read dates as texts.
    private static func seconds(_ value: XMLRPCValue) throws(XMLRPCFault) -> Double? {
        switch value {
        case .null: return nil
        case .int(let seconds): return Double(seconds)
        case .double(let seconds): return seconds
        default: throw .parameter("the rehearsal hub takes times as seconds since 1970, not \(Python.repr(value))")
        }
    }
}
