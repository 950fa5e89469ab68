import Koji

extension HubCalls {
    /// What the koji-image-builder plugin adds.
    static let plugin: [HubCall] = [
        HubCall(
            "imageBuilderBuild", ["target", "arches", "types", "name", "version", "opts=None", "priority=None"],
            isPluginFunction: true, help: "Create an image via image-builder"
        ) { state, arguments, caller throws(XMLRPCFault) in
            try caller.require("image")
            let names = ["target", "arches", "types", "name", "version"]
            let opts: XMLRPCValue = arguments["opts"].isNil ? .object([:]) : arguments["opts"]
            let request = names.map { arguments[$0] } + [opts]
            if let error = PluginSchema(state.settings.plugin).firstError(in: .array(request)) {
                throw .parameter(error.text)
            }
            if let priority = try arguments.optionalNumber("priority"), priority < 0, !caller.has("admin") {
                throw .notAllowed("only admins may create high-priority tasks")
            }
            guard state.channel(named: imageChannel)?.isEnabled == true else {
                throw .generic("Channel \(imageChannel) is disabled.")
            }
            state.hasChanged = true
            // The plugin checks the priority and then drops it.
            return .number(
                state.makeTask(
                    method: HubMethods.build, request: request, owner: caller.user?.id ?? 0,
                    image: ImageBuild(request: request)
                ).number)
        }
    ]
}
