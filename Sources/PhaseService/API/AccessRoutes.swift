import HTTPTypes
import Hummingbird
import ProductMD

/// Who one is, and how a page remembers it.
extension Service {
    var accessRoutes: [Route] {
        [
            Route(.get, "/api/v1/whoami", role: .none, whoami),
            // No page key is asked for: whoever sends a token knows it, and a foreign page gains nothing by logging somebody in
            // whom it could not make do anything afterwards.
            Route(.post, "/api/v1/login", role: .none, isChange: false, login),
            Route(.post, "/api/v1/logout", role: .none, logout),
        ]
    }

    private func whoami(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Answer.document("whoami", Self.json(request.caller))
    }

    private static func json(_ caller: Caller) -> JSONValue {
        [
            "name": .string(caller.name), "role": .string(caller.role.rawValue), "via": .string(caller.via.rawValue),
            "csrf": caller.pageKey.map { .string($0) } ?? .null,
        ]
    }

    private func login(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        guard case .object(let members) = try request.json() else {
            throw Problem.invalid([.init("", "must be an object with a token")])
        }
        var reader = RequestReader(members: members)
        let token = reader.text("token")
        if token == nil, members["token"] == nil { reader.complain("token", "is missing") }
        try reader.finish()
        var credentials = Credentials()
        credentials.cookies = ["\(Credentials.cookie)=\(token ?? "")"]
        let caller = try await desk.caller(credentials, AccessSettings())
        guard caller.via == .session else {
            throw Problem(401, "Not let in", "the token is not known, was revoked or has expired")
        }
        return Answer.document("whoami", Self.json(caller), headers: [.setCookie: cookie(token ?? "", request)])
    }

    private func logout(_ request: APIRequest) async throws -> Response {
        _ = try request.parameters([])
        return Response(status: .noContent, headers: [.setCookie: cookie("", request) + "; Max-Age=0"])
    }

    /// The cookie is for our own pages only, and no script sees it. Behind a proxy with TLS it never goes without.
    private func cookie(_ value: String, _ request: APIRequest) -> String {
        let isSecure = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] } == "https"
        return "\(Credentials.cookie)=\(value); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
