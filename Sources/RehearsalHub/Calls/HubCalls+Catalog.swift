import Koji

extension HubCalls {
    /// Targets, tags, repositories and package lists.
    static let catalog: [HubCall] = [
        HubCall("getBuildTarget", ["info", "event=None", "strict=False"]) {
            state, arguments, _ throws(XMLRPCFault) in
            let info = arguments["info"]
            guard let target = state.target(info) else {
                if arguments.isTrue("strict") { throw .generic("No such build target: \(Python.plain(info))") }
                return .null
            }
            return state.record(of: target)
        },
        HubCall("getBuildTargets", ["info=None", "event=None", "buildTagID=None", "destTagID=None", "queryOpts=None"]) {
            state, arguments, _ throws(XMLRPCFault) in
            let info = arguments["info"]
            var found = info.isNil ? state.targets : state.target(info).map { [$0] } ?? []
            if !arguments["buildTagID"].isNil {
                found = found.filter { $0.buildTag == state.tag(arguments["buildTagID"])?.id }
            }
            if !arguments["destTagID"].isNil {
                found = found.filter { $0.destTag == state.tag(arguments["destTagID"])?.id }
            }
            return try QueryOptions(arguments["queryOpts"]).apply(to: found.map { state.record(of: $0) })
        },
        HubCall("getBuildConfig", ["tag", "event=None"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let tag = state.tag(arguments["tag"]) else {
                throw .generic("No such tagInfo: \(Python.repr(arguments["tag"]))")
            }
            return tag.configRecord
        },
        HubCall("getTag", ["tagInfo", "strict=False", "event=None", "blocked=False"]) {
            state, arguments, _ throws(XMLRPCFault) in
            guard let tag = state.tag(arguments["tagInfo"]) else {
                if arguments.isTrue("strict") {
                    throw .generic("No such tagInfo: \(Python.repr(arguments["tagInfo"]))")
                }
                return .null
            }
            return .object(tag.record)
        },
        HubCall("getRepo", ["tag", "state=None", "event=None", "dist=False", "min_event=None"]) { state, arguments, _ in
            guard let tag = state.tag(arguments["tag"]), let repo = state.repo(tag: tag.id), !arguments.isTrue("dist")
            else { return .null }
            return state.newestRecord(of: repo)
        },
        HubCall("repoInfo", ["repo_id", "strict=False"]) { state, arguments, _ throws(XMLRPCFault) in
            let id = try arguments.number("repo_id")
            guard let repo = state.repos.first(where: { $0.id == id }) else {
                if arguments.isTrue("strict") { throw .generic("query returned no rows") }
                return .null
            }
            return state.record(of: repo)
        },
        HubCall(
            "getTagGroups",
            ["tag", "event=None", "inherit=True", "incl_pkgs=True", "incl_reqs=True", "incl_blocked=False"]
        ) { state, arguments, _ throws(XMLRPCFault) in
            guard let tag = state.tag(arguments["tag"]) else {
                throw .generic("No such entry in table tag: \(Python.plain(arguments["tag"]))")
            }
            return tag.hasBuildGroup ? .array([.object(state.buildGroup(of: tag, arguments))]) : .array([])
        },
        HubCall("getPackageConfig", ["tag", "pkg", "event=None"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let tag = state.tag(arguments["tag"]) else { return .null }
            let name = try arguments.text("pkg")
            guard tag.packages?.contains(name) ?? !tag.hasBuildGroup || tag.blocked.contains(name) else {
                return .null
            }
            return state.packageRecord(name, in: tag)
        },
        HubCall(
            "listPackages",
            [
                "tagID=None", "userID=None", "pkgID=None", "prefix=None", "inherited=False", "with_dups=False",
                "event=None", "queryOpts=None", "with_owners=True", "with_blocked=True",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            let tags = arguments["tagID"].isNil ? state.tags : state.tag(arguments["tagID"]).map { [$0] } ?? []
            let wanted = arguments["pkgID"].textValue
            let seen = state.packages.keys
            var rows: [XMLRPCValue] = []
            for tag in tags where !tag.hasBuildGroup {
                let listed = (tag.packages ?? Set(seen)).union(tag.blocked)
                for name in listed.sorted() where wanted == nil || wanted == name {
                    rows.append(state.packageRecord(name, in: tag))
                }
            }
            return try QueryOptions(arguments["queryOpts"]).apply(to: rows)
        },
    ]
}

extension HubState {
    /// A target by id or name; one that the settings let us invent comes into being here.
    mutating func target(_ info: XMLRPCValue) -> HubTarget? {
        if let id = info.wholeNumber { return targets.first { $0.id == id } }
        guard let name = info.textValue else { return nil }
        return target(named: name) ?? inventTarget(named: name)
    }

    /// A tag by id or name.
    func tag(_ info: XMLRPCValue) -> HubTag? {
        if let id = info.wholeNumber { return tag(id: id) }
        return info.textValue.flatMap { tag(named: $0) }
    }

    /// The struct of `getPackageConfig`.
    mutating func packageRecord(_ name: String, in tag: HubTag) -> XMLRPCValue {
        .object([
            "package_id": .number(packageID(name)), "package_name": .string(name), "tag_id": .number(tag.id),
            "tag_name": .string(tag.name), "owner_id": .number(2), "owner_name": .optional(user(id: 2)?.name),
            "blocked": .bool(tag.blocked.contains(name)), "extra_arches": .null,
        ])
    }

    /// The group that every image-builder build tag has.
    fileprivate func buildGroup(of tag: HubTag, _ arguments: CallArguments) -> [String: XMLRPCValue] {
        var group: [String: XMLRPCValue] = [
            "name": .string("image-builder-build"), "display_name": .string("image-builder-build"),
            "description": .null, "group_id": .number(1), "tag_id": .number(tag.id), "exported": .bool(true),
            "uservisible": .bool(true), "blocked": .bool(false), "biarchonly": .bool(false), "is_default": .null,
            "langonly": .null,
        ]
        if arguments.isTrue("incl_pkgs") {
            group["packagelist"] = .array([
                .object([
                    "package": .string("image-builder"), "type": .string("mandatory"), "basearchonly": .null,
                    "requires": .null, "blocked": .bool(false), "group_id": .number(1), "tag_id": .number(tag.id),
                ])
            ])
        }
        if arguments.isTrue("incl_reqs") { group["grouplist"] = .array([]) }
        return group
    }
}

extension Python {
    /// Python's `str` of a value: texts stand without quotes.
    static func plain(_ value: XMLRPCValue) -> String { value.textValue ?? repr(value) }
}
