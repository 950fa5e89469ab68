package import Koji

/// From a call to its answer.
extension HubState {
    /// Answers one call, as the hub does: session first, then the method; what changed is remembered with its number.
    ///
    /// The caller has advanced the state to now (``advance(to:)``).
    package mutating func answer(
        _ call: XMLRPCCall, claim: SessionClaim?, front: FrontClaim? = nil
    ) -> XMLRPCResponse {
        var name = "anonymous"
        let response: XMLRPCResponse
        do throws(XMLRPCFault) {
            if offlineCallsLeft > 0 {
                offlineCallsLeft -= 1
                throw .offline("rehearsal: the hub is offline")
            }
            if let offlineUntil, clock < offlineUntil { throw .offline("rehearsal: the hub is offline") }
            let caller = try identify(claim, front: front, method: call.method)
            name = caller.user?.name ?? name
            hasChanged = false
            let value = try dispatch(call, caller: caller)
            if hasChanged { commit(caller) }
            response = .value(value)
        } catch {
            response = .fault(error)
        }
        log(call, by: name, response)
        return response
    }

    /// Runs one method.
    ///
    /// - Throws: 1000 for an unknown one, 1019 for wrong parameters, else what the method throws.
    mutating func dispatch(_ call: XMLRPCCall, caller: HubCaller) throws(XMLRPCFault) -> XMLRPCValue {
        guard let method = methods[call.method] else { throw .generic("Invalid method: \(call.method)") }
        statistics.calls[call.method, default: 0] += 1
        return try method.body(&self, method.bind(call), caller)
    }

    private mutating func log(_ call: XMLRPCCall, by name: String, _ response: XMLRPCResponse) {
        let entries = call.method.lowercased().hasSuffix("multicall") ? call.params.first?.items?.count : nil
        let size = entries.map { " of \($0)" } ?? ""
        let outcome =
            switch response {
            case .value: "ok"
            case .fault(let fault): "fault \(fault.code) \(fault.text.split(separator: "\n").first ?? "")"
            }
        perform(.log("\(clock.text) call \(call.method)\(size) by \(name): \(outcome)"))
    }
}

/// All methods by name, for each generation of the hub.
enum CallTable {
    static let methods: [HubGeneration: [String: HubCall]] = {
        let groups = [
            HubCalls.about, HubCalls.sessions, HubCalls.users, HubCalls.catalog, HubCalls.builders, HubCalls.tasks,
            HubCalls.taskLists, HubCalls.taskChanges, HubCalls.outputs, HubCalls.builds, HubCalls.archives,
            HubCalls.plugin, HubCalls.many,
        ]
        let all = Dictionary(groups.joined().map { ($0.name, $0) }) { first, _ in first }
        let tables = HubGeneration.allCases.map { generation in
            (generation, all.filter { generation.has(method: $0.key) })
        }
        return Dictionary(uniqueKeysWithValues: tables)
    }()
}

/// The groups of methods; each stands in a file of its own.
enum HubCalls {}
