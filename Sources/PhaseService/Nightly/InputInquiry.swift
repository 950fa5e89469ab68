import ComposePhase
import ProductMD

/// Finds out what a night would be made from: by the verb `plan`, once for the tasks and once for their inputs.
struct InputInquiry: Sendable {
    let commands: CommandDesk

    /// Nil when it cannot be found out; a night is then begun.
    func fingerprint(of schedule: ScheduleSettings, _ service: ServiceSettings) async -> Fingerprint? {
        guard let config = PathRoots(service.configRoots).file(schedule.config) else { return nil }
        var request = RunRequest(config: config, target: schedule.target)
        request.type = schedule.type.rawValue
        request.label = schedule.label
        request.hasNoLabel = schedule.hasNoLabel
        request.only = schedule.only
        request.profile = schedule.profile
        let arguments =
            ["plan", config, "--format=json"] + request.composeArguments(service) + request.selectionArguments
            + request.hubArguments(service)
        guard let plan = await document(arguments, service),
            let found = await document(arguments + ["--inputs"], service)?["inputs"]?.array
        else { return nil }
        let inputs = found.compactMap { value in
            value["name"]?.string.map { Fingerprint.Input(name: $0, state: value["state"]?.string) }
        }
        return Fingerprint([Fingerprint.plan(plan)] + inputs)
    }

    private func document(_ arguments: [String], _ service: ServiceSettings) async -> JSONValue? {
        guard let output = try? await commands.run(arguments, service), output.status == 0 else { return nil }
        return (try? JSONReader.read(output.out, name: "plan"))?["payload"]
    }
}
