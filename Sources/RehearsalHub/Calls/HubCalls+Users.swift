import Koji

extension HubCalls {
    /// Users and permissions.
    static let users: [HubCall] = [
        HubCall("getLoggedInUser") { state, _, caller in
            guard let user = caller.user, let record = user.record.members else { return .null }
            let type = caller.session.flatMap { state.sessions[$0]?.type }
            let more: [String: XMLRPCValue] = [
                "authtype": .optional(type?.rawValue), "krb_principal": .optional(user.principals.first),
            ]
            return .object(record.merging(more) { $1 })
        },
        HubCall("getUser", ["userInfo=None", "strict=False", "krb_princs=True", "groups=False"]) {
            state, arguments, caller throws(XMLRPCFault) in
            let info = arguments["userInfo"]
            let user = info.isNil ? caller.user : state.user(info)
            if user == nil, arguments.isTrue("strict") { throw .generic("No such user: \(Python.repr(info))") }
            return user?.record ?? .null
        },
        HubCall("getUserPerms", ["userID=None", "with_groups=True"]) {
            state, arguments, caller throws(XMLRPCFault) in
            .strings(try state.namedUser(arguments["userID"], caller).permissions.sorted())
        },
        HubCall("getUserPermsInheritance", ["userID=None"]) { state, arguments, caller throws(XMLRPCFault) in
            let user = try state.namedUser(arguments["userID"], caller)
            return .object(Dictionary(uniqueKeysWithValues: user.permissions.map { ($0, .array([.null])) }))
        },
        HubCall("getUserGroups", ["user"]) { _, _, _ in .array([]) },
        HubCall("getPerms") { _, _, caller in .strings(caller.user?.permissions.sorted() ?? []) },
        HubCall("hasPerm", ["perm", "strict=False"]) { _, arguments, caller throws(XMLRPCFault) in
            .bool(caller.has(try arguments.text("perm")))
        },
        HubCall("getAllPerms") { _, _, _ in
            .array(
                ["admin", "image"].enumerated().map {
                    .object(["id": .number($0.offset + 1), "name": .string($0.element), "description": .null])
                })
        },
    ]
}

extension HubState {
    /// A user by id or name; nil if there is none.
    func user(_ info: XMLRPCValue) -> HubUser? {
        if let id = info.wholeNumber { return user(id: id) }
        return info.textValue.flatMap { user(named: $0) }
    }

    /// The user that a call names, or else the caller.
    fileprivate func namedUser(_ info: XMLRPCValue, _ caller: HubCaller) throws(XMLRPCFault) -> HubUser {
        if info.isNil {
            guard let user = caller.user else { throw .generic("No user provided") }
            return user
        }
        guard let user = user(info) else { throw .generic("No such user: \(Python.repr(info))") }
        return user
    }
}
