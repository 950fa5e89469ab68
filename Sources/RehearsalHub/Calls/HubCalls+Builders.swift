import Koji

extension HubCalls {
    /// Channels, hosts and buildroots.
    static let builders: [HubCall] = [
        HubCall("getChannel", ["channelInfo", "strict=False"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let channel = state.channel(arguments["channelInfo"]) else {
                if arguments.isTrue("strict") { throw .generic("query returned no rows") }
                return .null
            }
            return channel.record
        },
        HubCall("listChannels", ["hostID=None", "event=None", "enabled=None"]) { state, arguments, _ in
            let enabled = arguments["enabled"].flag
            return .array(state.channels.filter { enabled == nil || $0.isEnabled == enabled }.map(\.record))
        },
        HubCall("getHost", ["hostInfo", "strict=False", "event=None"]) { state, arguments, _ throws(XMLRPCFault) in
            let info = arguments["hostInfo"]
            let host = state.hosts.first { .number($0.id) == info || .string($0.name) == info }
            if host == nil, arguments.isTrue("strict") { throw .generic("Invalid hostInfo: \(Python.plain(info))") }
            return host.map { state.record(of: $0) } ?? .null
        },
        HubCall(
            "listHosts",
            ["arches=None", "channelID=None", "ready=None", "enabled=None", "userID=None", "queryOpts=None"]
        ) { state, arguments, _ throws(XMLRPCFault) in
            let arches = arguments["arches"].items?.compactMap(\.textValue)
            let channel = arguments["channelID"]
            let isHere =
                channel.isNil || state.channel(channel)?.name == HubCalls.imageChannel
                || state.channel(channel)?.name == "default"
            let found = state.hosts.filter { isHere && (arches?.contains($0.arch) ?? true) }
                .map { state.record(of: $0) }
                .filter { host in
                    ["ready", "enabled"].allSatisfy { flag in
                        arguments[flag].flag.map { host[flag] == .bool($0) } ?? true
                    }
                }
            return try QueryOptions(arguments["queryOpts"]).apply(to: found)
        },
        HubCall("getLastHostUpdate", ["hostID", "ts=False"]) { state, arguments, _ in
            arguments.isTrue("ts") ? .timestamp(state.clock) : .time(state.clock)
        },
        HubCall(
            "listBuildroots",
            [
                "hostID=None", "tagID=None", "state=None", "rpmID=None", "archiveID=None", "taskID=None",
                "buildrootID=None", "repoID=None", "queryOpts=None",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            // A buildroot has the id of its arch task: there is one for each, from the moment the task opens.
            let asked = ["taskID", "buildrootID"].map { arguments[$0] }.first { !$0.isNil }
            guard let asked, let task = state.task(TaskID(try CallArguments.number(asked))), task.usesPlace,
                task.started != nil
            else { return try QueryOptions(arguments["queryOpts"]).apply(to: []) }
            return try QueryOptions(arguments["queryOpts"]).apply(to: [state.buildroot(of: task)])
        },
        HubCall(
            "listRPMs",
            [
                "buildID=None", "buildrootID=None", "imageID=None", "componentBuildrootID=None", "hostID=None",
                "arches=None", "queryOpts=None", "draft=None",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            let asked = arguments["componentBuildrootID"]
            guard !asked.isNil, let task = state.task(TaskID(try CallArguments.number(asked))), task.usesPlace else {
                return try QueryOptions(arguments["queryOpts"]).apply(to: [])
            }
            let rows = state.buildrootRPMs(of: task)
            return try QueryOptions(arguments["queryOpts"]).apply(to: rows)
        },
    ]

    /// The channel that image builds go to.
    static let imageChannel = "image"
}

extension HubState {
    fileprivate func channel(_ info: XMLRPCValue) -> HubChannel? {
        if let id = info.wholeNumber { return channels.first { $0.id == id } }
        return info.textValue.flatMap { channel(named: $0) }
    }

    /// The struct of `listBuildroots`: in use until its task has ended.
    fileprivate func buildroot(of task: HubTask) -> XMLRPCValue {
        let target = top(of: task).image.flatMap { self.target(named: $0.target) }
        let repo = target.flatMap { self.repo(tag: $0.buildTag) }
        let isRetired = task.state.isFinal
        let hostName: String? = hosts.first { $0.id == task.host }?.name
        let tagName: String? = target.flatMap { tag(id: $0.buildTag)?.name }
        let row: [String: XMLRPCValue] = [
            "id": .number(task.id.number), "task_id": .number(task.id.number), "arch": .string(task.arch),
            "container_arch": .string(task.arch), "container_type": .string("chroot"), "br_type": .number(0),
            "state": .number(isRetired ? 3 : 2), "host_id": .optional(task.host), "host_name": .optional(hostName),
            "host_arch": .null, "host_os": .null, "tag_id": .optional(target?.buildTag),
            "tag_name": .optional(tagName), "repo_id": .optional(repo?.id), "repo_state": .number(1),
            "repo_create_event_id": .optional(repo?.event), "repo_create_event_time": .time(repo?.created),
            "create_event_id": .number(task.id.number), "create_event_time": .time(task.started),
            "create_ts": .timestamp(task.started),
            "retire_event_id": .optional(isRetired ? task.id.number : nil),
            "retire_event_time": .time(task.completed), "retire_ts": .timestamp(task.completed), "cg_id": .null,
            "cg_name": .null, "cg_version": .null, "extra": .null,
        ]
        return .object(row)
    }

    /// What a rehearsed buildroot holds: some of the real packages, with versions that no real package has.
    fileprivate func buildrootRPMs(of task: HubTask) -> [XMLRPCValue] {
        Self.buildrootPackages.enumerated().map { index, package in
            .object([
                "id": .number(index + 1), "name": .string(package.name), "version": .string("0"),
                "release": .string("rehearsal"), "nvr": .string("\(package.name)-0-rehearsal"),
                "epoch": .optional(package.epoch), "arch": .string(package.isNoarch ? "noarch" : task.arch),
                "size": .number(1000 + index), "buildtime": .number(1_760_000_000 + index),
                "payloadhash": .string(String(repeating: "0", count: 32)), "build_id": .null, "buildroot_id": .null,
                "component_buildroot_id": .number(task.id.number), "draft": .null, "external_repo_id": .number(1),
                "external_repo_name": .string("rehearsal"), "extra": .null, "is_update": .bool(false),
                "metadata_only": .bool(false),
            ])
        }
    }

    /// image-builder and osbuild with their parts, among others.
    private static let buildrootPackages: [(name: String, epoch: Int?, isNoarch: Bool)] = [
        ("bash", nil, false), ("dnf5", nil, false), ("image-builder", nil, false), ("osbuild", nil, true),
        ("osbuild-depsolve-dnf", nil, true), ("osbuild-luks2", nil, true), ("osbuild-lvm2", nil, true),
        ("osbuild-ostree", nil, true), ("ostree", nil, false), ("python3-osbuild", nil, true), ("rpm", nil, false),
        ("shadow-utils", 2, false),
    ]
}
