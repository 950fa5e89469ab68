import Koji

extension HubCalls {
    /// Several calls in one.
    static let many: [HubCall] = [
        HubCall("multiCall", ["calls"], multiCall),
        HubCall("system.multicall", ["calls"], multiCall),
    ]

    /// Each entry runs by itself: a value stands in an array of one, a fault is a struct. All of it counts as a change,
    /// even when it only reads.
    private static let multiCall: HubCall.Body = { state, arguments, caller throws(XMLRPCFault) in
        guard let calls = arguments["calls"].items else {
            throw CallArguments.wrongType(arguments["calls"], expected: "list")
        }
        var answers: [XMLRPCValue] = []
        answers.reserveCapacity(calls.count)
        for call in calls { answers.append(state.answer(entry: call, caller: caller)) }
        state.hasChanged = true
        return .array(answers)
    }
}

extension HubState {
    fileprivate mutating func answer(entry: XMLRPCValue, caller: HubCaller) -> XMLRPCValue {
        for name in ["methodName", "params"] where entry.members?[name] == nil {
            return Self.faultEntry(.unforeseen(name), lastLine: "KeyError: '\(name)'")
        }
        guard let method = entry["methodName"].textValue, let params = entry["params"].items else {
            return Self.faultEntry(.unforeseen("params"), lastLine: "TypeError: params")
        }
        var call = XMLRPCCall(method: method, args: [])
        call.params = params
        do throws(XMLRPCFault) {
            return .array([try dispatch(call, caller: caller)])
        } catch {
            // A task's own stored fault comes without a traceback: on the hub it is raised as it is.
            if method == "getTaskResult", Self.isStored(error, call, in: self) { return error.value }
            return Self.faultEntry(error, lastLine: "\(error.className): \(error.text)")
        }
    }

    private static func isStored(_ fault: XMLRPCFault, _ call: XMLRPCCall, in state: HubState) -> Bool {
        guard let id = call.params.first?.wholeNumber else { return false }
        return state.task(TaskID(id))?.result == .fault(fault)
    }

    private static func faultEntry(_ fault: XMLRPCFault, lastLine: String) -> XMLRPCValue {
        .object([
            "faultCode": .number(fault.code), "faultString": .string(fault.text),
            "traceback": .strings(["Traceback (most recent call last):\n", "  (rehearsal hub)\n", "\(lastLine)\n"]),
        ])
    }
}
