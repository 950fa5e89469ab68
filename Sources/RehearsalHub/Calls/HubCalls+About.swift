import Koji

extension HubCalls {
    /// Calls about the hub itself.
    static let about: [HubCall] = [
        HubCall("getAPIVersion") { _, _, _ in .number(1) },
        HubCall("getKojiVersion") { state, _, _ in .string(state.settings.kojiVersion) },
        HubCall("echo", ["first=None", "second=None", "third=None"]) { _, arguments, _ in
            .array(["first", "second", "third"].map { arguments[$0] }.filter { !$0.isNil })
        },
        HubCall("hello", []) { _, _, _ in .string("Hello World (rehearsal: builds nothing)") },
        HubCall("error") { _, _, _ throws(XMLRPCFault) in throw .generic("test error") },
        HubCall("fault") { _, _, _ throws(XMLRPCFault) in
            throw .unforeseen("<class 'Exception'>: test exception")
        },
        // No real hub has it: by its name in the list a client knows that nothing is built here.
        HubCall(KojiSession.rehearsalMark) { _, _, _ in .bool(true) },
        HubCall("system.listMethods") { state, _, _ in .strings(state.methods.keys.sorted()) },
        HubCall("_listapi") { state, _, _ in
            .array(
                state.methods.values.sorted { $0.name < $1.name }.map { method in
                    .object([
                        "name": .string(method.name), "doc": .optional(method.help),
                        "argdesc": .string(String(method.declaration.dropFirst(method.name.count))),
                        "args": .strings(method.parameters.map(\.declaration)),
                    ])
                })
        },
        HubCall("system.methodHelp", ["method"]) { state, arguments, _ throws(XMLRPCFault) in
            guard let method = state.methods[try arguments.text("method")] else { return .null }
            return .string(method.declaration + (method.help.map { "\ndescription: \($0)" } ?? ""))
        },
        HubCall("system.methodSignature", ["method"]) { _, _, _ in .string("signatures not supported") },
        HubCall("getLastEvent", ["before=None", "strict=True"]) { state, _, _ in
            .object(["id": .number(state.events), "ts": .timestamp(state.clock)])
        },
    ]
}
