import ComposePhase
import HTTPTypes
import Hummingbird
import LibYAML
import PhaseStore
package import ProductMD

/// What programs that watch the service ask, and its own description.
extension Service {
    var serviceRoutes: [Route] {
        [
            Route(.get, "/api/v1/openapi.json", role: .none, openAPI), Route(.get, "/healthz", role: .none, health),
            Route(.get, "/readyz", role: .none, readiness), Route(.get, "/metrics", role: .read, metrics),
        ]
    }

    private func openAPI(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.json(try Self.openAPIDocument())
    }

    /// The description of the API, written in YAML.
    package static func openAPIDocument() throws -> JSONValue {
        let value = try YAMLReader.read(PackageResources.openapi_yaml, name: "openapi.yaml")
            .resolved(in: "openapi.yaml")
        return JSONValue(value)
    }

    /// The process answers.
    private func health(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.text(Array("ok\n".utf8))
    }

    /// The process can do its work: its database can be written.
    private func readiness(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        do {
            try await store.check()
        } catch {
            throw Problem(503, "Not ready", error.description)
        }
        return Answer.text(Array("ready\n".utf8))
    }

    private func metrics(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.bytes(
            Array(try await ServiceMetrics.text(of: self).utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// All that can be asked for.
    var routes: RouteTable {
        RouteTable(
            routes: runRoutes + streamRoutes + scheduleRoutes + commandRoutes + historyRoutes + accessRoutes
                + serviceRoutes
                + pageRoutes)
    }
}
