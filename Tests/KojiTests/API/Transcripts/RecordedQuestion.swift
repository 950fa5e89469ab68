import Koji

/// A question or a change of ours without the type of its answer: what is sent, and whether an answer is understood.
struct RecordedQuestion: Sendable {
    let call: XMLRPCCall
    let understand: @Sendable (XMLRPCValue) throws(KojiFailure) -> Void

    init<Answer>(_ query: HubQuery<Answer>) {
        call = query.call
        understand = { value throws(KojiFailure) in _ = try query.answer(of: value, url: "https://hub.example.org") }
    }

    init<Answer>(_ change: HubChange<Answer>) {
        call = change.call
        understand = { value throws(KojiFailure) in _ = try change.answer(of: value, url: "https://hub.example.org") }
    }
}

/// The arguments of a recorded call by name.
struct RecordedArguments {
    let named: [String: XMLRPCValue]

    func text(_ name: String) -> String? { if case .string(let text)? = named[name] { text } else { nil } }

    func int(_ name: String) -> Int? { if case .int(let number)? = named[name] { Int(number) } else { nil } }

    func task(_ name: String) -> TaskID? { int(name).map { TaskID($0) } }

    func tasks(_ name: String) -> [TaskID]? {
        guard case .array(let items)? = named[name] else { return nil }
        return items.compactMap { if case .int(let number) = $0 { TaskID(Int(number)) } else { nil } }
    }

    func isTrue(_ name: String) -> Bool { named[name]?.isTrue ?? false }

    func members(_ name: String) -> RecordedArguments {
        guard case .object(let members)? = named[name] else { return RecordedArguments(named: [:]) }
        return RecordedArguments(named: members)
    }
}

extension RecordedQuestion {
    /// The question of ours that asks what a recorded call asked; nil where we have none for it.
    static func ours(_ call: XMLRPCCall) -> RecordedQuestion? {
        let arguments = RecordedArguments(named: Recorded.named(call))
        return hub(call.method, arguments) ?? tags(call.method, arguments) ?? tasks(call.method, arguments)
            ?? builds(call.method, arguments) ?? changes(call.method, arguments)
    }

    private static func hub(_ method: String, _ arguments: RecordedArguments) -> RecordedQuestion? {
        switch method {
        case "getAPIVersion": RecordedQuestion(.apiVersion)
        case "getKojiVersion": RecordedQuestion(.version)
        case "system.listMethods": RecordedQuestion(.methods)
        case "getLoggedInUser": RecordedQuestion(.loggedInUser)
        case "getPerms": RecordedQuestion(.permissions)
        case "getUser": arguments.text("userInfo").map { RecordedQuestion(.user($0)) }
        case "hasPerm": arguments.text("perm").map { RecordedQuestion(.permission($0)) }
        case "getChannel": arguments.text("channelInfo").map { RecordedQuestion(.channel($0)) }
        case "getHost": arguments.int("hostInfo").map { RecordedQuestion(.host($0)) }
        case "listHosts": hosts(arguments)
        default: nil
        }
    }

    private static func hosts(_ arguments: RecordedArguments) -> RecordedQuestion? {
        guard let channel = arguments.text("channelID") else { return nil }
        let arches: [String]? =
            if case .array(let items)? = arguments.named["arches"] {
                items.compactMap { if case .string(let arch) = $0 { arch } else { nil } }
            } else { nil }
        return RecordedQuestion(
            .hosts(channel: channel, arches: arches, enabled: arguments.named["enabled"].map { $0.isTrue }))
    }

    private static func tags(_ method: String, _ arguments: RecordedArguments) -> RecordedQuestion? {
        switch method {
        case "getBuildTarget": return arguments.text("info").map { RecordedQuestion(.buildTarget($0)) }
        case "getBuildTargets": return RecordedQuestion(.buildTargets)
        case "getBuildConfig": return arguments.text("tag").map { RecordedQuestion(.buildConfig(tag: $0)) }
        case "getTag": return arguments.text("tagInfo").map { RecordedQuestion(.tag($0)) }
        case "getRepo": return arguments.text("tag").map { RecordedQuestion(.repo(tag: $0)) }
        case "getTagGroups":
            let packages = arguments.named["incl_pkgs"] == nil
            return arguments.text("tag").map { RecordedQuestion(.tagGroups(tag: $0, packages: packages)) }
        case "getPackageConfig":
            guard let tag = arguments.text("tag"), let package = arguments.text("pkg") else { return nil }
            return RecordedQuestion(.packageConfig(tag: tag, package: package))
        case "listPackages": return arguments.text("tagID").map { RecordedQuestion(.packages(tag: $0)) }
        default: return nil
        }
    }

    private static func tasks(_ method: String, _ arguments: RecordedArguments) -> RecordedQuestion? {
        let request = arguments.isTrue("request")
        switch method {
        case "getTaskInfo":
            if let ids = arguments.tasks("task_id") { return RecordedQuestion(.taskInfos(ids, request: request)) }
            return arguments.task("task_id").map { RecordedQuestion(.taskInfo($0, request: request)) }
        case "getTaskChildren":
            return arguments.task("task_id").map { RecordedQuestion(.children(of: $0, request: request)) }
        case "getTaskDescendents":
            return arguments.task("task_id").map { RecordedQuestion(.descendants(of: $0, request: request)) }
        case "getTaskResult": return arguments.task("task_id").map { RecordedQuestion(.result(of: $0)) }
        case "listTasks":
            if let parents = arguments.members("opts").tasks("parent") {
                return HubQuery.children(ofAny: parents).map { RecordedQuestion($0) }
            }
            return arguments.members("opts").named.isEmpty ? RecordedQuestion(.newestTask) : nil
        case "listTaskOutput": return arguments.task("task_id").map { RecordedQuestion(.output(of: $0)) }
        case "downloadTaskOutput":
            guard let task = arguments.task("task_id"), let name = arguments.text("name"),
                let size = arguments.int("size")
            else { return nil }
            return RecordedQuestion(
                .outputPart(of: task, name: name, offset: arguments.int("offset") ?? 0, size: size))
        default: return nil
        }
    }

    private static func builds(_ method: String, _ arguments: RecordedArguments) -> RecordedQuestion? {
        switch method {
        case "getBuild": return arguments.text("buildInfo").map { RecordedQuestion(.build(nvr: $0)) }
        case "listBuilds": return arguments.task("taskID").map { RecordedQuestion(.builds(of: $0)) }
        case "listArchives": return arguments.int("buildID").map { RecordedQuestion(.imageArchives(of: $0)) }
        case "getBuildLogs": return arguments.int("build").map { RecordedQuestion(.buildLogs(of: $0)) }
        case "getNextRelease":
            let build = arguments.members("build_info")
            guard let name = build.text("name"), let version = build.text("version") else { return nil }
            return RecordedQuestion(.nextRelease(name: name, version: version))
        case "listTagged":
            guard let tag = arguments.text("tag"), let package = arguments.text("package") else { return nil }
            return RecordedQuestion(
                .taggedBuilds(
                    tag: tag, package: package, inherited: arguments.isTrue("inherit"),
                    latest: arguments.isTrue("latest")))
        case "listBuildroots": return arguments.task("taskID").map { RecordedQuestion(.buildroots(of: $0)) }
        case "listRPMs":
            return arguments.int("componentBuildrootID").map {
                arguments.members("queryOpts").isTrue("countOnly")
                    ? RecordedQuestion(.installedRPMCount(buildroot: $0))
                    : RecordedQuestion(.installedRPMs(buildroot: $0, limit: 50))
            }
        default: return nil
        }
    }

    private static func changes(_ method: String, _ arguments: RecordedArguments) -> RecordedQuestion? {
        switch method {
        case "imageBuilderBuild":
            let names = ["target", "arches", "types", "name", "version", "opts"]
            return RecordedQuestion(.submit(method, names.map { arguments.named[$0] ?? .null }))
        case "cancelTask": return arguments.task("task_id").map { RecordedQuestion(.cancelTask($0)) }
        case "resubmitTask": return arguments.task("taskID").map { RecordedQuestion(.resubmit($0)) }
        case "setTaskPriority":
            guard let task = arguments.task("task_id"), let priority = arguments.int("priority") else { return nil }
            return RecordedQuestion(.setPriority(of: task, to: priority))
        default: return nil
        }
    }
}
