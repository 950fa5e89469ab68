import Koji

extension HubCalls {
    /// Files of builds.
    static let archives: [HubCall] = [
        HubCall(
            "listArchives",
            [
                "buildID=None", "buildrootID=None", "componentBuildrootID=None", "hostID=None", "type=None",
                "filename=None", "size=None", "checksum=None", "checksum_type=None", "typeInfo=None",
                "queryOpts=None", "imageID=None", "archiveID=None", "strict=False",
            ]
        ) { state, arguments, _ throws(XMLRPCFault) in
            if let type = arguments["type"].textValue, type != "image" { return .array([]) }
            let builds =
                arguments["buildID"].isNil ? state.builds : state.build(arguments["buildID"]).map { [$0] } ?? []
            var found = builds.flatMap(\.archives)
            if let name = arguments["filename"].textValue { found = found.filter { $0.file.name == name } }
            var rows = found.map(\.record)
            // The arch belongs to what only images have: without the type it is left out.
            if arguments["type"].isNil {
                rows = rows.map { row in .object((row.members ?? [:]).filter { $0.key != "arch" }) }
            }
            return try QueryOptions(arguments["queryOpts"]).apply(to: rows)
        },
        HubCall("getBuildLogs", ["build"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let build = try state.known(arguments, "build", strict: true) else { return .array([]) }
            return .array(
                build.logs.map { log in
                    .object([
                        "name": .string(log.name), "dir": .string("image/\(log.arch)"),
                        "path": .string("\(build.directory)/data/logs/image/\(log.arch)/\(log.name)"),
                    ])
                })
        },
        HubCall("getBuildType", ["buildInfo", "strict=False"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let build = try state.known(arguments, strict: arguments.isTrue("strict")) else { return .null }
            return .object(["image": .object(["build_id": .number(build.id)])])
        },
        HubCall("getImageBuild", ["buildInfo", "strict=False"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let build = try state.known(arguments, strict: arguments.isTrue("strict")) else { return .null }
            return .object(["build_id": .number(build.id)])
        },
    ]
}
