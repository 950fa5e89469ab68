import Koji

extension HubCalls {
    /// Builds and the tags they are in.
    static let builds: [HubCall] = [
        HubCall(
            "listBuilds",
            [
                "packageID=None", "userID=None", "taskID=None", "prefix=None", "state=None", "volumeID=None",
                "source=None", "createdBefore=None", "createdAfter=None", "completeBefore=None", "completeAfter=None",
                "type=None", "typeInfo=None", "queryOpts=None", "pattern=None", "cgID=None", "draft=None",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            var found = state.builds
            if let task = try arguments.optionalNumber("taskID") { found = found.filter { $0.task.number == task } }
            if let number = try arguments.optionalNumber("state") {
                found = found.filter { $0.state.rawValue == number }
            }
            if let type = arguments["type"].textValue, type != "image" { found = [] }
            let package = arguments["packageID"]
            if !package.isNil {
                found = found.filter { .number($0.package) == package || .string($0.name) == package }
            }
            let user = arguments["userID"]
            if !user.isNil { found = found.filter { $0.owner == state.user(user)?.id } }
            if let prefix = arguments["prefix"].textValue { found = found.filter { $0.name.hasPrefix(prefix) } }
            return try QueryOptions(arguments["queryOpts"]).apply(to: found.map { .object(state.record(of: $0)) })
        },
        HubCall("getBuild", ["buildInfo", "strict=False"]) { state, arguments, _ throws(XMLRPCFault) in
            try state.known(arguments, strict: arguments.isTrue("strict")).map { state.fullRecord(of: $0) } ?? .null
        },
        HubCall("getNextRelease", ["build_info", "incr=1"]) { state, arguments, _ throws(XMLRPCFault) in
            let info = arguments["build_info"]
            guard let name = info["name"].textValue, let version = info["version"].textValue else {
                throw .generic("Invalid build info: \(Python.repr(info))")
            }
            return .string(
                try state.nextRelease(name: name, version: version, increment: try arguments.number("incr")))
        },
        HubCall(
            "listTagged",
            [
                "tag", "event=None", "inherit=False", "prefix=None", "latest=False", "package=None", "owner=None",
                "type=None", "strict=True", "draft=None",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            guard let tag = state.tag(arguments["tag"]) else {
                throw .generic("No such entry in table tag: \(Python.plain(arguments["tag"]))")
            }
            let package = arguments["package"].textValue
            if let type = arguments["type"].textValue, type != "image" { return .array([]) }
            var rows: [(event: Int, name: String, row: XMLRPCValue)] = []
            for build in state.builds where package == nil || build.name == package {
                for tagging in build.tags where tagging.tag == tag.id {
                    rows.append((tagging.event, build.name, state.taggedRecord(of: build, tag, event: tagging.event)))
                }
            }
            rows.sort { $0.event > $1.event }
            if arguments.isTrue("latest") {
                var seen: Set<String> = []
                rows = rows.filter { seen.insert($0.name).inserted }
            }
            return .array(rows.map(\.row))
        },
        HubCall(
            "listTags", ["build=None", "package=None", "perms=True", "queryOpts=None", "pattern=None"]
        ) { state, arguments, _ throws(XMLRPCFault) in
            var found = state.tags
            if !arguments["build"].isNil {
                let build = state.build(arguments["build"])
                found = found.filter { tag in build?.tags.contains { $0.tag == tag.id } ?? false }
            }
            let rows = found.map { tag in XMLRPCValue.object(tag.record.filter { $0.key != "extra" }) }
            return try QueryOptions(arguments["queryOpts"]).apply(to: rows)
        },
    ]
}

extension HubState {
    /// A build by id, name-version-release, or a struct of the three.
    func build(_ info: XMLRPCValue) -> HubBuild? {
        if let id = info.wholeNumber { return build(id: id) }
        if let nvr = info.textValue { return builds.last { $0.nvr == nvr } }
        guard let name = info["name"].textValue, let version = info["version"].textValue,
            let release = info["release"].textValue
        else { return nil }
        return builds(name: name, version: version).last { $0.release == release }
    }

    /// The build that the first parameter of the build calls names.
    ///
    /// - Throws: 1000 if there is none and `strict` is set.
    func known(
        _ arguments: CallArguments, _ name: String = "buildInfo", strict: Bool
    ) throws(XMLRPCFault) -> HubBuild? {
        let build = build(arguments[name])
        if build == nil, strict { throw .generic("No such build: \(Python.repr(arguments[name]))") }
        return build
    }

    /// The struct of `listTagged`: without timestamps, source and extra, with the tag.
    fileprivate func taggedRecord(of build: HubBuild, _ tag: HubTag, event: Int) -> XMLRPCValue {
        let left: Set<String> = ["source", "extra"]
        let record = record(of: build).filter { !$0.key.hasSuffix("_ts") && !left.contains($0.key) }
        return .object(
            record.merging([
                "id": .number(build.id), "tag_id": .number(tag.id), "tag_name": .string(tag.name),
                "create_event": .number(event),
            ]) { $1 })
    }
}
