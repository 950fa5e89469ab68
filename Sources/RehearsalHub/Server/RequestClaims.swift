import HTTPTypes
import Hummingbird

/// Who a request says it comes from.
struct RequestClaims: Sendable {
    /// The session: by headers, else by the query string.
    let session: SessionClaim?
    /// What the web server in front says; at the login's path only, and only with its secret.
    let front: FrontClaim?

    /// The path at which a web server in front asks for tickets and certificates.
    static let loginPath = "/kojihub/ssllogin"

    init(_ request: Request, settings: RehearsalSettings) {
        session = Self.session(request, settings.generation)
        front = Self.front(request, secret: settings.frontSecret)
    }

    private static func session(_ request: Request, _ generation: HubGeneration) -> SessionClaim? {
        if let id = request.header("Koji-Session-Id") {
            let callnum = generation.readsSessionCallnum ? request.header("Koji-Session-Callnum") : nil
            return SessionClaim(
                id: Int(id) ?? -1, key: request.header("Koji-Session-Key") ?? "",
                callnum: callnum ?? request.header("Koji-Callnum"))
        }
        let query = request.uri.queryParameters
        guard let id = query["session-id"] else { return nil }
        return SessionClaim(
            id: Int(id) ?? -1, key: query["session-key"].map(String.init) ?? "",
            callnum: query["callnum"].map(String.init))
    }

    private static func front(_ request: Request, secret: String?) -> FrontClaim? {
        guard let secret, request.uri.path == loginPath, request.header("Rehearsal-Front") == secret else { return nil }
        return FrontClaim(
            remoteUser: request.header("Rehearsal-Remote-User"),
            clientVerify: request.header("Rehearsal-Client-Verify"),
            clientName: request.header("Rehearsal-Client-Name"),
            clientSubject: request.header("Rehearsal-Client-Subject"))
    }
}

extension Request {
    /// The value of a header that has no name of its own in the library.
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
