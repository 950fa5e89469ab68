import HTTPTypes
import Hummingbird
import ProductMD

/// What would be built: looked at, and nothing begun.
extension Service {
    var commandRoutes: [Route] {
        [
            Route(.post, "/api/v1/plan", role: .operate, plan),
            Route(.post, "/api/v1/validate", role: .operate, validate),
            Route(.post, "/api/v1/preflight", role: .operate, preflight), Route(.get, "/api/v1/configs", listConfigs),
        ]
    }

    private func plan(_ request: APIRequest) async throws -> Response {
        let settings = await settings.value
        let wanted = try await wanted(request, settings)
        return try await document(
            ["plan", wanted.config, "--format=json"] + wanted.composeArguments(settings) + wanted.selectionArguments
                + wanted.hubArguments(settings), settings)
    }

    private func validate(_ request: APIRequest) async throws -> Response {
        let settings = await settings.value
        let wanted = try await wanted(request, settings)
        return try await document(["validate", wanted.config, "--format=json"], settings)
    }

    private func preflight(_ request: APIRequest) async throws -> Response {
        let settings = await settings.value
        let wanted = try await wanted(request, settings)
        return try await document(
            ["preflight", wanted.config, "--format=json"] + wanted.composeArguments(settings)
                + wanted.selectionArguments + wanted.hubArguments(settings), settings)
    }

    /// The same members as those of a run that is to be started.
    private func wanted(_ request: APIRequest, _ settings: ServiceSettings) async throws -> RunRequest {
        _ = try request.parameters([])
        return try RunRequest(try request.json(), settings)
    }

    /// What a verb printed. A verb that has no document to print says on its other stream why.
    private func document(_ arguments: [String], _ settings: ServiceSettings) async throws -> Response {
        let output = try await commands.run(arguments, settings)
        if let value = try? JSONReader.read(output.out, name: "output") { return Answer.json(value) }
        let lines = String(decoding: output.err, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(100)
        throw Problem(
            output.status == 4 ? 502 : 422,
            output.status == 4 ? "The hub cannot be used" : "The configuration cannot be used",
            RunWork.lastWords(of: output.err) ?? "the command ended with status \(output.status)",
            complaints: lines.map { .init("/config", APIRequest.shown(String($0), limit: 500)) })
    }

    private func listConfigs(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        let settings = await settings.value
        return Answer.document(
            "configs",
            [
                "configs": .array(
                    PathRoots(settings.configRoots).list(endings: [".conf", ".json"]).map { .string($0) }),
                "targets": .array(settings.targets.keys.sorted().map { .string($0) }),
                "profiles": .array(settings.profiles.map { .string($0) }),
            ])
    }
}
