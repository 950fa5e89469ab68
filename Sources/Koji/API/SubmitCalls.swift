/// Submitting image builds.
extension HubChange where Answer == TaskID {
    /// Submits a task.
    ///
    /// `imageBuilderBuild` is sent as Pungi sends it: target and arches by position, the rest by name; options that are
    /// nil are left out. Other methods are sent by position as they stand.
    ///
    /// - Parameter params: the positional parameters of the plan.
    package static func submit(_ method: String, _ params: [XMLRPCValue]) -> Self {
        guard method == KojiSession.imageBuilderBuild, params.count == 6 else {
            return HubChange(method, params) { answer throws(KojiFailure) in try answer.newTask() }
        }
        var keywords: [String: XMLRPCValue] = ["types": params[2], "name": params[3], "version": params[4]]
        if params[5] != .null { keywords["opts"] = params[5] }
        return HubChange(method, Array(params[..<2]), keywords) { answer throws(KojiFailure) in try answer.newTask() }
    }
}

extension KojiSession {
    /// Submits a task and gives its id: ``HubChange/submit(_:_:)``.
    ///
    /// - Throws: ``KojiFailure``: a fault 1004 or 1019 for a refusal, `alreadyDone` or `answerLost` when the task may exist.
    package func submit(_ method: String, _ params: [XMLRPCValue]) async throws(KojiFailure) -> TaskID {
        try await carryOut(.submit(method, params))
    }

    /// The method of the koji-image-builder plugin.
    package static var imageBuilderBuild: String { "imageBuilderBuild" }

    /// Which of these options of `imageBuilderBuild` the hub's plugin does not know; nil when that could not be learnt.
    ///
    /// One call that no version of the plugin can accept: a key that cannot exist and a wrong type. The first line of
    /// the fault names all keys that are not known. It leaves nothing on the hub. Needs the permission `image`.
    package func unknownBuildOptions(among keys: Set<String>) async throws(KojiFailure) -> Set<String>? {
        let sentinel = "x-probe"
        var options: [String: XMLRPCValue] = [sentinel: .int(0), "scratch": .string("x")]
        for key in keys.sorted() where key != "scratch" { options[key] = Self.probeValue(of: key) }
        do {
            _ = try await write(
                Self.imageBuilderBuild, [.string("probe"), .array([])],
                [
                    "types": .array([.string("probe")]), "name": .string("probe"), "version": .string("0"),
                    "opts": .object(options),
                ])
            return nil
        } catch {
            guard let fault = error.fault, fault.code == 1019 else {
                if error.fault == nil { throw error }
                return nil
            }
            let named = Self.quoted(in: fault.text.prefix { $0 != "\n" })
            return named.contains(sentinel) ? named.intersection(keys) : nil
        }
    }

    private static func probeValue(of key: String) -> XMLRPCValue {
        switch key {
        case "failable_arches", "repos": .array([])
        case "bootc", "ostree", "blueprint": .object([:])
        case "preview", "skip_tag": .bool(true)
        case "seed": .int(0)
        default: .string("0")
        }
    }

    /// The texts between single quotes of a message.
    private static func quoted(in text: Substring) -> Set<String> {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return Set(stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) })
    }
}
